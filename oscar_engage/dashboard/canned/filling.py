"""What goes into a ready-made text for this conversation? The facts that an agent sees beside it anyway."""

from collections.abc import Mapping

from django.conf import settings as django_settings
from django.utils import translation

from oscar_engage.dashboard.canned.words import name_of
from oscar_engage.dashboard.desk.background import basket_of
from oscar_engage.desk.carry.canned import Ready, canned_for, text_in
from oscar_engage.desk.carry.models import CannedReply
from oscar_engage.desk.carry.placeholders import fill
from oscar_engage.desk.models import Agent, Conversation
from oscar_engage.shop.card_product import money
from oscar_engage.shop.facts import BasketLine
from oscar_engage.shop.spoken_of import read_spoken_of


def fill_all(conversation: Conversation, agent: Agent) -> list[Ready]:
    """Return every ready-made text for ``conversation``, filled in; a query for the texts, and some for the facts if any."""
    replies = list(canned_for(conversation))
    if not replies:
        return []
    values = read_values(conversation, agent)
    return [_ready(reply, conversation, values) for reply in replies]


def fill_one(pk: int, conversation: Conversation, agent: Agent) -> Ready | None:
    """Return one of them; ``None`` for one that is not offered in this conversation."""
    reply = next((reply for reply in canned_for(conversation) if reply.pk == pk), None)
    return _ready(reply, conversation, read_values(conversation, agent)) if reply else None


def read_values(conversation: Conversation, agent: Agent) -> dict[str, str]:
    """Return the values of all placeholders, in the conversation's language; an empty text for what is not known."""
    known, basket = read_spoken_of(conversation), basket_of(conversation)
    typed = conversation.name.strip()
    with translation.override(conversation.language or translation.get_language()):
        return {
            "customer.first_name": known.first_name or typed.partition(" ")[0],
            "customer.name": known.name or typed,
            "agent.name": agent.display_name,
            "conversation.reference": conversation.reference,
            "page.title": conversation.page_title,
            "basket.total": _total(basket),
            "basket.pieces": str(sum(line.quantity for line in basket)) if basket else "",
            "order.number": known.order_number,
            "order.status": known.order_status,
            "shop.name": str(getattr(django_settings, "OSCAR_SHOP_NAME", "")),
        }


def _ready(reply: CannedReply, conversation: Conversation, values: Mapping[str, str]) -> Ready:
    text = text_in(reply.texts, conversation.language or django_settings.LANGUAGE_CODE)
    return Ready(reply.shortcut, reply.title, fill(text, values, name_of=name_of))


def _total(basket: tuple[BasketLine, ...]) -> str:
    """Return what the lines add up to; nothing where one has no price, or they have several currencies."""
    totals, currencies = [line.total for line in basket if line.total is not None], {line.currency for line in basket}
    if not basket or len(totals) < len(basket) or len(currencies) > 1:
        return ""
    return money(sum(totals[1:], totals[0]), currencies.pop())
