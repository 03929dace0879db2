"""How are opening hours typed? A line for each day; written from what is stored and read back into it."""

from collections.abc import Mapping, Sequence

from django.utils.translation import pgettext

from oscar_engage.core.opening import DAYS

CLOSED = "closed"


def write_lines(hours: Mapping[str, str]) -> str:
    """Return days or dates with their hours, a line each in their order; without hours it says that it is closed.

    In their order, because PostgreSQL keeps none of a JSON object's.
    """
    return "\n".join(f"{day}: {spans or _closed()}" for day, spans in sorted(hours.items(), key=_place))


def read_lines(text: str) -> dict[str, str]:
    """Return what :func:`write_lines` wrote, or a person did; a day on several lines has the hours of all of them.

    Nothing is checked here: what is no day stays to be told of.
    """
    hours: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        day, _colon, typed = (part.strip() for part in line.partition(":"))
        spans = "" if typed.lower() in {"", CLOSED, _closed().lower()} else typed
        hours[day] = ", ".join(filter(None, (hours.get(day, ""), spans)))
    return hours


def write_list(items: Sequence[str]) -> str:
    """Return the items, a line each."""
    return "\n".join(items)


def read_list(text: str) -> list[str]:
    """Return the lines with something in them."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _place(entry: tuple[str, str]) -> tuple[int, str]:
    day = entry[0].lower()
    first = day.partition("-")[0].strip()
    return (DAYS.index(first) if first in DAYS else len(DAYS)), day


def _closed() -> str:
    return pgettext("opening hours", "closed")
