"""What does the shopper say to it, and what comes of a yes? Claimed once, carried out, and told to both sides.

A yes is claimed before anything is done, so that two tabs that say it at once do it once; a process that dies in between leaves
the proposal "agreed", and it is never done again.
"""

from collections.abc import Callable
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _

from oscar_engage.conf import get_settings
from oscar_engage.desk.acts.models import Proposal, ProposalState
from oscar_engage.desk.acts.propose import record_proposal
from oscar_engage.desk.acts.registry import ACTS, Act, ActRefusedError, is_act_on
from oscar_engage.desk.models import Conversation, ConversationStatus
from oscar_engage.desk.post import lock_conversation, say
from oscar_engage.signals.faults import note_fault

_LONGEST_REASON = 300


def answer(conversation: Conversation, public_id: str, *, is_yes: bool, request: HttpRequest, now: datetime) -> None:
    """Take the shopper's answer, and do in ``request`` what was agreed to.

    ``conversation`` is the shopper's own, and so is ``request``. What was answered already, or withdrawn, stays as it is.
    Raises ``Proposal.DoesNotExist``.
    """
    proposal, is_mine = _claim(conversation, public_id, is_yes=is_yes, now=now)
    if is_mine and proposal.state == ProposalState.AGREED:
        state, words = _carry_out(proposal, request, language=conversation.language)
        _settle(proposal, state, words, now=now)


def _claim(conversation: Conversation, public_id: str, *, is_yes: bool, now: datetime) -> tuple[Proposal, bool]:
    with transaction.atomic(using=get_settings().database):
        locked = lock_conversation(conversation)
        proposal = Proposal.objects.select_related("agent").get(conversation=locked, public_id=public_id)
        state = _answered(proposal, locked, is_yes=is_yes, now=now)
        waiting = Proposal.objects.filter(pk=proposal.pk, state=ProposalState.WAITING)
        if not waiting.update(state=state, settled_at=now):
            proposal.refresh_from_db()
            return proposal, False
        proposal.state, proposal.settled_at = state, now
        _record(f"act.{state.value}", proposal, now=now)
        if state != ProposalState.AGREED and locked.status != ConversationStatus.CLOSED:
            _tell(proposal, locked, _PLAIN[state], now=now)
    return proposal, True


def _answered(proposal: Proposal, locked: Conversation, *, is_yes: bool, now: datetime) -> ProposalState:
    if proposal.expires_at <= now or locked.status == ConversationStatus.CLOSED:
        return ProposalState.EXPIRED
    return ProposalState.AGREED if is_yes else ProposalState.REFUSED


def _carry_out(proposal: Proposal, request: HttpRequest, *, language: str) -> tuple[ProposalState, str]:
    """Do it in the shopper's language; return what came of it, in words. Whatever it raises is undone and told."""
    using, words = get_settings().database, ""
    committed: list[bool] = []
    with translation.override(language or translation.get_language()):
        try:
            entry = _get_act(proposal.act)
            with transaction.atomic(using=using):
                transaction.on_commit(lambda: committed.append(True), using=using, robust=True)
                words = entry.carry_out(request, proposal.params)
        except ActRefusedError as refusal:
            return ProposalState.FAILED, str(refusal)
        except Exception:  # noqa: BLE001 - the shop's own code; its basket is as it was
            note_fault("act")
            if not committed:  # else it is done: what failed is something that the shop does afterwards
                return ProposalState.FAILED, _("Something went wrong in the shop.")
    return ProposalState.DONE, words


def _get_act(name: str) -> Act:
    if name not in ACTS or not is_act_on(name):
        raise ActRefusedError(_("The shop has switched this off."))
    return ACTS.get(name)


def _settle(proposal: Proposal, state: ProposalState, words: str, *, now: datetime) -> None:
    with transaction.atomic(using=get_settings().database):
        locked = lock_conversation(proposal.conversation)
        proposal.state, proposal.reason = state, words[:_LONGEST_REASON]
        Proposal.objects.filter(pk=proposal.pk).update(state=state, reason=proposal.reason)
        _record(f"act.{state.value}", proposal, now=now)
        _tell(proposal, locked, lambda: _finished(state, words), now=now)


def _finished(state: ProposalState, words: str) -> str:
    if state == ProposalState.DONE:
        return words
    return _("That could not be done, and nothing was changed: %(reason)s") % {"reason": words}


def _tell(proposal: Proposal, locked: Conversation, sentence: Callable[[], str], *, now: datetime) -> None:
    proposal.outcome = say(locked, sentence, now=now)
    Proposal.objects.filter(pk=proposal.pk).update(outcome=proposal.outcome)


def _record(action: str, proposal: Proposal, *, now: datetime) -> None:
    """Name the one who proposed it: the trail is about staff. Who agreed is the shopper of the conversation in it."""
    # By its number alone: the account may be in another database.
    user = get_user_model()(pk=proposal.agent.user_id) if proposal.agent else None
    record_proposal(action, proposal, user=user, now=now)


_PLAIN = {
    ProposalState.REFUSED: lambda: _("The answer was no; nothing was changed."),
    ProposalState.EXPIRED: lambda: _("The time to answer this proposal is over; nothing was changed."),
}
