"""How far has each side read? The mark only ever moves forward."""

from oscar_engage.desk.models import Conversation


def mark_read_by_shopper(conversation: Conversation, seq: int) -> None:
    """Note that the shopper has been shown everything up to message ``seq``; no query when that is known already."""
    if seq > conversation.shopper_read_seq:
        Conversation.objects.filter(pk=conversation.pk, shopper_read_seq__lt=seq).update(shopper_read_seq=seq)


def put_away(conversation: Conversation) -> None:
    """Note that the shopper was told of everything up to the last message and put it away unread."""
    unless_known = Conversation.objects.filter(pk=conversation.pk, shopper_put_away_seq__lt=conversation.last_seq)
    unless_known.update(shopper_put_away_seq=conversation.last_seq)


def mark_read_by_agent(conversation: Conversation, seq: int) -> None:
    """Note that an agent has been shown everything up to message ``seq``; no query when that is known already."""
    if seq > conversation.agent_read_seq:
        Conversation.objects.filter(pk=conversation.pk, agent_read_seq__lt=seq).update(agent_read_seq=seq)
