"""How far has each side read? The mark only ever moves forward."""

from oscar_engage.desk.models import Conversation


def mark_read_by_shopper(conversation: Conversation, seq: int) -> None:
    """Note that the shopper has been shown everything up to message ``seq``; no query when that is known already."""
    if seq > conversation.shopper_read_seq:
        Conversation.objects.filter(pk=conversation.pk, shopper_read_seq__lt=seq).update(shopper_read_seq=seq)


def mark_read_by_agent(conversation: Conversation, seq: int) -> None:
    """Note that an agent has been shown everything up to message ``seq``; no query when that is known already."""
    if seq > conversation.agent_read_seq:
        Conversation.objects.filter(pk=conversation.pk, agent_read_seq__lt=seq).update(agent_read_seq=seq)
