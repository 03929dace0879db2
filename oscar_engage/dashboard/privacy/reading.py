"""What does the privacy officer see of a person, and of an erasure that goes on?"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oscar_engage.desk.models import Conversation
from oscar_engage.personal.person import from_json
from oscar_engage.personal.registry import PERSONAL, Ending, PersonalData
from oscar_engage.privacy.find import ADDRESS, CUSTOMER, Handle, get_person
from oscar_engage.privacy.holdings import Holding, read_holdings
from oscar_engage.privacy.models import Erasure, Origin

MOST_ERASURES = 20
"""Erasures shown at once, the newest first."""

_ENDINGS: dict[Ending, str | Promise] = {
    Ending.DELETED: gettext_lazy("is deleted"),
    Ending.ANONYMISED: gettext_lazy("stays without a name"),
    Ending.KEPT: gettext_lazy("is kept"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of data: how much there is, what erasure does with it, and why something stays."""

    label: str | Promise
    rows: int
    ending: str | Promise
    why: str | Promise


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody whom a search may have meant."""

    handle: Handle
    name: str
    rows: int


def read_lines(handle: Handle) -> tuple[Line, ...]:
    """Return what is kept about the person behind ``handle``."""
    return tuple(_line(holding.data, holding.rows) for holding in read_holdings(get_person(handle)))


def read_found(handles: Iterable[Handle]) -> tuple[Found, ...]:
    """Return those of whom anything is kept."""
    found = (Found(handle, name_of(handle), _count(read_holdings(get_person(handle)))) for handle in handles)
    return tuple(one for one in found if one.rows)


def name_of(handle: Handle) -> str:
    """Return what to call the person behind ``handle``."""
    if handle.kind == CUSTOMER:
        user = get_user_model()._default_manager.filter(pk=handle.value).first()
        email = getattr(user, get_user_model().get_email_field_name(), "") or _("no account any more")
        return _("Customer %(number)s (%(email)s)") % {"number": handle.value, "email": email}
    if handle.kind == ADDRESS:
        email = Conversation.objects.filter(reference=handle.value).values_list("email", flat=True).first() or handle.value
        return _("Whatever was asked under the address %(email)s") % {"email": email}
    return _("Browser %(id)s") % {"id": handle.value[:8]}


def read_erased(erasure: Erasure) -> tuple[Line, ...]:
    """Return what is gone by now."""
    return tuple(_line(PERSONAL.get(name), rows) for name, rows in erasure.erased.items() if name in PERSONAL)


def count_left(erasure: Erasure) -> int:
    """Return how many rows are still to be erased."""
    return _count(holding for holding in read_holdings(from_json(erasure.person)) if holding.data.erase is not None)


def read_erasures() -> tuple[Erasure, ...]:
    """Return the erasures that somebody asked for, the newest first."""
    return tuple(Erasure.objects.filter(origin=Origin.REQUEST).order_by("-begun_at")[:MOST_ERASURES])


def _line(data: PersonalData, rows: int) -> Line:
    return Line(data.label, rows, _ENDINGS[data.ending], data.why)


def _count(holdings: Iterable[Holding]) -> int:
    return sum(holding.rows for holding in holdings)
