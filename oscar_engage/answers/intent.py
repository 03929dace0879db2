"""Is a fact asked for that the shop knows by itself? A small closed set of ways to ask, in English and German.

Stock, one's own order, returns: whatever is not clearly one of them is none of them, and goes to the articles.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from oscar_engage.answers.words import fold, words_of

MOST_WORDS = 14
"""Words of a question that can be about a fact; who tells more asks about more."""


class Intent(Enum):
    """What is asked for."""

    STOCK = "stock"
    ORDER = "order"
    RETURNS = "returns"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked: ``option`` is the size or colour of the page's product, ``number`` the order's; both may be empty."""

    intent: Intent
    option: str = ""
    number: str = ""


_THIS_EN = r"(?:it|this|these|them|that|this one|this product|this item|this article)"
_THIS_DE = r"(?:es|das|dies|diese[nrsm]?|ihn|sie|der artikel|den artikel|diesen artikel|das produkt|dieses produkt|die)"
_ORDERED_EN = r"(?:order|parcel|package|delivery|shipment|stuff|purchase)"
_ORDERED_DE = r"(?:bestellung|paket|lieferung|sendung|ware|auftrag|bestellte)"

_SENT_DE = r"(?:verschickt|unterwegs|versandt|raus|versendet|abgeschickt)"
_BACK_DE = r"(?:zurueckgeben|zurueckschicken|zuruecksenden|retournieren)"
_THERE_DE = r"(?:lieferbar|verfuegbar|vorraetig|auf lager|da|zu haben|ausverkauft)"

_WAYS: Mapping[str, Mapping[Intent, re.Pattern[str]]] = {
    "en": {
        Intent.ORDER: re.compile(
            rf"\bwhere(?: is|'s|s)? my {_ORDERED_EN}\b|\bwhen (?:will|does|is|do) (?:i (?:get|receive) )?my {_ORDERED_EN}\b"
            rf"|\bstatus of my {_ORDERED_EN}\b|\bmy {_ORDERED_EN} status\b"
            rf"|\b(?:has|is|was) my {_ORDERED_EN} (?:been )?(?:shipped|sent|dispatched|on its way|coming|arriving)\b"
        ),
        Intent.RETURNS: re.compile(
            rf"\b(?:can|could|may) (?:i|we) (?:return|send back|bring back|give back) {_THIS_EN}\b"
            rf"|\b(?:can|could|may) (?:i|we) (?:send|give|bring) {_THIS_EN} back\b|\bis {_THIS_EN} returnable\b"
            rf"|\b(?:can|could) {_THIS_EN} be returned\b"
        ),
        Intent.STOCK: re.compile(
            rf"\b(?:is|are) {_THIS_EN} (?:still |currently |now )?(?:available|in stock|sold out|out of stock|on stock)\b"
            rf"|\bdo you (?:still )?(?:have|stock|got) {_THIS_EN}\b|^(?:still )?(?:in stock|available|sold out)\b"
            r"|\bis (?:size|colou?r) \S+ (?:available|in stock|sold out)\b"
        ),
    },
    "de": {
        Intent.ORDER: re.compile(
            rf"\bwo (?:ist|bleibt|steckt) (?:denn )?(?:meine?|die|das) {_ORDERED_DE}\b"
            rf"|\bwann (?:kommt|wird|bekomme ich|erhalte ich|ist) (?:denn )?(?:meine?|die|das) {_ORDERED_DE}\b"
            rf"|\b(?:ist|wurde) meine? {_ORDERED_DE} (?:schon |bereits )?{_SENT_DE}\b"
            rf"|\bstatus meiner? {_ORDERED_DE}\b"
        ),
        Intent.RETURNS: re.compile(rf"\b(?:kann|koennte|darf) (?:ich|man) {_THIS_DE} (?:wieder )?{_BACK_DE}\b"),
        Intent.STOCK: re.compile(
            rf"\b(?:ist|sind) {_THIS_DE} (?:noch |gerade |aktuell )?(?:in (?:\S+ )?\S+ )?{_THERE_DE}\b"
            rf"|\b(?:habt ihr|haben sie|gibt es|gibts) {_THIS_DE} (?:noch |auch )?(?:in |auf lager|da\b)"
            rf"|\b(?:habt ihr|haben sie|gibt es|gibts) {_THIS_DE} (?:noch)?\W*$|^(?:noch )?{_THERE_DE}\b"
        ),
    },
}

_OPTION = re.compile(
    r"\bin (?:the )?(?:size |colou?r |groesse |gr\.? ?|farbe |der groesse |der farbe )?([a-z0-9][a-z0-9/.,-]{0,11})(?![a-z0-9])"
    r"|\b(?:size|colou?r|groesse|farbe) ([a-z0-9][a-z0-9/.,-]{0,11})(?![a-z0-9])"
)
_NO_OPTION = frozenset({"stock", "store", "the", "my", "der", "dem", "diesem", "meiner", "stores", "your"})
_NUMBER = re.compile(r"\b\d{4,20}\b")


def recognise(question: str, language: str) -> Asked | None:
    """Return what ``question`` asks the shop for, or ``None``: then it is for the articles."""
    if not 0 < len(words_of(question)) <= MOST_WORDS:
        return None
    text = " ".join(fold(question).split())
    for intent, way in _WAYS.get(language, {}).items():
        if way.search(text):
            number = _NUMBER.search(text) if intent is Intent.ORDER else None
            option = _option(text) if intent is Intent.STOCK else ""
            return Asked(intent=intent, option=option, number=number[0] if number else "")
    return None


def _option(text: str) -> str:
    found = (first or second for first, second in _OPTION.findall(text))
    return next((one.strip(".,-") for one in found if one.strip(".,-") not in _NO_OPTION), "")
