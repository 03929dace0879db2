"""What was proposed in this conversation? For the agent's page."""

from datetime import datetime

from oscar_engage.desk.acts.models import Proposal, ProposalState
from oscar_engage.desk.models import Conversation

MOST_SHOWN = 10


def list_proposals(conversation: Conversation) -> list[Proposal]:
    """Return the latest proposals of a conversation that its reader came to through a door, the newest first; one query."""
    return list(conversation.proposals.select_related("message").order_by("-pk")[:MOST_SHOWN])


def is_waiting(proposal: Proposal, *, now: datetime) -> bool:
    """Whether the shopper can still answer."""
    return proposal.state_at(now) == ProposalState.WAITING
