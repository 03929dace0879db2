"""What does an account say, in words? Each rule with what stopped it, its stages and its conditions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oscar_engage.dashboard.visits.listing import get_handle
from oscar_engage.dashboard.visits.rules import Standing
from oscar_engage.dashboard.visits.values import say_value
from oscar_engage.decisions.models import Decision
from oscar_engage.decisions.past.clocks import find_beats, find_pages
from oscar_engage.decisions.why.account import ConditionAccount, RuleAccount, VisitAccount
from oscar_engage.decisions.why.stages import Answer, Decided, Stage
from oscar_engage.learning.words.spoken import Log, Spoken
from oscar_engage.rules.engine.logic import Truth
from oscar_engage.rules.models import Rule
from oscar_engage.rules.sentence import say_condition
from oscar_engage.rules.shipped.choices import PAGE_KINDS, STAGES
from oscar_engage.rules.variables import get_variable
from oscar_engage.visitors.models import Visit
from oscar_engage.visitors.recall import recall

MOST_VISITS = 50
MOST_TIMES = 200
_DAYS = 7

_STANDINGS: dict[Truth, Standing] = {True: Standing.HOLDS, False: Standing.FAILS, None: Standing.UNKNOWN}

STOPPED: dict[Stage, Any] = {
    Stage.STATUS: gettext_lazy("The rule is not live."),
    Stage.SCHEDULE: gettext_lazy("It was not the rule's period."),
    Stage.SURFACE: gettext_lazy("Nothing may appear on this page, or not at this moment."),
    Stage.CONSENT: gettext_lazy("The shopper has not agreed to it."),
    Stage.SCOPE: gettext_lazy("The shopper is not where the rule applies."),
    Stage.CONDITION: gettext_lazy("The conditions do not hold."),
    Stage.NEWS: gettext_lazy("It was decided before, and has held ever since."),
    Stage.CAP: gettext_lazy("The shopper had enough offers."),
    Stage.DISMISSED: gettext_lazy("The shopper said no lately."),
    Stage.AVAILABLE: gettext_lazy("There was nothing to offer, or nobody to answer."),
    Stage.ADVICE: gettext_lazy("A model is against it: helping would do harm, cost too much, or help others more."),
    Stage.LOST: gettext_lazy("A higher rule wins."),
    Stage.HOLD_OUT: gettext_lazy("The shopper is left alone on purpose, to measure what the rule changes."),
}
_SEVERAL = (Stage.SURFACE, Stage.CAP, Stage.AVAILABLE)
"""Stages that stop for one of several reasons, which is said with it."""
_PASSED_BY_NO = (Stage.DISMISSED, Stage.HOLD_OUT)
"""Questions of which "no" lets a rule pass."""


@dataclass(frozen=True, slots=True)
class StageLine:
    """One stage: the question, how it was answered (a word for the style sheet, a word for people), and what was found."""

    question: str
    style: str
    answer: str
    found: str
    is_stop: bool


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """One condition in words: what was found, whether it holds, and since when the value reads so."""

    place: str
    words: str
    found: str
    standing: Standing
    heard_at: datetime | None
    heard_kind: str
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """One rule. ``result`` is the answer in one sentence."""

    pk: int
    name: str
    status: str
    status_label: str
    version: int
    result: str
    shows: bool
    stages: Sequence[StageLine]
    conditions: Sequence[ConditionLine]
    decided_at: datetime | None
    decided: str
    spoken: Spoken | None


def read_rules(account: VisitAccount, log: Log) -> Sequence[RuleLine]:
    """Return the rules of ``account`` in words, in the order of priority; ``log``: what was foretold in the visit."""
    return [_rule(one, account, log) for one in account.rules]


def _rule(account: RuleAccount, whole: VisitAccount, log: Log) -> RuleLine:
    stop, decided = account.stop, account.decided
    return RuleLine(
        pk=account.rule.pk,
        name=account.rule.name,
        status=account.rule.status,
        status_label=str(account.rule.get_status_display()),
        version=account.version,
        result=_result(stop, is_now=whole.is_now),
        shows=stop is None,
        stages=[_stage(answer, is_stop=answer is stop, is_true=_is_true(account)) for answer in account.answers],
        conditions=[_condition(condition, whole.at) for condition in account.conditions],
        decided_at=account.decided.at if account.decided else None,
        decided=_say_decided(account.decided),
        spoken=log.of_moment(account.rule.pk, decided.at) if decided else None,
    )


def _result(stop: Answer | None, *, is_now: bool) -> str:
    if stop is None:
        return _("It shows with the next beat.") if is_now else _("It would have shown.")
    if stop.passed is None:
        return _("It cannot be said: %(question)s") % {"question": stop.stage.value}
    if stop.stage in _SEVERAL and stop.words:
        return _("%(result)s: %(found)s.") % {"result": str(STOPPED[stop.stage]).removesuffix("."), "found": stop.words}
    return str(STOPPED[stop.stage])


def _is_true(account: RuleAccount) -> bool:
    return all(answer.passed for answer in account.answers if answer.stage in (Stage.SCOPE, Stage.CONDITION))


def _stage(answer: Answer, *, is_stop: bool, is_true: bool) -> StageLine:
    """Return the stage in words. Whether a rule "has just become true" is no question while it is not true."""
    found, passed = str(answer.words), answer.passed
    if answer.stage is Stage.NEWS and not is_true:
        return StageLine(str(answer.stage.value), Standing.UNJUDGED.style, _("not asked"), "", is_stop)
    says_yes = passed is not (answer.stage in _PASSED_BY_NO)
    words = _("cannot be said") if passed is None else _("yes") if says_yes else _("no")
    return StageLine(
        question=str(answer.stage.value),
        style=_STANDINGS[passed].style,
        answer=words,
        found="" if found == words else found,
        is_stop=is_stop,
    )


def _condition(account: ConditionAccount, at: datetime) -> ConditionLine:
    condition, heard = account.condition, account.heard
    variable = get_variable(condition.field)
    return ConditionLine(
        place=_("where") if account.path.startswith("scope") else _("when"),
        words=say_condition(condition),
        found=say_value(variable, account.actual) if account.is_said else _("not recorded"),
        standing=_STANDINGS[account.result],
        heard_at=heard.received_at if heard else None,
        heard_kind=heard.signal.kind if heard else "",
        seconds=max(0, round((at - heard.received_at).total_seconds())) if heard else 0,
    )


@dataclass(frozen=True, slots=True)
class TimeLine:
    """A time at which the browser spoke: what an address takes, and what people read."""

    value: str
    words: str
    is_chosen: bool


def read_times(visit: Visit, at: datetime | None) -> Sequence[TimeLine]:
    """Return the times of ``visit`` that one may look at, with one query."""
    (recording,) = recall([visit])
    pages = find_pages(recording.heard)
    beats = find_beats(recording.heard, pages)[-MOST_TIMES:]
    return [_time(beat.at, pages.at(beat.at), at) for beat in beats]


def _time(time: datetime, page: Any, at: datetime | None) -> TimeLine:
    kind = page.facts.kind if page else ""
    label = str(PAGE_KINDS.choices[kind]) if kind in PAGE_KINDS.choices else ""
    clock = f"{localtime(time):%H:%M:%S}"
    return TimeLine(time.isoformat(), f"{clock} · {label}" if label else clock, time == at)


@dataclass(frozen=True, slots=True)
class ChoiceLine:
    """A visit that one may ask about: its short name, when it was, how far it came, and what was decided of the rule."""

    visit: Visit
    handle: str
    stage: str
    decided: Sequence[str]


def read_choices(rule: Rule, *, now: datetime) -> Sequence[ChoiceLine]:
    """Return the latest visits of shoppers, with what was decided of ``rule`` in each; two queries."""
    recent = Visit.objects.filter(last_at__gt=now - timedelta(days=_DAYS), visitor__is_staff=False, visitor__is_automaton=False)
    visits = list(recent.order_by("-last_at", "pk")[:MOST_VISITS])
    decided: dict[Any, list[str]] = {}
    rows = Decision.objects.filter(visit__in=[visit.pk for visit in visits], version__rule=rule).order_by("eligible_at")
    for row in rows:
        decided.setdefault(row.visit_id, []).append(row.get_reason_display())
    return [ChoiceLine(visit, get_handle(visit), STAGES.describe(visit.stage), decided.get(visit.pk, ())) for visit in visits]


def _say_decided(decided: Decided | None) -> str:
    """Return what was recorded in words; what took the place of an invitation says so."""
    if decided is None:
        return ""
    if decided.instead:
        return _("in the place of the invitation, “%(engagement)s” was offered") % {"engagement": decided.instead}
    return str(decided.reason.label)
