"""How is a ladder drawn? Each task's rungs from the lowest up: where it stands, what is on trial, what is waited for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oscar_engage.dashboard.learning.points import read_number
from oscar_engage.dashboard.learning.said import TITLES, say_day
from oscar_engage.dashboard.templatetags.engage_numbers import number
from oscar_engage.learning.nightly.state import Step
from oscar_engage.learning.nightly.words import RULES, name_rung, say_why
from oscar_engage.learning.registry.why import Why
from oscar_engage.learning.training.ladder import RUNGS


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of one kind of evidence there is, of how much a rung opens at."""

    words: str
    there: int
    least: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """``state``: ``here``, ``trial``, ``below``, ``next`` or ``above``; ``note`` says what that means for it."""

    name: str
    state: str
    note: str
    progress: tuple[Progress, ...] = ()


@dataclass(frozen=True, slots=True)
class Climb:
    """One task's ladder, the highest rung first, as one looks at it."""

    task: str
    title: str
    rungs: tuple[Rung, ...]


def draw_climb(step: Step) -> Climb:
    """Return the ladder of a task."""
    return Climb(str(step.task), str(TITLES[step.task]), tuple(_rungs(step))[::-1])


def _rungs(step: Step) -> Iterator[Rung]:
    least: dict[str, Mapping[str, float]] = {RULES: {}, **dict(RUNGS[step.task])}
    names = list(least)
    if step.rung not in names:  # of another version of this product: it speaks all the same
        names.insert(1, step.rung)
    here = names.index(step.rung)
    for place, name in enumerate(names):
        state = "here" if place == here else "below" if place < here else _state_above(step, name)
        yield Rung(
            name=name_rung(name),
            state=state,
            note=_note(step, state) or (_say_tried(step) if state == "above" and _is_open(step, least.get(name, {})) else ""),
            progress=_progress(step, least.get(name, {})) if state == "next" else (),
        )


def _state_above(step: Step, name: str) -> str:
    if step.shadow and step.shadow.rung == name:
        return "trial"
    return "next" if step.next_rung == name else "above"


def _note(step: Step, state: str) -> str:
    if state == "here":
        return _("speaks since %(day)s") % {"day": say_day(step.speaks.since)} if step.speaks else _("decide alone")
    if state == "trial" and step.shadow_until:
        return _("on trial until %(day)s") % {"day": say_day(step.shadow_until)}
    return "; ".join(step.waits_for) if state == "next" else ""


def _is_open(step: Step, least: Mapping[str, float]) -> bool:
    """Whether there was enough for a rung when it was last looked at."""
    counts = {kind: read_number(step.counts.get(kind)) for kind in least}
    return bool(counts) and all(there is not None and there >= least[kind] for kind, there in counts.items())


def _say_tried(step: Step) -> str:
    if not step.tried:
        return ""
    if step.tried == Why.TOO_FEW:
        return _("enough to learn from; a few more orders are needed to judge by")
    return _("enough to learn from; last time: %(why)s") % {"why": say_why(step.tried)}


def _progress(step: Step, least: Mapping[str, float]) -> tuple[Progress, ...]:
    """Return a bar for each kind of evidence that is counted and not there yet."""
    found = []
    for kind, needed in least.items():
        there = read_number(step.counts.get(kind))
        if there is not None and there < needed:
            found.append(Progress(_say_kind(kind, int(there), int(needed)), max(0, int(there)), int(needed)))
    return tuple(found)


def _say_kind(kind: str, there: int, least: int) -> str:
    words = {"there": number(there), "least": number(least)}
    if kind == "orders":
        return ngettext("%(there)s of %(least)s order", "%(there)s of %(least)s orders", least) % words
    if kind == "treated":
        return _("%(there)s of %(least)s orders of those invited") % words
    if kind == "control":
        return _("%(there)s of %(least)s orders in the hold-out") % words
    return ngettext("%(there)s of %(least)s visit", "%(there)s of %(least)s visits", least) % words
