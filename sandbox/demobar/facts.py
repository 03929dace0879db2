"""What the engine knows of this browser, in few words, read from its own tables."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from oscar_engage.conf import get_settings
from oscar_engage.decisions.arms import is_in_shop_holdout
from oscar_engage.decisions.gates import may_consent
from oscar_engage.decisions.models import Arm, Assignment, Decision
from oscar_engage.rules.live import live_set
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.variables import reading, reading_later
from oscar_engage.storefront.identity import recognise
from oscar_engage.visitors.consent import ConsentLevel, get_consent
from oscar_engage.visitors.models import Visit, Visitor
from oscar_engage.visitors.page import PageFacts
from oscar_engage.visitors.state import VisitState, from_json

Fact = tuple[str, object]


def describe_visitor(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """Consent, whether there is a visitor cookie, the arm, a few facts and the next wake-up."""
    consent = get_consent(request)
    visitor = recognise(request)
    visit = _current_visit(visitor, now) if visitor else None
    state = from_json(visit.state) if visit and visit.state else None
    settings = get_settings()
    is_held_out = visitor is not None and is_in_shop_holdout(visitor.unit_id, salt=settings.salt, share=settings.shop_holdout)
    return {
        "consent": consent.name,
        "has_visitor": visitor is not None,
        "side": (Arm.CONTROL if is_held_out else Arm.TREATED) if visitor else None,
        "arm": (_("shop hold-out") if is_held_out else _("treated")) if visitor else None,
        "facts": [*_facts(state, now), *_rules(visit)] if visit and state else [],
        "visit_id": visit.pk if visit else None,
        "wakes": _wakes(state, consent, now) if state else None,
    }


def _current_visit(visitor: Visitor, now: datetime) -> Visit | None:
    since = now - timedelta(minutes=get_settings().visit_minutes)
    return Visit.objects.filter(visitor=visitor, last_at__gte=since).order_by("-last_at").first()


def _facts(state: VisitState, now: datetime) -> Iterator[Fact]:
    yield _("Stage"), state.stage
    yield _("Page"), f"{state.page_kind or '-'} {_ago(state.page_since, now)}"
    yield pgettext("demo bar", "Basket"), f"{state.basket.total:.2f} {state.basket.currency}"
    counts = {
        _("Payment failures"): state.payment_failures,
        _("Form errors"): state.form_errors,
        _("Voucher refusals"): state.voucher_refusals,
        _("Empty searches"): state.zero_result_searches,
        _("Exit intents"): state.exit_intents,
        _("Prices changed"): len(state.basket_check.prices),
        _("Not available"): len(state.basket_check.shortages),
        _("Help articles"): state.help.articles,
        _("Asked at once"): int(state.help.is_bypassed),
    }
    yield from ((name, count) for name, count in counts.items() if count)


def _ago(since: datetime | None, now: datetime) -> str:
    return f"{(now - since).total_seconds():.0f} s" if since else ""


def _rules(visit: Visit) -> Iterator[Fact]:
    """The rules this visitor is held out of, and the latest decision of the visit."""
    held_out = Assignment.objects.filter(visitor_id=visit.visitor.unit_id, arm=Arm.CONTROL)
    for name in held_out.values_list("rule__name", flat=True):
        yield _("Held out of"), name
    latest = Decision.objects.filter(visit=visit).select_related("version__rule").order_by("-eligible_at").first()
    if latest:
        yield _("Latest"), f"{latest.version.rule.name}: {latest.get_reason_display()}"


def _wakes(state: VisitState, consent: ConsentLevel, now: datetime) -> str | None:
    """When the clock alone will turn a rule on, if the shopper does nothing.

    The browser counts idle seconds itself; from outside, the last signal is the nearest thing to that.
    """
    quiet = (now - state.last_at).total_seconds()
    moment = Moment(
        state=state,
        page=PageFacts(kind=state.page_kind or "other", step=state.checkout_step),
        now=now,
        idle_seconds=quiet,
        visible_seconds=(now - (state.page_since or state.last_at)).total_seconds(),
        consent=consent,
        visits=None,
        is_customer=state.is_logged_in,
        free_agents=lambda **_asked: 0,
    )
    read = reading(moment)
    live = live_set(now)
    if live is None:
        return None
    seconds = live.every.next_wake(
        live.every.matches(read, now=now),
        read_at=reading_later(moment, read),
        may_act=lambda rule: may_consent(consent, is_service=rule.is_service),
        now=now,
    )
    return None if seconds is None else _("in %(seconds)d s") % {"seconds": round(seconds)}
