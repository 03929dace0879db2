"""Is there a place for one more invitation, and whose? Kept when, and only when, it is really offered.

*Strict*: a slot of one agent, taken by the same guarded UPDATE as a chat's. *Predictive*: a place in the budget; offers queue
up at one row, so that each is counted before the next is asked about.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F

from oscar_engage.conf import get_settings
from oscar_engage.decisions.line.order import Asked
from oscar_engage.desk.dialer.budget import may_invite
from oscar_engage.desk.dialer.held import end, end_dead, open_holds
from oscar_engage.desk.dialer.models import DialerState, Hold, HoldEnd
from oscar_engage.desk.dialer.scene import INVITED, Scene, count_room, read_pool, read_scene
from oscar_engage.desk.dialer.state import STATE, read_state, target
from oscar_engage.desk.models import Agent
from oscar_engage.desk.routing import assign
from oscar_engage.desk.slots import NoFreeSlotError, settle_silent, use_slot

LEASE = timedelta(seconds=30)
"""How long a place is kept for a browser that is not heard of; it is heard every ten seconds while an invitation shows."""

PREDICTIVE = "predictive"


def count_places(*, now: datetime, queue: str = "", path: str = "", language: str = "", ahead: Sequence[Asked] = ()) -> int:
    """Return how many more may be invited at ``now``: the slots that are left, or for the predictive dialer whether one may.

    ``ahead``: who wants an invitation and comes before.
    """
    scene = read_scene(Asked(queue, path, language), ahead, now=now)
    if not scene.able:
        return 0
    if get_settings().dialer == PREDICTIVE:
        return int(_has_budget(scene, now))
    return count_room(scene.open_agents())


def keep_place(
    *,
    decision_id: UUID,
    visitor_id: UUID,
    now: datetime,
    queue: str = "",
    path: str = "",
    language: str = "",
    ahead: Sequence[Asked] = (),
) -> bool:
    """Keep a place for the visitor and return whether there was one; in the transaction that records the decision.

    One that is still kept for an earlier invitation of the same visitor goes back.
    """
    is_predictive = get_settings().dialer == PREDICTIVE
    if is_predictive:
        _take_turn()
    end(open_holds().filter(visitor_id=visitor_id), HoldEnd.LEFT, now=now)
    scene = read_scene(Asked(queue, path, language), ahead, now=now)
    agent_id = None
    if is_predictive and not (scene.able and _has_budget(scene, now)):
        return False
    if not is_predictive and (agent_id := _take_slot(scene, now)) is None:
        return False
    until = now + timedelta(seconds=get_settings().invitation_seconds)
    Hold.objects.create(
        decision_id=decision_id,
        visitor_id=visitor_id,
        agent_id=agent_id,
        queue=scene.queue,
        skill=scene.asked.skill,
        language=language[:16],
        offered_at=now,
        until=until,
        lease_until=now + LEASE,
    )
    return True


def _has_budget(scene: Scene, now: datetime) -> bool:
    rates, kept = read_state()
    return may_invite(read_pool(scene, now=now), rates, target(), kept)


def _take_turn() -> None:
    """Be the only one who offers until the transaction ends."""
    turn = DialerState.objects.filter(pk=STATE)
    if not turn.update(offers=F("offers") + 1):
        DialerState.objects.bulk_create([DialerState(pk=STATE)], ignore_conflicts=True)
        turn.update(offers=F("offers") + 1)


def _take_slot(scene: Scene, now: datetime) -> int | None:
    """Take a slot of the agent whom routing would give the chat to, or of the next best, and return whose, if any.

    Chats that fell silent and places whose time is over make room first, where they are all that is in the way.
    """
    left = {agent.id: agent for agent in scene.open_agents()}
    while left:
        given = assign([replace(scene.asked, id=INVITED)], list(left.values()))
        if not given:
            return None
        agent_id = given[0].agent
        if _use(agent_id, now) or (_make_room(agent_id, now) and _use(agent_id, now)):
            return agent_id
        del left[agent_id]
    return None


def _make_room(agent_id: int, now: datetime) -> int:
    return settle_silent(now=now, agent=Agent(pk=agent_id)) + end_dead(now=now, agent_id=agent_id)


def _use(agent_id: int, now: datetime) -> bool:
    try:
        use_slot(Agent(pk=agent_id), now=now)
    except NoFreeSlotError:
        return False
    return True
