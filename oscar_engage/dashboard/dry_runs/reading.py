"""What came of a dry run, in words and bars? Every number beside its bar, for those who do not see them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oscar_engage.decisions.dry_run.funnel import acting_branches, steps_of
from oscar_engage.decisions.dry_run.models import DryRun
from oscar_engage.decisions.dry_run.replay import ADVICE, AGENT_UNKNOWN, PRESENCE, RIVAL, SURFACE, UNSURE
from oscar_engage.decisions.dry_run.tally import Tally, from_json
from oscar_engage.decisions.models import Reason
from oscar_engage.rules.engine.tree import Document
from oscar_engage.rules.errors import InvalidRuleError
from oscar_engage.rules.load import judged_document
from oscar_engage.rules.models import Rule
from oscar_engage.rules.sentence import say_key, say_node
from oscar_engage.rules.variables import find_variable

WIDTH = 240
"""Width of a whole bar, in units of the drawing."""

_OUTCOMES: dict[str, Any] = {
    **{reason.value: reason.label for reason in Reason},
    AGENT_UNKNOWN: gettext_lazy("offered, if an agent was free: that is not recorded"),
    UNSURE: gettext_lazy("cannot be said"),
}
_MISSING: dict[str, Any] = {
    SURFACE: gettext_lazy("whether a form of ours stood open"),
    PRESENCE: gettext_lazy("whether the page was still open: the browser never said that it was left"),
    RIVAL: gettext_lazy("whether a higher rule would have won"),
    ADVICE: gettext_lazy("whether the model would have been against it, as it was against other help in that visit"),
    "page.idle_seconds": gettext_lazy(
        "how long nothing was touched: browsers tell 20, 45 and 90 seconds in the checkout, 30, 60 and 120 elsewhere"
    ),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One step of the funnel: ``alone`` are visits in which only this was missing, ``held`` those in which it held at all."""

    label: str
    count: int
    share: float
    width: int
    held: int | None = None
    alone: int | None = None


@dataclass(frozen=True, slots=True)
class Funnel:
    """The steps of one branch; ``title`` is empty when the rule has only one."""

    title: str
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Killer:
    """The condition that keeps most visits from matching, and how many more would match without it."""

    words: str
    visits: int


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """One outcome: moments, and visits that had one."""

    label: str
    moments: int
    visits: int
    rivals: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A dry run as people read it."""

    tally: Tally
    funnels: Sequence[Funnel]
    killer: Killer | None
    outcomes: Sequence[OutcomeLine]
    missing: Sequence[tuple[str, int]]
    is_readable: bool


def read_result(run: DryRun) -> Result:
    """Return what ``run`` has counted so far, with at most one query."""
    tally = from_json(run.tally)
    document = _parse(run.version.document)
    return Result(
        tally=tally,
        funnels=list(_funnels(document, tally)) if document else (),
        killer=_find_killer(document, tally) if document else None,
        outcomes=list(_outcomes(tally)),
        missing=[(_say_missing(name), count) for name, count in tally.unsaid.most_common()],
        is_readable=document is not None,
    )


def percent_done(run: DryRun) -> int:
    """Return how far it has come, in per cent."""
    return 100 if run.visits_total == 0 else min(100, run.visits_done * 100 // run.visits_total)


def _parse(raw: Mapping[str, Any]) -> Document | None:
    try:
        return judged_document(raw)
    except InvalidRuleError:
        return None


def _funnels(document: Document, tally: Tally) -> Iterator[Funnel]:
    branches = acting_branches(document)
    for number, branch in enumerate(branches, start=1):
        title = _("Branch %(number)d") % {"number": number} if len(branches) > 1 else ""
        yield Funnel(title, list(_bars(document, branch, tally)))


def _bars(document: Document, branch: int, tally: Tally) -> Iterator[Bar]:
    yield _bar(_("visits"), tally.visits, tally)
    if document.scope is not None:
        yield _bar(_("where: %(conditions)s") % {"conditions": say_node(document.scope)}, tally.in_scope, tally)
    for place, node in enumerate(steps_of(document, branch)):
        key = f"{branch}.{place}"
        yield _bar(say_node(node), tally.reached[key], tally, held=tally.held[key], alone=tally.alone[key])
    yield _bar(_("still held after the first seconds of a page"), tally.eligible, tally)
    yield _bar(_("would have been offered"), tally.offered, tally)


def _bar(label: str, count: int, tally: Tally, **more: int) -> Bar:
    share = count / tally.visits if tally.visits else 0.0
    return Bar(label, count, share, round(share * WIDTH), **more)


def _find_killer(document: Document, tally: Tally) -> Killer | None:
    words = {
        f"{branch}.{place}": say_node(node)
        for branch in acting_branches(document)
        for place, node in enumerate(steps_of(document, branch))
    }
    most = [(key, count) for key, count in tally.alone.most_common() if key in words]
    return Killer(words[most[0][0]], most[0][1]) if most else None


def _outcomes(tally: Tally) -> Iterator[OutcomeLine]:
    rivals = [int(pk) for pk in tally.lost_to]
    names = dict(Rule.objects.filter(pk__in=rivals).values_list("pk", "name")) if rivals else {}
    for what, label in _OUTCOMES.items():
        if tally.moments[what]:
            winners = _say_rivals(tally, names) if what == Reason.LOST.value else ""
            yield OutcomeLine(str(label), tally.moments[what], tally.ended[what], winners)


def _say_rivals(tally: Tally, names: Mapping[int, str]) -> str:
    won: Iterable[tuple[str, int]] = tally.lost_to.most_common()
    gone = _("a rule that is gone")
    return ", ".join(f"{names.get(int(pk), gone)} ({count})" for pk, count in won)


def _say_missing(name: str) -> str:
    if name in _MISSING:
        return str(_MISSING[name])
    if find_variable(name) is not None:
        return _("not recorded: %(variable)s") % {"variable": say_key(name)}
    return name
