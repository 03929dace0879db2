"""What does a message say of a voucher? Its code and how long it holds. One that works once is for one conversation."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Case, IntegerField, Q, Value, When
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from oscar.core.loading import get_model

from oscar_engage.core.sentences import before_full_stop
from oscar_engage.desk.carry.cards import CARDS, MOST_FOUND, CardRefusedError, Choice, Sight
from oscar_engage.desk.carry.given import given_keys, is_given_elsewhere
from oscar_engage.desk.carry.load import Shown
from oscar_engage.desk.models import Conversation

KIND = "voucher"
_DIGITS = 18


class VoucherCard:
    """A voucher of the shop's that holds now.

    Oscar binds no voucher to a customer. The nearest to it is one for single use that nobody was sent yet: those are found
    first, and are sent in one conversation only. One for each customer needs the shopper to have an account.
    """

    label = pgettext_lazy("kind of card", "Voucher")  # Oscar has an English "translation" of the word alone

    def find(self, text: str, sight: Sight) -> Sequence[Choice]:
        """Return vouchers by words of their name or by code, those for single use first; without a text, those."""
        text, model = text.strip()[:80], get_model("voucher", "Voucher")
        rows = _holding().filter(Q(name__icontains=text) | Q(code__icontains=text)) if text else _holding()
        if not text:
            rows = rows.filter(usage=model.SINGLE_USE)
        given = given_keys(KIND)
        rows = rows.exclude(Q(usage=model.SINGLE_USE) & (Q(applications__isnull=False) | Q(pk__in=_ids(given))))
        if sight.customer_id is None:
            rows = rows.exclude(usage=model.ONCE_PER_CUSTOMER)
        first = Case(When(usage=model.SINGLE_USE, then=Value(0)), default=Value(1), output_field=IntegerField())
        return [Choice(str(one.pk), _words(one)) for one in rows.order_by(first, "name", "pk").distinct()[:MOST_FOUND]]

    def check(self, key: str, conversation: Conversation, sight: Sight) -> None:
        """Refuse what does not hold now, is not for this shopper, or was given to somebody else."""
        rows = _holding().filter(pk__in=_ids([key]))
        if transaction.get_connection(rows.db).in_atomic_block:
            rows = rows.select_for_update()  # two agents who give away the same one at once
        voucher = rows.first()
        if voucher is None:
            raise CardRefusedError(_("This voucher does not hold now."))
        is_available, why = _availability(voucher, sight)
        if not is_available:
            raise CardRefusedError(why)
        if voucher.usage == voucher.SINGLE_USE and is_given_elsewhere(KIND, key, conversation):
            raise CardRefusedError(_("This voucher can be used once, and another shopper was sent it. Choose another one."))

    def show(self, keys: Collection[str], sight: Sight) -> Mapping[str, Shown]:
        """Return name, code and end; one that cannot be used any more is shown without its code."""
        vouchers = get_model("voucher", "Voucher").objects.filter(pk__in=_ids(keys))
        return {str(voucher.pk): _show(voucher, sight) for voucher in vouchers}


def _holding() -> Any:
    now = timezone.now()
    return get_model("voucher", "Voucher").objects.filter(start_datetime__lte=now, end_datetime__gte=now)


def _ids(keys: Collection[str]) -> list[int]:
    return [int(key) for key in keys if key.isascii() and key.isdecimal() and len(key) <= _DIGITS]


def _availability(voucher: Any, sight: Sight) -> tuple[bool, str]:
    """Return Oscar's own answer for this shopper, and why not."""
    customer = get_user_model().objects.filter(pk=sight.customer_id).first() if sight.customer_id else None
    if customer is None and voucher.usage == voucher.ONCE_PER_CUSTOMER:
        return False, _("This voucher is for customers with an account; we do not know one of this shopper.")
    is_available, why = voucher.is_available_to_user(user=customer)
    return bool(is_available), str(why)


def _words(voucher: Any) -> str:
    return f"{voucher.name} · {voucher.code} ({voucher.get_usage_display()})"


def _show(voucher: Any, sight: Sight) -> Shown:
    is_available, _why = _availability(voucher, sight) if voucher.is_active() else (False, "")
    if not is_available:
        return Shown(title=voucher.name, lines=(_("This voucher cannot be used any more."),), is_gone=True)
    until = date_format(timezone.localtime(voucher.end_datetime), "SHORT_DATETIME_FORMAT")
    lines = (_("Holds until %(until)s.") % {"until": before_full_stop(until)}, _("Enter the code in your basket."))
    return Shown(title=voucher.name, code=voucher.code, lines=lines, path=_basket_path())


def _basket_path() -> str:
    try:
        return reverse("basket:summary")
    except NoReverseMatch:
        return ""


CARDS.register(KIND, VoucherCard())
