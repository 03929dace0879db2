"""Has something been given away already? What can be used once is for one conversation."""

from django.db.models.fields.json import KT

from oscar_engage.desk.models import Conversation, Message


def is_given_elsewhere(kind: str, key: str, conversation: Conversation) -> bool:
    """Return whether this card was sent in another conversation; one query over the messages with a card."""
    sent = Message.objects.filter(card__isnull=False, card__kind=kind, card__key=key)
    return sent.exclude(conversation=conversation).exists()


def given_keys(kind: str) -> set[str]:
    """Return the keys of all cards of ``kind`` that were ever sent, with the same query."""
    sent = Message.objects.filter(card__isnull=False, card__kind=kind)
    return set(sent.values_list(KT("card__key"), flat=True))  # as text: SQLite would make a number of "7"
