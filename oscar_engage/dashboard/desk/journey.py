"""Where did the shopper go? The log's signals as steps: what opened and left one page is one of them."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from oscar_engage.dashboard.desk.pages import get_page_opened, name_page, path_of_page, read_things
from oscar_engage.dashboard.desk.words import describe, say_left, say_looked
from oscar_engage.dashboard.desk.words_help import UNTOLD
from oscar_engage.signals.models import SignalRecord
from oscar_engage.visitors.page import PageFacts

MOST_STEPS = 50
"""Steps of the journey shown, the newest first."""

_MOST_SIGNALS = 150  # a page that is opened, left and told of by the server makes one step of three
_ONE_OPENING = timedelta(seconds=10)  # between the server's word of an opening and the browser's, which comes once it loaded


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened in the visit; ``path`` is the page it was about, where there is one to look at."""

    at: datetime
    words: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class _Moment:
    """A signal, or an opening with what belongs to it: for how many seconds (``None``: not left yet, or never told)."""

    at: datetime
    kind: str
    payload: dict[str, Any]
    page: PageFacts | None
    seconds: float | None = None


def read_journey(visit_id: uuid.UUID) -> Sequence[Step]:
    """Return the latest steps of the visit, the newest first, with at most three queries."""
    told = SignalRecord.objects.filter(visit_id=visit_id).exclude(kind__in=UNTOLD)
    records = list(told.order_by("-at", "-pk")[:_MOST_SIGNALS])
    things = read_things(record.payload for record in records)
    steps: list[Step] = []
    for moment in reversed(_merge(reversed(records))):
        if moment.page is None:
            about = moment.payload.get("product_id")
            words, path = describe(moment.kind, moment.payload, things), things.product(about).path
        else:
            name, path = name_page(moment.page, things), path_of_page(moment.page, things)
            say = say_left if moment.kind == "page.left" else say_looked
            words = say(name, moment.seconds)
        steps.append(Step(moment.at, words, path))
    return steps[:MOST_STEPS]


def _merge(records: Iterable[SignalRecord]) -> list[_Moment]:
    """Return the moments in order, one for each opening; a leaving belongs to the latest opening of its page not left yet."""
    moments: list[_Moment] = []
    opened: dict[PageFacts, int] = {}  # where in ``moments`` the opening is that nothing has left yet
    for record in records:
        page = get_page_opened(record.kind, record.payload)
        moment = _Moment(record.at, record.kind, record.payload, page)
        known = opened.get(page) if page else None
        if page is None:
            moments.append(moment)
        elif record.kind == "page.left":
            left = replace(moment, seconds=float(record.payload.get("visible", 0)))
            if known is None:
                moments.append(left)
            else:
                moments[known] = replace(moments[known], seconds=left.seconds)
                del opened[page]
        elif known is None or not _is_one_opening(moments[known], moment):
            opened[page] = len(moments)
            moments.append(moment)
    return moments


def _is_one_opening(one: _Moment, other: _Moment) -> bool:
    """Whether server and browser told of the same opening; two words of the same kind are two openings."""
    return one.kind != other.kind and other.at - one.at <= _ONE_OPENING
