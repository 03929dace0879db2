"""Does the outside desk answer? What the last requests found, so that workers do not wait for one that is away."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import F

from oscar_engage.outside.models import OutsideState
from oscar_engage.outside.port import GoneError, OutsideDesk, OutsideError

PATIENCE = 3
"""Requests in a row that may fail before the desk rests: a worker waits up to five seconds for each."""

REST = timedelta(minutes=2)
"""How long nobody tries then."""

T = TypeVar("T")


def read_state(desk: OutsideDesk, *, now: datetime) -> OutsideState:
    """Return the row of ``desk``, a new one if there is none yet."""
    found, _is_new = OutsideState.objects.get_or_create(desk=desk.name, defaults={"since": now})
    return found


@contextmanager
def watched(desk: OutsideDesk, *, now: datetime) -> Iterator[None]:
    """Note whether what is asked of ``desk`` within the block is answered; one that rests raises :class:`OutsideError`.

    That something is gone there is an answer, too.
    """
    state = read_state(desk, now=now)
    if state.rests_until is not None and now < state.rests_until:
        raise OutsideError("the outside desk rests")
    try:
        yield
    except GoneError:
        note_answer(desk, now=now)
        raise
    except OutsideError as error:
        _note_failure(desk, str(error), now=now)
        raise
    else:
        note_answer(desk, now=now)


def note_answer(desk: OutsideDesk, *, now: datetime) -> None:
    """Note that it answered; if it had failed before, that it does again."""
    own = OutsideState.objects.filter(desk=desk.name)
    own.filter(failures__gt=0).update(recovered_at=now)
    own.update(answered_at=now, failures=0, failing_since=None, rests_until=None, trouble="")


def note_heard(desk: OutsideDesk, *, now: datetime) -> None:
    """Note that it told us something; at most one write a minute."""
    read_state(desk, now=now)
    own = OutsideState.objects.filter(desk=desk.name)
    own.exclude(heard_at__gt=now - timedelta(minutes=1)).update(heard_at=now)


def note_refused(desk: OutsideDesk, *, now: datetime) -> None:
    """Note that a request came that was not from there; at most one write a second."""
    own = OutsideState.objects.filter(desk=desk.name)
    own.exclude(refused_at__gt=now - timedelta(seconds=1)).update(refused_at=now, refused=F("refused") + 1)


def try_once(desk: OutsideDesk, request: Callable[[], T], *, now: datetime) -> T:
    """Do ``request`` even if the desk rests, and note what came of it: what a person, or the sweep, tries."""
    OutsideState.objects.filter(desk=desk.name).update(rests_until=None)
    with watched(desk, now=now):
        return request()


def _note_failure(desk: OutsideDesk, trouble: str, *, now: datetime) -> None:
    own = OutsideState.objects.filter(desk=desk.name)
    own.update(failures=F("failures") + 1, trouble=trouble[:80])
    own.filter(failing_since__isnull=True).update(failing_since=now)
    own.filter(failures__gte=PATIENCE).update(rests_until=now + REST)
