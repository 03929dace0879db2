"""How old is what a rule reads? The signal with which a variable last came to read something else."""

from collections.abc import Collection
from datetime import datetime

from oscar_engage.decisions.past.clocks import OpenPage
from oscar_engage.decisions.past.moment import rebuild
from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.signals.signal import Source
from oscar_engage.visitors.fold import fold
from oscar_engage.visitors.page import UNKNOWN_PAGE
from oscar_engage.visitors.recall import Heard, Recording

BY_BROWSER = frozenset({"page.idle_seconds", "page.visible_seconds"})
"""The clocks of the browser: as old as the last that was heard of it."""


def find_ages(
    recording: Recording, fields: Collection[str], *, at: datetime, consent: int, is_customer: bool
) -> dict[str, Heard]:
    """Return of each of ``fields`` the signal, heard by ``at``, on which its value rests, if it rests on one.

    Each variable is read after every signal, on a clock that stands still, so that no table has to say what it rests on.
    """
    state, facts = recording.begin(), UNKNOWN_PAGE
    found: dict[str, Heard] = {}
    before: dict[str, Value] = {}
    for heard in recording.heard:
        if heard.received_at > at:
            break
        state = fold(state, heard.signal, heard.page)
        facts = heard.page if heard.page != UNKNOWN_PAGE else facts
        page = OpenPage(facts=facts, opened_at=at, shown_at=at, left_at=None, hidden=(), told=())
        past = rebuild(state, page, consent=consent, is_customer=is_customer, at=at, steps={"checkout": (), "seconds": ()})
        for field in fields:
            value = past.value(field)
            if (field in BY_BROWSER and heard.signal.source is Source.BROWSER) or value != before.get(field, UNKNOWN):
                found[field] = heard
            before[field] = value
    return found
