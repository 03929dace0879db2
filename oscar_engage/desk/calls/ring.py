"""How does an agent call? The try is noted, the promise is kept by it, and the provider is asked to dial."""

from datetime import datetime

from django.db import transaction

from oscar_engage.conf import get_settings
from oscar_engage.desk.calls.models import CallOutcome, CallState, CallTry, PhoneCall
from oscar_engage.desk.calls.provider import Order, get_provider
from oscar_engage.desk.models import Agent, Conversation, ConversationStatus
from oscar_engage.desk.post import lock_conversation
from oscar_engage.desk.promises.course import FIELDS, after_answer, owes_answer


class NotMineError(ValueError):
    """Only the agent who has taken a call makes it."""


def begin_try(conversation: Conversation, agent: Agent, *, now: datetime) -> CallTry:
    """Note that ``agent`` calls ``now``, have the provider dial, and return the try; pressing twice is one try.

    With it, what was promised is kept: we called. Raises :class:`NotMineError`.
    """
    with transaction.atomic(using=get_settings().database):
        locked = lock_conversation(conversation)
        call = PhoneCall.objects.filter(conversation=locked, state=CallState.DUE).first()
        if call is None or locked.status != ConversationStatus.OPEN or locked.agent_id != agent.pk:
            raise NotMineError(f"{agent} has not taken {locked}.")
        running = call.tries.filter(outcome="").first()
        if running is not None and running.agent_id == agent.pk and not running.trouble:
            return running
        call.tries.filter(outcome="").update(outcome=CallOutcome.LEFT, settled_at=now)
        begun = CallTry.objects.create(call=call, agent=agent, begun_at=now)
        after_answer(locked, now=now, was_owed=owes_answer(locked), is_question=False)
        locked.first_reply_at = locked.first_reply_at or now
        locked.spoken_at = now
        locked.save(update_fields=["first_reply_at", "spoken_at", *FIELDS])
        order = Order(
            try_id=begun.pk, number=call.number, reference=locked.reference, agent_id=agent.pk, agent_name=agent.display_name
        )
        get_provider().dial(order, now=now)
    return begun
