"""Is what a shop wrote of the kind that a setting has: a number, a text, a list of texts, a dictionary?"""

from collections.abc import Mapping
from dataclasses import Field
from decimal import Decimal
from numbers import Real
from typing import Any, get_args

EXAMPLES: Mapping[str, str] = {
    "call_webhook": '{"URL": "https://pbx.example/dial", "SECRET": os.environ["DIAL_SECRET"]}',
    "outside_desk": '{"ADAPTER": "oscar_engage.outside.chatwoot.Chatwoot", "URL": "https://chat.example"}',
    "report_daily": '{"owner@shop.example": "en"}',
    "report_weekly": '{"owner@shop.example": "en"}',
    "answer_synonyms": '{"en": [["jumper", "sweater"]]}',
    "returns_text": '{"en": "Within 30 days."}',
    "voices_turn": '{"URLS": ["turn:turn.shop.example:3478"], "SECRET": os.environ["TURN_SECRET"]}',
    "voices_room": '{"HOST": "meet.example"}',
    "consent_groups": '{"statistics": "STATISTICS", "marketing": "PERSONALISATION"}',
}
"""What to type where a setting is a dictionary."""

_PAIR = 2
_LONGEST = 40  # characters of a wrong value that are read back


def complain(field: "Field[Any]", value: Any) -> str:
    """Return what the frozen ``value`` (lists and dictionaries are tuples) should be instead, or nothing if it is of the kind.

    For ``RETENTION_DAYS`` and ``"ninety"`` it is ``"is a number, such as 90, not 'ninety'"``. Whole numbers are as good as
    others, and the other way round. What may hold a secret is not read back.
    """
    kind, example = field.type, field.default
    if kind is bool:
        return "" if value in (True, False) else f"is True or False, not {_shorten(value)}"
    if kind in (int, float):
        return "" if _is_number(value) else f"is a number, such as {example}, not {_shorten(value)}"
    if kind is str:
        like = f", such as {example!r}" if example else ""
        return "" if isinstance(value, str) else f"is a text{like}, and this is of the type {type(value).__name__}"
    if get_args(kind)[0] is str:
        return "" if _is_texts(value) else f"is a list of texts, such as {_like(value, example)}"
    return "" if _is_pairs(value, get_args(kind)[0]) else f"is a dictionary, such as {EXAMPLES[field.name]}"


def _is_number(value: Any) -> bool:
    return isinstance(value, Real | Decimal) and not isinstance(value, bool)


def _is_texts(value: Any) -> bool:
    return isinstance(value, tuple) and all(isinstance(one, str) for one in value)


def _like(value: Any, example: Any) -> list[Any]:
    """Return a list to show: mostly somebody wrote its only text without the brackets."""
    return [value] if isinstance(value, str) else list(example) or ["…"]


def _is_pairs(value: Any, pair: Any) -> bool:
    """Whether ``value`` are pairs of a text and, where ``pair`` says so, another."""
    if not isinstance(value, tuple) or not all(isinstance(one, tuple | list) and len(one) == _PAIR for one in value):
        return False
    second = get_args(pair)[1]
    takes = str if second is str else object
    return all(isinstance(key, str) and isinstance(one, takes) for key, one in value)


def _shorten(value: Any) -> str:
    said = repr(value)
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"
