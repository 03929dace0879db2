"""How is something proposed? As a message in the chat that the shopper answers with yes or no, for some minutes."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.core.registry import UnknownEntryError
from oscar_engage.desk.acts.basket import find_basket_id
from oscar_engage.desk.acts.budget import check_vouchers, check_waiting
from oscar_engage.desk.acts.models import Proposal, ProposalState
from oscar_engage.desk.acts.registry import ACTS, Act, ActRefusedError, Asking, is_act_on
from oscar_engage.desk.models import Agent, Conversation, ConversationKind, ConversationStatus, Message
from oscar_engage.desk.post import lock_conversation, say

User = AbstractBaseUser | AnonymousUser


def propose(
    conversation: Conversation,
    agent: Agent,
    act_name: str,
    typed: QueryDict,
    *,
    user: User,
    client_id: uuid.UUID,
    now: datetime,
) -> Proposal:
    """Have ``agent``, who is ``user``, propose the act to the shopper and return the proposal.

    A repeated ``client_id`` returns the proposal that is there already. Raises ``ActRefusedError``.
    """
    entry = _get_act(act_name)
    asking = Asking(conversation=conversation, agent=agent, basket_id=find_basket_id(conversation), now=now)
    params = {"basket_id": asking.basket_id, **entry.prepare(asking, typed)}
    with transaction.atomic(using=get_settings().database):
        locked = lock_conversation(conversation)
        repeated = Proposal.objects.filter(conversation=locked, client_id=client_id).first()
        if repeated is not None:
            return repeated
        _check_may_propose(locked, agent)
        check_waiting(locked, now=now)
        if entry.is_voucher:
            check_vouchers(agent, now=now)
        message = say(locked, partial(entry.say, agent.display_name, params), now=now)
        proposal = write_proposal(locked, agent, act=entry.name, message=message, client_id=client_id, now=now, params=params)
        record_proposal("act.proposed", proposal, user=user, now=now)
    return proposal


def write_proposal(
    locked: Conversation,
    agent: Agent,
    *,
    act: str,
    message: Message,
    client_id: uuid.UUID,
    now: datetime,
    params: Mapping[str, Any],
    digest: str = "",
    state: ProposalState = ProposalState.WAITING,
) -> Proposal:
    """Write the row; ``ACT_MINUTES`` from ``now`` it expires."""
    return Proposal.objects.create(
        conversation=locked,
        agent=agent,
        message=message,
        client_id=client_id,
        act=act,
        params=dict(params),
        state=state,
        digest=digest,
        created_at=now,
        expires_at=now + timedelta(minutes=get_settings().act_minutes),
        settled_at=None if state == ProposalState.WAITING else now,
    )


def record_proposal(action: str, proposal: Proposal, *, user: User | None, now: datetime) -> None:
    """Write a line of the trail: always by whom it was proposed, and of the shopper only in which conversation."""
    record_action(
        actor=user,
        action=action,
        object_kind="proposal",
        object_id=proposal.pk,
        now=now,
        detail={"act": proposal.act, "conversation": proposal.conversation_id},
    )


def withdraw(conversation: Conversation, public_id: str, *, user: User, now: datetime) -> bool:
    """Take a proposal back that waits for its answer, and tell the shopper; return whether it did wait."""
    with transaction.atomic(using=get_settings().database):
        locked = lock_conversation(conversation)
        waiting = Proposal.objects.filter(conversation=locked, public_id=public_id, state=ProposalState.WAITING)
        proposal = waiting.first()
        if proposal is None or not waiting.update(state=ProposalState.WITHDRAWN, settled_at=now):
            return False
        if locked.status != ConversationStatus.CLOSED:
            outcome = say(locked, lambda: _("This proposal was withdrawn; nothing was changed."), now=now)
            Proposal.objects.filter(pk=proposal.pk).update(outcome=outcome)
        record_proposal("act.withdrawn", proposal, user=user, now=now)
    return True


def _get_act(name: str) -> Act:
    try:
        entry = ACTS.get(name)
    except UnknownEntryError:
        raise ActRefusedError(_("There is nothing of that kind to do.")) from None
    if not is_act_on(name):
        raise ActRefusedError(_("Your shop has switched this off."))
    return entry


def _check_may_propose(locked: Conversation, agent: Agent) -> None:
    """A proposal is answered at once or never: it needs a chat that goes on, and the agent who is in it."""
    if locked.kind != ConversationKind.CHAT or locked.status != ConversationStatus.OPEN or locked.agent_id != agent.pk:
        raise ActRefusedError(_("Take the chat first; somebody else may be answering, or it is closed."))
