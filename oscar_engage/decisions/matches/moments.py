"""What did every variable read at the moments of a recorded visit? Worked out, and written small: what changed since the last.

A moment is a beat that was recorded, or the end of a page, when its clocks had come farthest. Variables with parameters and
those whose value then is not recorded are left out, so they are unknown.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from oscar_engage.decisions.past.clocks import Steps, find_beats, find_pages
from oscar_engage.decisions.past.moment import rebuild
from oscar_engage.rules.engine.values import UNKNOWN, Money, Value
from oscar_engage.rules.recall import is_recalled
from oscar_engage.rules.variables import VARIABLES
from oscar_engage.signals.shipped import PageLeft
from oscar_engage.visitors.fold import fold
from oscar_engage.visitors.recall import Recording

_MONEY, _SET = "m", "s"
_Plain = None | bool | int | float | str | tuple[str, ...]
_LARGEST = 2**63 - 1  # that msgpack can write; no rule compares with more
_DECIMALS = 2  # of seconds; so that a clock just past a limit stays past it


def read_moments(recording: Recording, *, consent: int, is_customer: bool, steps: Steps) -> Iterator[dict[str, Value]]:
    """Yield what the variables read at each moment, the unknown ones left out."""
    pages = find_pages(recording.heard)
    ends = {beat.heard for beat in find_beats(recording.heard, pages)}
    names = [one.name for one in VARIABLES if not one.parameters and is_recalled(one.name)]
    state = recording.begin()
    for place, heard in enumerate(recording.heard, start=1):
        state = fold(state, heard.signal, heard.page)
        is_end = isinstance(heard.signal.payload, PageLeft)
        if place in ends or is_end:
            at = heard.signal.at if is_end else heard.received_at
            page = pages.at(heard.received_at)
            past = rebuild(state, page, consent=consent, is_customer=is_customer, at=at, steps=steps)
            values = {name: past.value(name) for name in names}
            yield {name: value for name, value in values.items() if value is not UNKNOWN}


def pack(moments: Iterator[dict[str, Value]]) -> bytes:
    """Return ``moments`` as bytes."""
    before: dict[str, Any] = {}
    written: list[dict[str, Any]] = []
    for moment in moments:
        now = {name: _to_plain(value) for name, value in moment.items()}
        changes = {name: value for name, value in now.items() if name not in before or before[name] != value}
        written.append({**changes, **dict.fromkeys(before.keys() - now.keys())})
        before = now
    return msgspec.msgpack.encode(written)


def unpack(packed: Iterable[bytes], fields: Sequence[str]) -> tuple[dict[str, list[Value]], list[int]]:
    """Return what the ``fields`` read in each moment of all visits, one after another, and the place after each visit's last.

    Of what was written only the ``fields`` are decoded: most of a moment is other variables.
    """
    names = {f"f{place}": field for place, field in enumerate(fields)}
    shape = msgspec.defstruct("Changes", [(name, _Plain, msgspec.UNSET) for name in names], rename=names)
    decoder, read = msgspec.msgpack.Decoder(list[shape]), _Reader()  # type: ignore[valid-type]  # made just now
    columns: list[list[Value]] = [[] for _field in fields]
    ends, size = list[int](), 0
    for visit in packed:
        now: list[Value] = [UNKNOWN] * len(fields)
        for changes in decoder.decode(visit):
            for place, raw in enumerate(msgspec.structs.astuple(changes)):
                if raw is not msgspec.UNSET:
                    now[place] = read[raw] if isinstance(raw, tuple) else UNKNOWN if raw is None else raw
                columns[place].append(now[place])
            size += 1
        ends.append(size)
    return dict(zip(fields, columns, strict=True)), ends


def _to_plain(value: Value) -> Any:
    """Return a value as msgpack takes it: what is more than one plain value as a list, named by its first item.

    A shop's own variable may return anything: what no rule can compare is written as unknown.
    """
    if isinstance(value, Money):
        return [_MONEY, str(value.amount), value.currency]
    if isinstance(value, frozenset):
        return [_SET, *sorted(_plain_text(one) for one in value if isinstance(one, str))]
    if isinstance(value, str):
        return _plain_text(value)
    if isinstance(value, int):
        return value if isinstance(value, bool) else max(-_LARGEST, min(int(value), _LARGEST))
    return round(float(value), _DECIMALS) if isinstance(value, float | Decimal) else None


def _plain_text(text: str) -> str:
    """Return ``text`` itself, not of a class of its own (as one that is safe to show), and fit to be written."""
    return text.encode("utf-8", "replace").decode()


class _Reader(dict[tuple[str, ...], Value]):
    """Reads amounts and sets, each of them once: they are costly to build, and come again and again."""

    def __missing__(self, raw: tuple[str, ...]) -> Value:
        value = self[raw] = _from_plain(raw)
        return value


def _from_plain(raw: tuple[str, ...]) -> Value:
    return Money(Decimal(raw[1]), raw[2]) if raw[0] == _MONEY else frozenset(raw[1:])
