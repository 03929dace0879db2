"""What can be done for this shopper, and what was proposed? For the part of the conversation's page that is about it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from oscar_engage.desk.acts.basket import find_basket_id
from oscar_engage.desk.acts.models import Proposal, ProposalState
from oscar_engage.desk.acts.queries import list_proposals
from oscar_engage.desk.acts.registry import ACTS, RESET_MAIL, Act, is_act_on
from oscar_engage.desk.models import Agent, Conversation, ConversationKind, ConversationStatus
from oscar_engage.shop.acts.change import CHANGE, Line, list_lines
from oscar_engage.shop.acts.fresh_voucher import GIVE, list_templates
from oscar_engage.shop.acts.restore import RESTORE, Kept, find_kept


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalLine:
    """A proposal as it is now, in the words that the shopper reads. ``reason`` is why it could not be done."""

    public_id: str
    words: str
    state: ProposalState
    label: str | Promise
    reason: str
    is_waiting: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """``on``: the names of what the shop has switched on. Without ``can_propose``, nothing is offered but the mail."""

    can_propose: bool
    can_mail: bool
    on: frozenset[str]
    proposals: Sequence[ProposalLine]
    lines: Sequence[Line]
    templates: Sequence[tuple[str, str]]
    kept: Kept | None
    own: Sequence[Act]
    """Acts that the shop added."""

    @property
    def is_waiting(self) -> bool:
        """Whether something may change by itself, so that the page looks again: also between the yes and what comes of it."""
        return any(line.state in {ProposalState.WAITING, ProposalState.AGREED} for line in self.proposals)

    @property
    def version(self) -> str:
        """Return a text that is the same as long as proposals and lines are."""
        seen = (
            [(line.public_id, line.state.value) for line in self.proposals],
            [(line.line_id, line.quantity) for line in self.lines],
        )
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


def read_acts(conversation: Conversation, agent: Agent, *, now: datetime) -> Acts:
    """Return what ``agent`` can do in a conversation that was reached through a door, with at most ten queries."""
    is_mine, is_closed = conversation.agent_id == agent.pk, conversation.status == ConversationStatus.CLOSED
    can_propose = is_mine and conversation.kind == ConversationKind.CHAT and not is_closed
    on = frozenset(name for name in (*ACTS.names(), RESET_MAIL) if is_act_on(name))
    seen = find_basket_id(conversation) if can_propose else None
    is_restoring = can_propose and RESTORE.name in on
    return Acts(
        can_propose=can_propose,
        can_mail=RESET_MAIL in on and not is_closed and (is_mine or conversation.agent_id is None),
        on=on,
        proposals=[_line(proposal, now=now) for proposal in list_proposals(conversation)],
        lines=list_lines(seen) if CHANGE.name in on else (),
        templates=list(list_templates()) if can_propose and GIVE.name in on else (),
        kept=find_kept(conversation.visitor_id, besides=seen) if is_restoring else None,
        own=[entry for entry in ACTS if entry.template and entry.name in on],
    )


def _line(proposal: Proposal, *, now: datetime) -> ProposalLine:
    state = proposal.state_at(now)
    return ProposalLine(
        public_id=proposal.public_id,
        words=proposal.message.body,
        state=state,
        label=state.label,
        reason=proposal.reason if state == ProposalState.FAILED else "",
        is_waiting=state == ProposalState.WAITING,
    )
