"""Can the shopper not get into the account? Have the shop mail the link to a new password, to the account's own address.

It needs no yes: whoever knows an address can ask the shop's login page for the same mail. It says nothing of whether there is
such an account: the answer is the same at once, and the mail is a job's.
"""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from oscar_engage.conf import get_settings
from oscar_engage.desk.acts.models import Proposal, ProposalState
from oscar_engage.desk.acts.propose import User, record_proposal, write_proposal
from oscar_engage.desk.acts.registry import RESET_MAIL, ActRefusedError, is_act_on
from oscar_engage.desk.mail import mailbox_digest
from oscar_engage.desk.models import Agent, Conversation, ConversationKind, ConversationStatus
from oscar_engage.desk.post import lock_conversation, say
from oscar_engage.jobs.outbox import enqueue

MAILS_PER_ADDRESS = 3
"""Such mails to one address within an hour."""

MAILS_PER_AGENT = 20
"""Such mails that one agent asks for within an hour."""

_HOUR = timedelta(hours=1)


def ask_reset_mail(
    conversation: Conversation, agent: Agent, *, email: str, user: User, client_id: uuid.UUID, now: datetime
) -> Proposal:
    """Ask for the mail to ``email`` (checked by the form) and return the row; the same whether it is an account's or not.

    A repeated ``client_id`` asks no second time. Raises ``ActRefusedError``.
    """
    if not is_act_on(RESET_MAIL):
        raise ActRefusedError(_("Your shop has switched this off."))
    with transaction.atomic(using=get_settings().database):
        locked = lock_conversation(conversation)
        repeated = Proposal.objects.filter(conversation=locked, client_id=client_id).first()
        if repeated is not None:
            return repeated
        _check_may_ask(locked, agent)
        digest = mailbox_digest(email)
        _check_rate(agent, digest, now=now)
        message = say(locked, _notice, now=now)
        proposal = write_proposal(
            *(locked, agent),
            act=RESET_MAIL,
            message=message,
            client_id=client_id,
            now=now,
            params={"email": email},
            digest=digest,
            state=ProposalState.DONE,
        )
        record_proposal("act.reset_mail", proposal, user=user, now=now)
        enqueue(RESET_MAIL, key=f"{RESET_MAIL}:{proposal.pk}", payload={"proposal": proposal.pk}, now=now)
    return proposal


def take_address(proposal_id: int) -> tuple[str, str] | None:
    """Return the address and the language of the mail that a job names, and forget the address; ``None`` when it is gone."""
    proposal = Proposal.objects.select_related("conversation").filter(pk=proposal_id, act=RESET_MAIL).first()
    if proposal is None or not proposal.params.get("email"):
        return None
    Proposal.objects.filter(pk=proposal.pk).update(params={})
    return proposal.params["email"], proposal.conversation.language


def _notice() -> str:
    return _("If the address has an account here, a mail with a link to a new password is on its way to it.")


def _check_may_ask(locked: Conversation, agent: Agent) -> None:
    is_free = locked.kind == ConversationKind.NOTE and locked.agent_id is None
    if locked.status == ConversationStatus.CLOSED or not (is_free or locked.agent_id == agent.pk):
        raise ActRefusedError(_("Take the conversation first; somebody else may be answering, or it is closed."))


def _check_rate(agent: Agent, digest: str, *, now: datetime) -> None:
    """The UPDATE makes the agent's count exact (``desk.acts.budget``); to an address that two ask for at once goes one more."""
    Agent.objects.filter(pk=agent.pk).update(active_at=now)
    lately = Proposal.objects.filter(act=RESET_MAIL, created_at__gt=now - _HOUR)
    if lately.filter(digest=digest).count() >= MAILS_PER_ADDRESS or lately.filter(agent=agent).count() >= MAILS_PER_AGENT:
        raise ActRefusedError(_("Enough of these mails were asked for within the last hour. Please wait a little."))
