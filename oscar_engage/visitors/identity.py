"""Is it still the same person at this browser? Keys change at login and logout; devices of one customer become one unit.

At a login the visitor gets a new key. The browser still holds the old one, which now opens nothing; it is handed the new one by
an answer of ours to a request that carries the customer's own session. So a key that somebody planted in another's browser is
worth nothing from the login on, and one that was left in a shared computer is worth nothing after the logout.
"""

import uuid
from collections.abc import Callable

from django.db.models import CharField
from django.utils.crypto import salted_hmac

from oscar_engage.core.ids import new_key
from oscar_engage.statements.prepared import Given
from oscar_engage.statements.whole import PreparedModels
from oscar_engage.visitors.models import Visitor

_SALT = "oscar_engage.handover"

Join = Callable[[uuid.UUID, uuid.UUID], None]
_on_join: list[Join] = []


class UnknownKeyError(LookupError):
    """No visitor has this key: it was changed at a login or logout, or the visitor was erased."""


def change_key(visitor: Visitor, *, customer_id: int | None) -> None:
    """Give the visitor another key; ``customer_id`` is who may be handed it, ``None`` (a logout): nobody.

    Runs inside the caller's transaction.
    """
    handover = "" if customer_id is None else _handover(visitor.key, customer_id)
    visitor.key, visitor.handover = new_key(), handover
    Visitor.objects.filter(pk=visitor.pk).update(key=visitor.key, handover=handover)


def find_by_key(key: str) -> Visitor | None:
    """Return the visitor with this key, if there is one."""
    return next(iter(_OF_KEY.all(key=key)), None)


def find_handed_over(old_key: str, *, customer_id: int | None) -> Visitor | None:
    """Return the visitor whose key was ``old_key`` until this customer logged in; ``None`` for everybody else."""
    if customer_id is None:
        return None
    return Visitor.objects.filter(handover=_handover(old_key, customer_id)).first()


def _handover(key: str, customer_id: int) -> str:
    return salted_hmac(_SALT, f"{key}:{customer_id}", algorithm="sha256").hexdigest()


def link_customer(visitor: Visitor, customer_id: int) -> None:
    """Keep that this customer uses the browser, and join it with the others the customer was known by.

    The oldest of them keeps its arms, and so the customer's: who logs in cannot choose another. Runs inside the caller's
    transaction.
    """
    own = visitor.unit_id
    known = Visitor.objects.filter(customer_id=customer_id).exclude(pk=visitor.pk).order_by("created_at", "pk").first()
    visitor.customer_id = customer_id
    Visitor.objects.filter(pk=visitor.pk).update(customer_id=customer_id)
    if known is None or known.unit_id == own:
        return
    older, younger = (known.unit_id, own) if known.created_at <= visitor.created_at else (own, known.unit_id)
    _join(younger, older)
    visitor.unit_of = None if older == visitor.pk else older


def on_join(join: Join) -> None:
    """Have ``join(younger, older)`` called when a unit becomes part of an older one; packages above keep rows by unit."""
    if join not in _on_join:
        _on_join.append(join)


def _join(younger: uuid.UUID, older: uuid.UUID) -> None:
    Visitor.objects.filter(unit_of=younger).update(unit_of=older)
    Visitor.objects.filter(pk=younger).update(unit_of=older)
    Visitor.objects.filter(pk=older).update(unit_of=None)
    for join in _on_join:
        join(younger, older)


_OF_KEY = PreparedModels(lambda: Visitor.objects.filter(key=Given("key", CharField())))
