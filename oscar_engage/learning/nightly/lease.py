"""Who is learning just now? One process at most, by a lease in the database; one that was killed frees it by time alone.

The lease is a row of ``FillState``: ``position`` is the second (since the epoch) until which somebody holds it, ``filled_at``
when a night last came to a good end, or, before the first, when it was tried first.
Taking it is one conditional UPDATE, so that of ten processes one wins on any database.
"""

from datetime import UTC, datetime, timedelta

from oscar_engage.jobs.models import FillState

FILL = "learning"
"""The name of the row."""


def take_lease(*, now: datetime, seconds: int) -> int | None:
    """Take the lease for ``seconds`` from ``now`` on; return the number by which it is given back, ``None``: it is taken."""
    FillState.objects.bulk_create([FillState(name=FILL, position=0, filled_at=now)], ignore_conflicts=True)
    until = int((now + timedelta(seconds=seconds)).timestamp())
    mine = FillState.objects.filter(name=FILL, position__lte=int(now.timestamp())).update(position=until)
    return until if mine else None


def give_back(lease: int, *, now: datetime, is_done: bool) -> bool:
    """Let the next one learn, unless the lease ran out and is somebody else's by now; return whether it was still ours.

    ``is_done``: the night is over, and nothing failed.
    """
    changes: dict[str, object] = {"position": 0}
    if is_done:
        changes["filled_at"] = now
    return bool(FillState.objects.filter(name=FILL, position=lease).update(**changes))


def learning_until() -> tuple[datetime | None, datetime | None]:
    """Return until when the lease is held (``None``: by nobody), and since when the next night is waited for."""
    row = FillState.objects.filter(name=FILL).values_list("position", "filled_at").first()
    if row is None:
        return None, None
    position, filled_at = row
    return datetime.fromtimestamp(position, tz=UTC) if position else None, filled_at
