"""What was heard in this visit? Its latest signals in words, and of every kind there is, how often it came."""

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from oscar_engage.dashboard.desk.pages import Things, get_page_opened, name_page, read_things
from oscar_engage.dashboard.desk.words import describe, say_left, say_looked
from oscar_engage.rules.kinds import LABELS
from oscar_engage.signals.kinds import KINDS, SignalKind
from oscar_engage.signals.models import SignalRecord

MOST_SIGNALS = 50
"""Signals shown, the latest first."""

_LONGEST_VALUE = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalLine:
    """One signal: when, from whom, of what kind, in words, and its data as it is stored."""

    at: datetime
    source: str
    source_label: str
    kind: str
    words: str
    data: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindLine:
    """One registered kind: how often it came in this visit, and when last."""

    name: str
    meaning: str
    sender: Any
    count: int
    last_at: datetime | None


def read_signals(visit_id: uuid.UUID, *, also: Mapping[str, Any]) -> tuple[Sequence[SignalLine], Things]:
    """Return the latest signals of the visit, with at most three queries, and the products and categories they speak of.

    ``also`` is one payload more whose things are wanted.
    """
    records = list(SignalRecord.objects.filter(visit_id=visit_id).order_by("-at", "-pk")[:MOST_SIGNALS])
    things = read_things([also, *(record.payload for record in records)])
    return [_line(record, things) for record in records], things


def read_checklist(visit_id: uuid.UUID) -> Sequence[KindLine]:
    """Return every registered kind, and any unregistered one that came, with one query: first what came, each by its name."""
    heard = SignalRecord.objects.filter(visit_id=visit_id).values_list("kind").annotate(Count("pk"), Max("at"))
    came = {kind: (count, last_at) for kind, count, last_at in heard}
    names = sorted({*KINDS.names(), *came}, key=lambda name: (name not in came, name))
    return [_kind_line(name, *came.get(name, (0, None))) for name in names]


def _line(record: SignalRecord, things: Things) -> SignalLine:
    return SignalLine(
        at=record.at,
        source=record.source,
        source_label=record.get_source_display(),
        kind=record.kind,
        words=_say(record, things),
        data=[(name, shorten(value)) for name, value in record.payload.items()],
    )


def _say(record: SignalRecord, things: Things) -> str:
    page = get_page_opened(record.kind, record.payload)
    if page is None:
        return describe(record.kind, record.payload, things)
    if record.kind == "page.left":
        return say_left(name_page(page, things), float(record.payload.get("visible", 0)))
    return say_looked(name_page(page, things), None)


def shorten(value: object) -> str:
    """Return a plain JSON value as one short text."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"


def _kind_line(name: str, count: int, last_at: datetime | None) -> KindLine:
    kind = KINDS.get(name) if name in KINDS else None
    return KindLine(name=name, meaning=_say_kind(name), sender=_sender(kind), count=count, last_at=last_at)


def _say_kind(name: str) -> str:
    """Return what the kind means: ours in the reader's language, a shop's own as its author wrote it."""
    if name in LABELS:
        return capfirst(str(LABELS[name]))
    if name not in KINDS:
        return ""
    return " ".join(KINDS.get(name).meaning.partition("\n\n")[0].replace("``", "").split())


def _sender(kind: SignalKind | None) -> Any:
    if kind is None:
        return _("not registered any more")
    return _("browser") if kind.from_browser else _("server")


def count_seen(lines: Iterable[KindLine]) -> int:
    """Return how many kinds came at all."""
    return sum(1 for line in lines if line.count)
