"""What do readers see beside the words? Cards and files of some messages, with no query where there are none."""

from collections.abc import Iterable, Sequence

from oscar_engage.desk.carry.cards import Sight, show_cards, sight_of
from oscar_engage.desk.carry.load import Carried, Shown, ShownFile
from oscar_engage.desk.carry.models import Attachment
from oscar_engage.desk.models import Conversation, Message


def with_carried(messages: Iterable[Message], sight: Sight) -> list[Message]:
    """Return ``messages``, each with what it carries as :attr:`Message.carried`.

    One query if there are files, and what the kinds of cards need if there are cards.
    """
    listed = list(messages)
    files = _files([message.pk for message in listed if message.files])
    cards = show_cards([message.card for message in listed if message.card], sight)
    for message in listed:
        card = cards[message.card["kind"], message.card["key"]] if message.card else None
        message.carried = Carried(card, tuple(files.get(message.pk, ()))) if card or message.files else None
    return listed


def carried_for(conversation: Conversation, messages: Iterable[Message]) -> list[Message]:
    """Return messages of ``conversation`` as :func:`with_carried`, seen as its shopper sees the shop without a request."""
    listed = list(messages)
    return with_carried(listed, sight_of(conversation) if any(message.card for message in listed) else Sight())


def _files(ids: Sequence[int]) -> dict[int, list[ShownFile]]:
    found: dict[int, list[ShownFile]] = {}
    for row in Attachment.objects.filter(message__in=ids).order_by("pk") if ids else ():
        found.setdefault(row.message_id, []).append(ShownFile(row.public_id, row.name, row.size))
    return found


def in_words(carried: Carried | None, *, address: str) -> str:
    """Return what a message carries as lines of plain text, for a mail; ``address`` is the shop's (``link.shop_address``)."""
    if carried is None:
        return ""
    card = _lines(carried.card, address) if carried.card else []
    return "\n".join([*card, *(f"[{file.name}]" for file in carried.files)])


def full_words(conversation: Conversation, messages: Iterable[Message], *, address: str) -> list[tuple[Message, str]]:
    """Return messages of ``conversation``, each with its words and what it carries as plain text, for a mail."""
    shown = carried_for(conversation, messages)
    return [(one, "\n".join(filter(None, (one.body, in_words(one.carried, address=address))))) for one in shown]


def _lines(card: Shown, address: str) -> list[str]:
    page = f"{address}{card.path}" if card.path else ""
    return [line for line in (card.title, card.price, card.code, *card.lines, page) if line]
