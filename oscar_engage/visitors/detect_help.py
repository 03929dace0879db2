"""Did the help help? Searches without a click, tools given up, articles of no use, help passed by."""

import uuid
from collections.abc import Iterator
from datetime import datetime

from oscar_engage.signals.kinds import Payload
from oscar_engage.signals.shipped_help import (
    ContactOpened,
    HelpBypassed,
    HelpNoClick,
    HelpNotHelpful,
    HelpRated,
    ToolAbandoned,
)
from oscar_engage.signals.signal import Signal, Source
from oscar_engage.visitors.self_help import SEARCHED, STARTED, HelpStep, left_open, still_open
from oscar_engage.visitors.state import VisitState


def follow_help(before: VisitState, after: VisitState, signal: Signal) -> Iterator[Signal]:
    """Give what follows about help from ``signal``, which led from ``before`` to ``after``."""
    for step in _newly_left(before, after):
        yield _derive_left(step, signal.at, signal.event_id)
    payload = signal.payload
    if isinstance(payload, HelpRated) and not payload.helpful:
        yield _derive("help.not_helpful", HelpNotHelpful(article=payload.article), signal.at, signal.event_id)
    if after.help.is_bypassed and not before.help.is_bypassed:
        form = payload.form if isinstance(payload, ContactOpened) else ""
        yield _derive("help.bypassed", HelpBypassed(form=form), signal.at, signal.event_id)


def follow_end(state: VisitState, visit_id: uuid.UUID, ended_at: datetime) -> list[Signal]:
    """Return what the end of the visit leaves open; asking again gives signals with the same ids."""
    return [_derive_left(step, ended_at, visit_id) for step in still_open(state.help, state.pages_seen)]


def _newly_left(before: VisitState, after: VisitState) -> list[HelpStep]:
    if not after.help.steps:
        return []
    return sorted(set(_left(after)) - set(_left(before)))


def _left(state: VisitState) -> tuple[HelpStep, ...]:
    help_, pages = state.help, state.pages_seen
    return (*left_open(help_, pages, SEARCHED), *left_open(help_, pages, STARTED))


def _derive_left(step: HelpStep, at: datetime, cause: uuid.UUID) -> Signal:
    what = f"{step.at}:{step.name}"  # one page may leave a search and two tools
    if step.what == SEARCHED:
        return _derive("help.no_click", HelpNoClick(query=step.name, results=step.results), at, cause, what)
    return _derive("selfhelp.abandoned", ToolAbandoned(tool=step.name), at, cause, what)


def _derive(kind: str, payload: Payload, at: datetime, cause: uuid.UUID, what: str = "") -> Signal:
    return Signal(kind=kind, payload=payload, at=at, event_id=uuid.uuid5(cause, f"{kind}{what}"), source=Source.DERIVED)
