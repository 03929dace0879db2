"""What got in this shopper's way? The struggles of a visit in short phrases, those that matter most first."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oscar_engage.visitors.state import VisitState

Counted = tuple[Callable[[VisitState], int], Callable[[int], str]]


def say_struggles(state: VisitState) -> list[str]:
    """Return a phrase for each kind of struggle that there was; empty when all went well."""
    said = [say(number) % {"count": number} for count, say in _COUNTED if (number := count(state))]
    if fields := state.struggles.hesitated_fields:
        said.append(_("held up by: %(fields)s") % {"fields": ", ".join(fields)})
    if fields := tuple(state.refused_fields):
        said.append(_("refused fields: %(fields)s") % {"fields": ", ".join(fields)})
    return said


_COUNTED: tuple[Counted, ...] = (
    (lambda state: state.payment_failures, lambda n: ngettext("%(count)s failed payment", "%(count)s failed payments", n)),
    (lambda state: state.payments_lost, lambda n: ngettext("lost at the bank once", "lost at the bank %(count)s times", n)),
    (lambda state: state.form_errors, lambda n: ngettext("%(count)s refused form", "%(count)s refused forms", n)),
    (lambda state: state.checkout_refusals, lambda n: ngettext("sent back in the checkout", "sent back %(count)s times", n)),
    (lambda state: state.voucher_refusals, lambda n: ngettext("%(count)s refused voucher", "%(count)s refused vouchers", n)),
    (lambda state: state.login_failures, lambda n: ngettext("%(count)s failed login", "%(count)s failed logins", n)),
    (
        lambda state: state.zero_result_searches,
        lambda n: ngettext("%(count)s search without a result", "%(count)s searches without a result", n),
    ),
    (
        lambda state: state.struggles.rage_clicks,
        lambda n: ngettext("clicked in anger once", "clicked in anger %(count)s times", n),
    ),
    (
        lambda state: state.struggles.dead_clicks,
        lambda n: ngettext("%(count)s click without effect", "%(count)s clicks without effect", n),
    ),
    (lambda state: state.struggles.script_errors, lambda n: ngettext("%(count)s script error", "%(count)s script errors", n)),
)
