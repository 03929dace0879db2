"""What is to be done about a conversation that is at the outside desk? A job for each thing, whose key lets it exist once."""

import hashlib
from datetime import datetime, timedelta

from oscar_engage.desk.models import Conversation, ConversationStatus
from oscar_engage.jobs.outbox import enqueue
from oscar_engage.outside.models import OutsideConversation, OutsideState

CARRY, FETCH, FORGET, TELL = "outside.carry", "outside.fetch", "outside.forget", "outside.tell"
"""The kinds of jobs: to bring it up to date, to ask how it stands, to have it forgotten, to leave a word for agents there."""


def plan_carry(place: OutsideConversation, conversation: Conversation, state: OutsideState | None, *, now: datetime) -> None:
    """Have ``conversation`` brought up to date there: once as it stands now, and once more when the desk answers again."""
    closed = int(conversation.status == ConversationStatus.CLOSED)
    stands = f"{conversation.last_seq}.{conversation.agent_id or 0}.{closed}"
    again = f".{int(state.recovered_at.timestamp())}" if state is not None and state.recovered_at is not None else ""
    enqueue(CARRY, key=f"{CARRY}:{place.pk}:{stands}{again}", payload={"place": place.pk}, now=now)


def plan_after_lease(place: int, *, now: datetime) -> None:
    """Have it looked at once more when the time of whoever writes there is over: nothing is left to do then, unless it died."""
    until = OutsideConversation.objects.filter(pk=place).values_list("lease_until", flat=True).first()
    if until is not None:
        enqueue(CARRY, key=f"{CARRY}:{place}:after:{until.timestamp()}", payload={"place": place}, now=now, run_at=until)


def plan_fetch(place: OutsideConversation, why: str, *, now: datetime, wait: timedelta = timedelta()) -> None:
    """Have it asked how the conversation stands there; the same ``why`` again changes nothing."""
    digest = hashlib.sha256(why.encode()).hexdigest()[:32]
    enqueue(FETCH, key=f"{FETCH}:{place.pk}:{digest}", payload={"place": place.pk}, now=now, run_at=now + wait)


def plan_forget(place: OutsideConversation, state: OutsideState | None, *, now: datetime) -> None:
    """Have what is there of it forgotten; once more when the desk answers again."""
    again = f":{int(state.recovered_at.timestamp())}" if state is not None and state.recovered_at is not None else ""
    enqueue(FORGET, key=f"{FORGET}:{place.pk}{again}", payload={"place": place.pk}, now=now)


def plan_tell(place: OutsideConversation, what: str, about: str, *, now: datetime) -> None:
    """Leave a word for the agents there: ``what`` (``tell.WORDS``) became of their message ``about``."""
    key = f"{TELL}:{place.pk}:{what}:{about}"[:200]
    enqueue(TELL, key=key, payload={"place": place.pk, "what": what, "about": about}, now=now)
