"""Which kinds of values are there? A type owns its operators, the cleaning of what was typed, and its words."""

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format, number_format, time_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oscar_engage.rules.engine.compare import IS_KNOWN, IS_UNKNOWN
from oscar_engage.rules.engine.values import Expected, Money, Scalar
from oscar_engage.rules.errors import WrongValueError

LARGEST_NUMBER = 1e12  # beyond every amount a shop deals in, within what floats hold to the penny
MOST_DECIMALS = 4  # as fine as any currency's prices
_LARGEST_EXPONENT = 12  # 0E+999999999 is a number too, and a gigabyte when written out
LONGEST_TEXT = 200  # as long as the longest text a signal carries
LONGEST_LIST = 1000
MOST_PERCENT = 1000  # what grew elevenfold is not worth telling from what grew more

_KNOWING = (IS_UNKNOWN, IS_KNOWN)
_ORDER = ("<", "<=", ">", ">=", "between")
_EQUAL = ("=", "!=")
_LISTED = ("in", "notIn")
_CURRENCY = re.compile(r"[A-Z]{3}")
_CLOCK = re.compile(r"(?P<hour>[01]?[0-9]|2[0-3]):(?P<minute>[0-5][0-9])")
_LISTED_ONE = re.compile(r'\s*(?:"(?P<quoted>(?:[^"]|"")*+)"\s*(?=,|\Z)|(?P<plain>[^,]*))(?:,|\Z)')
_HOUR = 60
_HOUR_SECONDS, _DAY = 60 * 60, 24 * 60 * 60
_FIRST_YEAR, _LAST_YEAR = 1971, 9998  # so that no time zone leads out of what a date can be


class ValueType(ABC):
    """Base of all types. Subclasses say what one value looks like; lists and ranges follow from that."""

    name: ClassVar[str]
    operators: ClassVar[tuple[str, ...]]

    @abstractmethod
    def clean_one(self, raw: object) -> Scalar:
        """Return ``raw`` (JSON, or text from a form) as a value or raise :class:`WrongValueError`."""

    def to_json(self, value: Any) -> Any:
        """Return one cleaned value in its canonical JSON shape."""
        return value

    @abstractmethod
    def describe(self, value: Any) -> str:
        """Return one cleaned value in words, in the reader's language."""

    def clean(self, operator: str, raw: object) -> Expected:
        """Return what a condition with ``operator`` compares with, from what was typed; ``null`` needs no value.

        A list may come as a JSON list or, from a plain form field, as text with commas (:func:`split_list`).
        """
        if operator in _KNOWING:
            return None
        if operator == "between":
            return self._clean_range(raw)
        if operator in _LISTED:
            return self._clean_list(raw)
        return self.clean_one(raw)

    def to_json_of(self, operator: str, value: Expected) -> Any:
        """Return what a condition compares with in its canonical JSON shape."""
        if operator in _KNOWING:
            return None
        return [self.to_json(one) for one in value] if isinstance(value, tuple) else self.to_json(value)

    def _clean_range(self, raw: object) -> tuple[Scalar, ...]:
        items = _split(raw)
        if len(items) != 2:  # noqa: PLR2004 - a range has two ends
            raise WrongValueError(_("Type two values: from and to."))
        low, high = (self.clean_one(item) for item in items)
        if _rank(low) > _rank(high):
            raise WrongValueError(_("Put the smaller value first."))
        return low, high

    def _clean_list(self, raw: object) -> tuple[Scalar, ...]:
        items = _split(raw)
        if not items:
            raise WrongValueError(_("List at least one value."))
        if len(items) > LONGEST_LIST:
            raise WrongValueError(_("List at most %(limit)d values.") % {"limit": LONGEST_LIST})
        return tuple(dict.fromkeys(self.clean_one(item) for item in items))


def _split(raw: object) -> list[object]:
    if isinstance(raw, str):
        return [*split_list(raw)]
    return list(raw) if isinstance(raw, list | tuple) else []


def split_list(text: str) -> list[str]:
    """Return the values in ``text``, which are separated by commas; one in double quotes may hold commas itself."""
    parts = (found["quoted"].replace('""', '"') if found["quoted"] else found["plain"] for found in _LISTED_ONE.finditer(text))
    return [part.strip() for part in parts if part and part.strip()]


def join_list(values: Iterable[str]) -> str:
    """Return ``values`` as a text that :func:`split_list` takes apart again, in quotes where it must be."""
    return ", ".join('"{}"'.format(one.replace('"', '""')) if "," in one or one.startswith('"') else one for one in values)


def _rank(value: Any) -> Any:
    return value.amount if isinstance(value, Money) else value


def _clean_number(raw: object, message: str) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise WrongValueError(message)
    try:
        number = float(raw)
    except (ValueError, OverflowError):
        raise WrongValueError(message) from None
    if not math.isfinite(number) or abs(number) > LARGEST_NUMBER:
        raise WrongValueError(message)
    return number


class Number(ValueType):
    """Any number."""

    name = "number"
    operators: ClassVar[tuple[str, ...]] = (*_EQUAL, *_ORDER, *_LISTED, *_KNOWING)

    def clean_one(self, raw: object) -> Scalar:
        """Return a float."""
        return _clean_number(raw, _("Type a number, such as 2.5."))

    def describe(self, value: Any) -> str:
        """Return the number as people write it."""
        return number_format(value)


class Integer(Number):
    """A whole number."""

    name = "integer"

    def clean_one(self, raw: object) -> Scalar:
        """Return an int."""
        message = _("Type a whole number, such as 3.")
        number = _clean_number(raw, message)
        if not number.is_integer():
            raise WrongValueError(message)
        return int(number)


class Percent(Number):
    """A share in per cent: 30 is thirty per cent, and may be typed with its sign."""

    name = "percent"
    operators: ClassVar[tuple[str, ...]] = (*_ORDER, *_KNOWING)

    def clean_one(self, raw: object) -> Scalar:
        """Return the per cent as a float, not negative; of a rise there may be more than a hundred."""
        message = _("Type a percentage from 0 to %(most)d, such as 30.") % {"most": MOST_PERCENT}
        number = _clean_number(raw.strip().removesuffix("%") if isinstance(raw, str) else raw, message)
        if not 0 <= number <= MOST_PERCENT:
            raise WrongValueError(message)
        return number

    def describe(self, value: Any) -> str:
        """Return the number with its sign."""
        return _("%(number)s %%") % {"number": number_format(int(value) if value == int(value) else value)}


class Duration(ValueType):
    """A time span in seconds. It has no "equals": a clock is never seen at exactly one value."""

    name = "duration"
    operators = (*_ORDER, *_KNOWING)

    def clean_one(self, raw: object) -> Scalar:
        """Return the seconds, not negative."""
        message = _("Type a number of seconds, such as 45.")
        seconds = _clean_number(raw, message)
        if seconds < 0 or seconds > timedelta(days=366).total_seconds():
            raise WrongValueError(message)
        return seconds

    def to_json(self, value: Any) -> Any:
        """Return whole seconds as an integer."""
        return int(value) if value == int(value) else value

    def describe(self, value: Any) -> str:
        """Return whole days, hours or minutes as such, all else as seconds; what never happened is longer ago than is kept."""
        if value == math.inf:
            return _("never, as far as is kept")
        if value and not value % _DAY:
            return ngettext("%(count)s day", "%(count)s days", int(value // _DAY)) % {"count": int(value // _DAY)}
        if value and not value % _HOUR_SECONDS:
            hours = int(value // _HOUR_SECONDS)
            return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
        minutes, rest = divmod(value, 60)
        if minutes and not rest:
            return ngettext("%(count)s minute", "%(count)s minutes", int(minutes)) % {"count": int(minutes)}
        return ngettext("%(count)s second", "%(count)s seconds", round(value)) % {"count": number_format(self.to_json(value))}


class DateTime(ValueType):
    """A point in time, to the second: seconds since 1970 within the engine, ISO 8601 in JSON. It has no "equals" either."""

    name = "datetime"
    operators = (*_ORDER, *_KNOWING)

    def clean_one(self, raw: object) -> Scalar:
        """Return the seconds since 1970 (UTC) of a text such as ``2026-12-24T18:00``; without an offset in the shop's time."""
        message = _("Type a date and a time, such as 2026-12-24 18:00.")
        text = raw.strip() if isinstance(raw, str) else ""
        try:
            read = parse_datetime(text)
        except ValueError:  # of the right form, but there is no such day
            raise WrongValueError(message) from None
        if read is None or not _FIRST_YEAR <= read.year <= _LAST_YEAR:
            raise WrongValueError(message)
        aware = timezone.make_aware(read) if timezone.is_naive(read) else read
        return float(math.floor(aware.timestamp()))

    def to_json(self, value: Any) -> Any:
        """Return ISO 8601, in UTC."""
        return datetime.fromtimestamp(value, UTC).isoformat()

    def describe(self, value: Any) -> str:
        """Return date and time as people write them, in the shop's time."""
        return date_format(timezone.localtime(datetime.fromtimestamp(value, UTC)), "SHORT_DATETIME_FORMAT")


class TimeOfDay(ValueType):
    """An hour and minute of the day, whatever the day: minutes since midnight within the engine, ``HH:MM`` in JSON."""

    name = "time"
    operators = (*_ORDER, *_KNOWING)

    def clean_one(self, raw: object) -> Scalar:
        """Return the minutes since midnight of a text such as ``18:30``."""
        found = _CLOCK.fullmatch(raw.strip()) if isinstance(raw, str) else None
        if found is None:
            raise WrongValueError(_("Type a time of the day, such as 18:30."))
        return int(found["hour"]) * _HOUR + int(found["minute"])

    def to_json(self, value: Any) -> Any:
        """Return ``HH:MM``."""
        return "{:02d}:{:02d}".format(*divmod(int(value), _HOUR))

    def describe(self, value: Any) -> str:
        """Return the time as people write it."""
        hour, minute = divmod(int(value), _HOUR)
        return time_format(time(hour, minute), "TIME_FORMAT")


class MoneyType(ValueType):
    """An amount with its currency: ``{"amount": "100.00", "currency": "GBP"}``."""

    name = "money"
    operators = (*_EQUAL, *_ORDER, *_KNOWING)

    def clean_one(self, raw: object) -> Scalar:
        """Return :class:`Money`, exact to the digit typed."""
        message = _("Type an amount and a currency, such as 100.00 and GBP.")
        if not isinstance(raw, Mapping) or not set(raw) <= {"amount", "currency"}:
            raise WrongValueError(message)
        _clean_number(raw.get("amount"), message)
        currency = str(raw.get("currency", "")).upper()
        if not _CURRENCY.fullmatch(currency):
            raise WrongValueError(message)
        amount = Decimal(str(raw["amount"]).strip())  # takes all that float takes
        _sign, _digits, exponent = amount.as_tuple()
        if not isinstance(exponent, int) or not -MOST_DECIMALS <= exponent <= _LARGEST_EXPONENT:
            raise WrongValueError(message)
        return Money(amount, currency)

    def to_json(self, value: Any) -> Any:
        """Return amount (as text, so that no digit is lost) and currency."""
        return {"amount": format(value.amount, "f"), "currency": value.currency}

    def describe(self, value: Any) -> str:
        """Return the amount with its currency."""
        return f"{number_format(value.amount)} {value.currency}"

    def _clean_range(self, raw: object) -> tuple[Scalar, ...]:
        ends = super()._clean_range(raw)
        if len({end.currency for end in ends if isinstance(end, Money)}) > 1:
            raise WrongValueError(_("Use one currency for both amounts."))
        return ends


class Boolean(ValueType):
    """Yes or no."""

    name = "boolean"
    operators: ClassVar[tuple[str, ...]] = (*_EQUAL, *_KNOWING)

    def clean_one(self, raw: object) -> Scalar:
        """Return a bool."""
        if isinstance(raw, bool):
            return raw
        if raw in ("true", "false"):
            return raw == "true"
        raise WrongValueError(_("Choose yes or no."))

    def describe(self, value: Any) -> str:
        """Return yes or no."""
        return _("yes") if value else _("no")


class Membership(Boolean):
    """Whether a segment holds: asked only in one way, so that a rule can always be written out without segments."""

    operators = ("=",)


@dataclass(frozen=True)
class Choice(ValueType):
    """One of a fixed list: the stored value with its label, in the order in which a form shows them."""

    choices: Mapping[str, str | Promise]

    name: ClassVar[str] = "choice"
    operators: ClassVar[tuple[str, ...]] = (*_EQUAL, *_LISTED, *_KNOWING)

    def clean_one(self, raw: object) -> Scalar:
        """Return the value when it is on the list."""
        if isinstance(raw, str) and raw in self.choices:
            return raw
        near = get_close_matches(raw, self.choices, n=1) if isinstance(raw, str) else []
        if near:
            raise WrongValueError(_("This is not on the list. Did you mean “%(value)s”?") % {"value": near[0]})
        raise WrongValueError(_("Choose one of: %(values)s.") % {"values": ", ".join(self.choices)})

    def describe(self, value: Any) -> str:
        """Return the value's label."""
        return str(self.choices[value])


class Text(ValueType):
    """A text, compared without regard to case."""

    name = "text"
    operators: ClassVar[tuple[str, ...]] = (*_EQUAL, *_LISTED, "contains", "beginsWith", *_KNOWING)

    def clean_one(self, raw: object) -> Scalar:
        """Return the text without spaces around it; control characters and lone surrogates are refused."""
        text = raw.strip() if isinstance(raw, str) else ""
        if not text or len(text) > LONGEST_TEXT or not all(char.isprintable() for char in text):
            raise WrongValueError(_("Type a text of 1 to %(limit)d characters.") % {"limit": LONGEST_TEXT})
        return text

    def describe(self, value: Any) -> str:
        """Return the text in quotation marks."""
        return _("“%(text)s”") % {"text": value}


class SetOfTexts(Text):
    """Several texts at once: ``contains`` asks for one of them, ``in`` for any of a list, ``notIn`` for none of it."""

    name = "set"
    operators = ("contains", *_LISTED, *_KNOWING)
