"""How may open conversations be woken? What a shop sets under ``PUSH``, checked, and what processes say to each other."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

_SETTING = "OSCAR_ENGAGE['PUSH']"
_EXAMPLE = "{'URL': '/engage-push/', 'WAKE': 'postgresql'}"
_KEYS = ("URL", "WAKE", "WAKE_URL", "LISTENERS")
_URL = re.compile(r"/(?:[\w.~-]+/)+", re.ASCII)
_SCHEMES = {"postgresql": ("postgresql://", "postgres://"), "redis": ("redis://", "rediss://", "unix://"), "database": ()}
_MOST_LISTENERS = 100_000
LIVE = "live."
"""How the topic of a live session begins (``oscar_engage.sharing``): its two sides listen, and no desk does."""

_WORDS = re.compile(r"(?P<conversation>(?:live\.)?[\w-]{1,32}) (?P<seq>[0-9]{1,9})", re.ASCII)
_ID = re.compile(r"(?:live\.)?[\w-]{1,32}", re.ASCII)


class WrongPushError(ValueError):
    """A key or a value under ``PUSH`` that we cannot use; the message says what to type instead."""


class WakeBy(StrEnum):
    """Who tells the push process that something was said."""

    POSTGRESQL = "postgresql"
    REDIS = "redis"
    DATABASE = "database"


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """How the shop pushes. ``url`` is a path of the shop's own site; ``listeners``: streams of one process, at most."""

    url: str
    by: WakeBy
    wake_url: str = ""
    listeners: int = 2000


@dataclass(frozen=True, slots=True)
class Wake:
    """That a conversation has moved: its public id and the number of its last message. What was said is never in it."""

    conversation: str
    seq: int


def clean_push(raw: object) -> Push:
    """Return the setting in its frozen shape or raise :class:`WrongPushError`."""
    if not isinstance(raw, Mapping):
        raise WrongPushError(f"{_SETTING} is None or a dictionary such as {_EXAMPLE}.")
    unknown = sorted(str(key) for key in raw if key not in _KEYS)
    if unknown:
        raise WrongPushError(f"{_SETTING} has no key {unknown[0]!r}; it knows {', '.join(_KEYS)}.")
    by = _clean_by(raw.get("WAKE"))
    return Push(
        url=_clean_url(raw.get("URL")),
        by=by,
        wake_url=_clean_wake_url(raw.get("WAKE_URL", ""), by),
        listeners=_clean_listeners(raw.get("LISTENERS", 2000)),
    )


def _clean_url(url: object) -> str:
    if not isinstance(url, str) or not _URL.fullmatch(url):
        raise WrongPushError(
            f"{_SETTING}['URL'] is a path of the shop's own site that ends with a slash, such as '/engage-push/': "
            "on another host the browser would not send the cookie by which we know the shopper."
        )
    return url


def _clean_by(by: object) -> WakeBy:
    try:
        return WakeBy(str(by))
    except ValueError:
        raise WrongPushError(f"{_SETTING}['WAKE'] is one of {', '.join(map(repr, map(str, WakeBy)))}.") from None


def _clean_wake_url(url: object, by: WakeBy) -> str:
    schemes = _SCHEMES[by]
    if url == "" and by is not WakeBy.REDIS:
        return ""
    if not isinstance(url, str) or not url.startswith(schemes):
        wanted = f"an address such as '{schemes[0]}127.0.0.1/0'" if schemes else "left out"
        raise WrongPushError(f"{_SETTING}['WAKE_URL'] is {wanted} with 'WAKE': '{by}'.")
    return url


def _clean_listeners(number: object) -> int:
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= _MOST_LISTENERS:
        raise WrongPushError(f"{_SETTING}['LISTENERS'] is a number from 1 to {_MOST_LISTENERS}, such as 2000.")
    return number


def write_wake(wake: Wake) -> str:
    """Return the words by which one process tells another."""
    return f"{wake.conversation} {wake.seq}"


def read_wake(words: str) -> Wake | None:
    """Return what was told, or ``None`` for words that are none of ours: whoever reaches the channel may say anything."""
    found = _WORDS.fullmatch(words)
    return Wake(found["conversation"], int(found["seq"])) if found else None


def read_ids(text: str, *, most: int) -> tuple[str, ...]:
    """Return the different public ids in a comma-separated text, in their order; none where one is malformed or too many."""
    ids = tuple(dict.fromkeys(text.split(",")))
    return ids if len(ids) <= most and all(_ID.fullmatch(each) for each in ids) else ()
