"""The predictive dialer as the simulation asks it: it learns from this day, as the shop's does from its rows."""

from benchmarks.dialer_day import LATE, Desk
from oscar_engage.desk.dialer.budget import Kept, Pool, Target, may_invite
from oscar_engage.desk.dialer.forecast import Rates, estimate

LATEST = 200
"""Observations that count: as many as the shop's dialer reads."""

FRESH = 60.0
"""Seconds for which the rates are kept, as the shop keeps them."""

PATIENCE = 3.0
"""Seconds after a no, before it is asked again; the shop asks each time, a simulation of a big desk would take hours."""


class Predictive:
    """A policy with what it has measured so far."""

    def __init__(self, share: float) -> None:
        self._target = Target(share=share, wait=LATE)
        self._rates, self._read_at, self._no_at = Rates(), float("-inf"), float("-inf")

    def __call__(self, desk: Desk) -> bool:
        """Whether one more invitation may be offered now."""
        if desk.now - self._no_at < PATIENCE:
            return False
        if desk.now - self._read_at >= FRESH:
            self._rates, self._read_at = self._measured(desk), desk.now
        pool = Pool(
            free=desk.free,
            chats=[desk.now - began for began in desk.chats.values()],
            invited=[desk.now - offered for offered in desk.invited.values()],
            coming=len(desk.typing) + len(desk.waiting),
        )
        lately = desk.seated[-LATEST:]
        kept = Kept(seated=len(lately), late=sum(lately))
        is_yes = may_invite(pool, self._rates, self._target, kept)
        if not is_yes:
            self._no_at = desk.now
        return is_yes

    def _measured(self, desk: Desk) -> Rates:
        latest = desk.answers[-LATEST:]
        yes = sum(latest)
        return estimate(
            answers=len(latest),
            accepted=desk.accepted[-yes:] if yes else [],
            leads=desk.leads[-LATEST:],
            talks=desk.talked[-LATEST:],
        )
