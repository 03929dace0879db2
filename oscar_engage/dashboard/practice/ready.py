"""Which ready-made replies does an agent have while practising? Those for all, filled in with what is made up."""

from collections.abc import Sequence
from decimal import Decimal

from django.conf import settings
from django.db.models import Q
from django.utils import translation

from oscar_engage.dashboard.canned.words import name_of
from oscar_engage.desk.carry.canned import MOST_OFFERED, Ready, text_in
from oscar_engage.desk.carry.models import CannedReply
from oscar_engage.desk.carry.placeholders import fill
from oscar_engage.desk.practice.models import Practice, PracticeChat
from oscar_engage.desk.practice.registry import SCRIPTS
from oscar_engage.desk.practice.script import Script
from oscar_engage.shop.card_product import money

_ADDRESSED = frozenset({"Mr", "Mrs", "Ms", "Herr", "Frau"})
"""With these a made-up shopper's name may begin; "Hello Mr" greets nobody."""

_TELLING = 15
"""Characters of a text between its placeholders from which on it tells that the text was used."""


def ready_replies() -> list[CannedReply]:
    """Return the ready-made texts for what is in no special queue, by title; one query."""
    return list(CannedReply.objects.filter(Q(queue=None) | Q(queue__is_default=True)).order_by("title", "pk")[:MOST_OFFERED])


def fill_ready(replies: Sequence[CannedReply], chat: PracticeChat, practice: Practice) -> list[Ready]:
    """Return ``replies`` as they go into the box of ``chat``."""
    values = _values(chat, practice)
    return [
        Ready(reply.shortcut, reply.title, fill(text_in(reply.texts, practice.language), values, name_of=name_of))
        for reply in replies
    ]


def is_made_of(body: str, readies: Sequence[Ready]) -> bool:
    """Whether ``body`` has one of ``readies`` in it, as far as its fixed words tell."""
    said = " ".join(body.split())
    return any(part in said for ready in readies for part in _parts(ready.text))


def _parts(text: str) -> list[str]:
    between = " ".join(text.split()).replace("⟧", "⟦").split("⟦")[::2]
    return [part.strip() for part in between if len(part.strip()) >= _TELLING]


def _values(chat: PracticeChat, practice: Practice) -> dict[str, str]:
    script = SCRIPTS.get(chat.script) if chat.script in SCRIPTS else None
    with translation.override(practice.language):
        return {
            "customer.first_name": first_name(chat.shopper),
            "customer.name": chat.shopper,
            "agent.name": practice.agent.display_name,
            "conversation.reference": "",
            "page.title": script.page if script else "",
            "basket.total": basket_total(script) if script else "",
            "basket.pieces": str(sum(piece.pieces for piece in script.basket) or "") if script else "",
            "order.number": "",
            "order.status": "",
            "shop.name": str(getattr(settings, "OSCAR_SHOP_NAME", "")),
        }


def first_name(name: str) -> str:
    """Return by what a shopper of this name is greeted: the first word, or all of it where that is a form of address."""
    first = name.partition(" ")[0]
    return name if first in _ADDRESSED else first


def basket_total(script: Script) -> str:
    """Return what the made-up basket comes to; nothing for an empty one."""
    total = sum((piece.price for piece in script.basket), Decimal())
    return money(total, settings.OSCAR_DEFAULT_CURRENCY) if script.basket else ""
