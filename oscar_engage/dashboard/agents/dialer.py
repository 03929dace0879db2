"""What does the dialer do now, and why? The box on the page of agents and queues."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from oscar_engage.conf import get_settings
from oscar_engage.desk.dialer.budget import Kept, allowance, may_invite, risk
from oscar_engage.desk.dialer.held import live_holds
from oscar_engage.desk.dialer.offer import PREDICTIVE
from oscar_engage.desk.dialer.scene import count_room, read_pool, read_scene
from oscar_engage.desk.dialer.state import find_state, rates_of, target


@dataclass(frozen=True, slots=True, kw_only=True)
class DialerBox:
    """What a supervisor reads; shares in per cent, times in seconds."""

    is_predictive: bool
    invited: int
    """Invitations that stand unanswered."""

    typing: int
    """Shoppers who accepted and write their question."""

    answers: int
    accepted: int
    acceptance: float | None
    """Of the latest that are over; ``None``: there are none yet."""

    seated: int
    late: int
    late_share: float | None
    promised_share: float
    wait: int
    may: bool
    why: str


def read_dialer(*, now: datetime) -> DialerBox:
    """Return the box for shoppers of any language, on pages without a queue of their own; eight queries at most."""
    settings, state = get_settings(), find_state()
    holds = list(live_holds(now=now))
    may, why = _judge(now, Kept(seated=state.seated, late=state.late))
    return DialerBox(
        is_predictive=settings.dialer == PREDICTIVE,
        invited=sum(hold.accepted_at is None for hold in holds),
        typing=sum(hold.accepted_at is not None for hold in holds),
        answers=state.answers,
        accepted=state.accepted,
        acceptance=100 * state.accepted / state.answers if state.answers else None,
        seated=state.seated,
        late=state.late,
        late_share=100 * state.late / state.seated if state.seated else None,
        promised_share=100 * settings.dialer_late_share,
        wait=settings.dialer_wait_seconds,
        may=may,
        why=why,
    )


def _judge(now: datetime, kept: Kept) -> tuple[bool, str]:
    """Return whether one more would be invited, and why, in words."""
    scene = read_scene(now=now)
    if not scene.able:
        return False, _("No agent is online.")
    if get_settings().dialer != PREDICTIVE:
        room = count_room(scene.open_agents())
        return room > 0, _("Free slots that nobody is invited to or waits for: %(number)d.") % {"number": room}
    pool, rates, promised = read_pool(scene, now=now), rates_of(find_state()), target()
    words = {
        "risk": round(100 * risk(pool, rates, wait=promised.wait), 1),
        "share": round(100 * allowance(promised, kept), 1),
        "seconds": round(promised.wait),
    }
    if pool.coming + len(pool.invited) < pool.free:
        return True, _("There is a free slot for each shopper who may come.")
    if allowance(promised, kept) <= 0:
        return False, _("Too many waited too long lately: until that is better, only free slots are invited to.")
    why = _(
        "Who accepts now would wait longer than %(seconds)d seconds with a chance of %(risk)s %%; allowed are %(share)s %%."
    )
    return may_invite(pool, rates, promised, kept), why % words
