"""Why did these rules show, or not, to this visitor at this time? Read from the log; nothing is written or counted."""

import uuid
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, partial
from typing import TypeAlias

from django.db.models import F
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from oscar_engage.conf import EngageSettings, get_settings
from oscar_engage.decisions.arms import NO_EXPERIMENT, find_arm
from oscar_engage.decisions.caps import by_rule, reach_of
from oscar_engage.decisions.gates import PASSING, Facts, Wish, may_consent, refuse
from oscar_engage.decisions.history import LONGEST_DISPLAY, WEEK, count_day
from oscar_engage.decisions.judge import Match, find_match
from oscar_engage.decisions.models import Assignment, Decision, Reason
from oscar_engage.decisions.order.ranking import Ranking
from oscar_engage.decisions.order.store import read_formula
from oscar_engage.decisions.past.clocks import OpenPage, find_beats, find_pages, read_steps
from oscar_engage.decisions.past.history import count_history, read_spent
from oscar_engage.decisions.past.moment import Earlier, Past, fields_of, open_seconds, rebuild
from oscar_engage.decisions.past.told import recall_told
from oscar_engage.decisions.ports import ask_free_agents, ask_places
from oscar_engage.decisions.weigh import is_quiet_at, places_at, read_limits
from oscar_engage.decisions.why.age import find_ages
from oscar_engage.decisions.why.known import Known, parse, read_rules
from oscar_engage.decisions.why.stages import Answer, Decided, Stage, ask_gates, find_stop, say_draw, say_news, say_recorded
from oscar_engage.rules.actions import ACTIONS
from oscar_engage.rules.answers import once_each
from oscar_engage.rules.engine.explain import locate
from oscar_engage.rules.engine.logic import Truth
from oscar_engage.rules.engine.possible import TRUE, Possible, possible_truths
from oscar_engage.rules.engine.tree import Condition
from oscar_engage.rules.engine.values import Value
from oscar_engage.rules.live import LiveRule
from oscar_engage.rules.models import Rule, RuleStatus
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.past.read import read_past
from oscar_engage.rules.past.recall import Recalled, read_logs
from oscar_engage.rules.past.wanted import find_wanted
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import Visit, Visitor
from oscar_engage.visitors.page import PageFacts
from oscar_engage.visitors.recall import Heard, recall
from oscar_engage.visitors.state import VisitState
from oscar_engage.visitors.stored import read_state

Present: TypeAlias = Callable[[Visitor, Moment], Moment]
"""Adds to a moment whom to ask for what only the present tells."""

_IN_ORDER = ("eligible_at", F("offered_at").asc(nulls_first=True), "pk")
"""A fallback comes after why it was needed: both are of one moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionAccount:
    """One condition: what was found, what may have been true of it, and the signal on which the value rests."""

    path: str
    condition: Condition
    actual: Value
    possible: Possible
    is_said: bool
    heard: Heard | None

    @property
    def result(self) -> Truth:
        """True, false, or ``None``: unknown, or not to be said."""
        return next(iter(self.possible)) if len(self.possible) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleAccount:
    """One rule: its stages in order, the one that stopped it (``None``: it would act with the next beat), its conditions."""

    rule: Rule
    version: int
    answers: tuple[Answer, ...]
    stop: Answer | None
    conditions: tuple[ConditionAccount, ...]
    decided: Decided | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitAccount:
    """What is explained: ``at`` is the time, ``is_now`` unless one was chosen; ``is_whole``: the log holds all of the visit."""

    at: datetime
    is_now: bool
    is_logged: bool
    is_whole: bool
    rules: tuple[RuleAccount, ...]


def explain_visit(
    visit: Visit,
    *,
    at: datetime | None,
    now: datetime,
    engagements: Mapping[str, str],
    rule: Rule | None = None,
    present: Present | None = None,
) -> VisitAccount:
    """Return why each rule, or this one, shows or not in ``visit`` at ``at`` (``None``: now). The number of queries is fixed.

    ``visit`` comes with its visitor. ``engagements`` are today's, as are status, priorities and limits; what is not recorded of
    an earlier time is said not to be. ``present`` tells what may be asked of this moment, besides how many agents are free.
    """
    (recording,) = recall([visit])
    time, settings = at or now, get_settings()
    state = read_state(visit) if at is None else recording.state_at(at)
    pages = find_pages(recording.heard)
    page = pages.at(time) or _page_of(state)
    known = read_rules(rule)
    fields = {field for _rule, _number, live in known for field in fields_of(live.document)}
    past = rebuild(
        state,
        page,
        consent=visit.visitor.consent,
        is_customer=visit.visitor.customer_id is not None,
        at=time,
        steps=read_steps(settings),
        present=partial(_ask_now, present or _ask_the_desk, visit.visitor, fields) if at is None else None,
        earlier=None if at is None else _earlier(visit.visitor, fields, at=at, now=now),
        told=None if at is None else recall_told(visit, fields, beats=find_beats(recording.heard, pages), at=at, now=now),
    )
    ages = find_ages(
        recording, fields, at=time, consent=visit.visitor.consent, is_customer=visit.visitor.customer_id is not None
    )
    teller = _Teller(visit, past, engagements, settings, ages, rules=[live for _own, _number, live in known])
    accounts = tuple(teller.account(own, number, live, known) for own, number, live in known if rule in (None, own))
    is_logged = visit.visitor.consent >= ConsentLevel.STATISTICS
    return VisitAccount(
        at=time, is_now=at is None, is_logged=is_logged, is_whole=recording.is_whole and is_logged, rules=accounts
    )


def _ask_now(present: Present, visitor: Visitor, fields: Iterable[str], moment: Moment) -> Moment:
    """Return this moment with whom to ask; of earlier visits it knows what these rules ask, drafts among them."""
    wanted = find_wanted(fields)
    now = present(visitor, moment)
    return replace(now, past=cache(partial(read_past, visitor.unit_id, wanted, now=now.now))) if wanted.kinds else now


def _earlier(visitor: Visitor, fields: Iterable[str], *, at: datetime, now: datetime) -> Earlier | None:
    """Return what gives the person's log at ``at``; which rules were live then, and asked about what, is not known."""
    wanted = find_wanted(fields)
    born = {visitor.unit_id: None if visitor.unit_of else visitor.created_at}

    def ask() -> Recalled:
        (log,) = read_logs(born, wanted, since=at, until=at, now=now).values()
        return log.then(visitor.pk, at=at, is_alone=False)

    return ask if wanted.kinds else None


def _ask_the_desk(visitor: Visitor, moment: Moment) -> Moment:
    return replace(
        moment,
        free_agents=once_each(partial(ask_free_agents, now=moment.now), None),
        places=once_each(partial(ask_places, now=moment.now), None),
    )


def _page_of(state: VisitState) -> OpenPage | None:
    """Return the page as far as the state remembers it: of who agreed to less than statistics there is no log."""
    if not state.pages_seen or state.page_since is None:
        return None
    seen, since = state.pages_seen[-1], state.page_since
    facts = PageFacts(
        kind=seen.kind or "other",
        product_id=seen.thing or None if seen.kind == "product" else None,
        category_id=seen.thing or None if seen.kind == "category" else None,
        step=state.checkout_step if seen.kind == "checkout" else "",
    )
    return OpenPage(facts=facts, opened_at=since, shown_at=since, left_at=None, hidden=(), told=())


class _Teller:
    """What is the same for all rules of one visit at one time."""

    def __init__(
        self,
        visit: Visit,
        past: Past,
        engagements: Mapping[str, str],
        settings: EngageSettings,
        ages: Mapping[str, Heard],
        *,
        rules: Sequence[LiveRule],
    ) -> None:
        self._visitor: Visitor = visit.visitor
        self._past, self._settings, self._ages = past, settings, ages
        at, limits = past.moment.now, read_limits(settings)
        earliest = at - max(WEEK, limits.cooldown + LONGEST_DISPLAY, reach_of(rule.caps for rule in rules))
        spent = read_spent(self._visitor.unit_id, since=earliest, until=at + timedelta(microseconds=1))
        self._decisions = list(
            Decision.objects.filter(visit=visit, eligible_at__lte=at).order_by(*_IN_ORDER).select_related("version")
        )
        self._arms = {
            rule_id: (arm, share)
            for rule_id, arm, share in Assignment.objects.filter(visitor_id=self._visitor.unit_id).values_list(
                "rule_id", "arm", "probability"
            )
        }
        history: Callable[[], object] = partial(count_history, spent, visit_id=visit.pk, cooldown=limits.cooldown, now=at)
        self._facts = Facts(
            consent=self._visitor.consent,
            page=past.moment.page,
            path="",
            open_seconds=open_seconds(past.moment.state, at),
            showing=self._showing(at),
            engagements=engagements,
            limits=limits,
            now=at,
            history=history,  # type: ignore[arg-type]  # what count_history returns
            places=partial(places_at, past.moment, ""),
            is_quiet=is_quiet_at(limits, at),
            visit_id=visit.pk,
            spent=cache(lambda: by_rule(spent)),
            day_spent=_counted([rule.rule_id for rule in rules if rule.caps.day is not None], at),
        )
        self._ranking = Ranking(read_formula, past.moment)
        self._winning: dict[int, Match | None] = {}

    def account(self, rule: Rule, number: int, live: LiveRule, known: Known) -> RuleAccount:
        """Return the account of one rule."""
        match = self._match(live)
        wish = match.wish if match else None
        whose = Wish(is_service=live.is_service, do="", engagement="", rule_id=live.rule_id, caps=live.caps)
        gates = ask_gates(wish, self._facts, is_agent_known=self._past.is_now, whose=whose)
        answers = (
            Answer(Stage.STATUS, rule.status == RuleStatus.LIVE, rule.get_status_display()),
            Answer(Stage.SCHEDULE, self._is_due(rule)),
            gates[Stage.SURFACE],
            Answer(Stage.CONSENT, may_consent(self._facts.consent, is_service=live.is_service)),
            *self._conditions_hold(live, match),
            say_news(self._settled(live, match)),
            gates[Stage.CAP],
            gates[Stage.DISMISSED],
            gates[Stage.AVAILABLE],
            *say_recorded(self._settled(live, match)),
            self._lost(live, known),
            self._hold_out(live),
        )
        return RuleAccount(
            rule=rule,
            version=number,
            answers=answers,
            stop=find_stop(answers),
            conditions=tuple(self._condition(path, condition) for path, condition in locate(live.document)),
            decided=self._recorded(live),
        )

    def _is_due(self, rule: Rule) -> bool:
        at = self._facts.now
        return (rule.starts_at is None or rule.starts_at <= at) and (rule.ends_at is None or at < rule.ends_at)

    def _match(self, live: LiveRule) -> Match | None:
        possible = self._past.answers(live.document, fields_of(live.document))
        branch = next(iter(possible)) if len(possible) == 1 else None
        return None if branch is None else next(iter(find_match(live, branch)), None)

    def _conditions_hold(self, live: LiveRule, match: Match | None) -> Iterable[Answer]:
        scope = TRUE if live.document.scope is None else possible_truths(live.document.scope, self._past.truths)
        yield Answer(Stage.SCOPE, _only(scope), "" if len(scope) == 1 else _("not recorded"))
        possible = self._past.answers(live.document, fields_of(live.document))
        if len(possible) > 1:
            yield Answer(Stage.CONDITION, None, _("not recorded"))
        elif match is not None:
            yield Answer(Stage.CONDITION, True)
        else:
            truths = {truth for branch in live.document.branches for truth in possible_truths(branch.when, self._past.truths)}
            yield Answer(Stage.CONDITION, None if None in truths and True not in truths else False)

    def _condition(self, path: str, condition: Condition) -> ConditionAccount:
        return ConditionAccount(
            path=path,
            condition=condition,
            actual=self._past.value(condition.field),
            possible=self._past.truths(condition),
            is_said=self._past.is_said(condition.field),
            heard=self._ages.get(condition.field),
        )

    def _recorded(self, live: LiveRule) -> Decided | None:
        """Return the last thing recorded of the rule, whatever version it was then."""
        return _last(row for row in self._decisions if row.version.rule_id == live.rule_id)

    def _settled(self, live: LiveRule, match: Match | None) -> Decided | None:
        """Return the last thing recorded of the branch that holds, in this version; of the rule when none does."""
        if match is None:
            return self._recorded(live)
        return _last(row for row in self._decisions if (row.version_id, row.branch) == match.held)

    def _lost(self, live: LiveRule, known: Known) -> Answer:
        """Return whether a higher live rule would take this moment; where points count, with both sides' points."""
        rank = self._ranking.rank
        higher = [(rank(other), rule, other) for rule, _number, other in known if rank(other) < rank(live)]
        for _rank, rule, other in sorted(higher, key=lambda one: one[0]):
            winner = self._winning_match(other) if rule.status == RuleStatus.LIVE and self._is_due(rule) else None
            if winner is None:
                continue
            words = {"rule": rule.name, **self._say_points(other, live)}
            if not self._past.is_now and ACTIONS.get(winner.action.do).needs_agent:
                return Answer(Stage.LOST, None, _("“%(rule)s” wins if an agent was free") % words)
            if self._ranking.formula.is_silent:
                return Answer(Stage.LOST, False, _("“%(rule)s” wins") % words)
            return Answer(Stage.LOST, False, _("“%(rule)s” wins, with %(its)s points to %(own)s") % words)
        if self._ranking.formula.is_silent:
            return Answer(Stage.LOST, True)
        return Answer(Stage.LOST, True, _("%(own)s points by the formula") % self._say_points(live, live))

    def _say_points(self, other: LiveRule, live: LiveRule) -> dict[str, str]:
        points = self._ranking.worth
        return {"its": number_format(points(other), 2), "own": number_format(points(live), 2)}

    def _winning_match(self, other: LiveRule) -> Match | None:
        """Return what the rule would take the moment with; of an earlier time, as if an agent had been free."""
        if other.rule_id not in self._winning:
            self._winning[other.rule_id] = self._find_winning(other)
        return self._winning[other.rule_id]

    def _find_winning(self, other: LiveRule) -> Match | None:
        match = self._match(other)
        settled = self._settled(other, match) if match else None
        if match is None or not all(answer.passed for answer in (say_news(settled), *say_recorded(settled))):
            return None
        facts = self._facts if self._past.is_now else replace(self._facts, places=_somebody)
        return match if refuse(match.wish, facts) is None else None

    def _hold_out(self, live: LiveRule) -> Answer:
        if self._facts.consent < ConsentLevel.STATISTICS:
            return say_draw(NO_EXPERIMENT)
        draw = find_arm(
            self._visitor.unit_id,
            rule_id=live.rule_id,
            salt=self._settings.salt,
            shop_share=self._settings.shop_holdout,
            rule_share=live.holdout_share,
            kept=self._arms.get(live.rule_id),
        )
        return say_draw(draw)

    def _showing(self, at: datetime) -> list[str]:
        """Return the offers made on this page that nobody has answered by ``at``."""
        since = self._past.moment.state.page_since
        return [
            str(row.pk)
            for row in self._decisions
            if row.offered_at is not None
            and (since is None or row.offered_at >= since)
            and not any(end is not None and end <= at for end in (row.dismissed_at, row.accepted_at))
        ]


def _counted(rule_ids: Sequence[int], at: datetime) -> Callable[[int], int | None]:
    """Return what counts the moments of these rules on the day of ``at``; one query, the first time it is asked."""
    counts = cache(partial(count_day, rule_ids, now=at))
    return lambda rule_id: counts().get(rule_id, 0)


def _last(rows: Iterable[Decision]) -> Decided | None:
    """Return the last of ``rows``, which are in the order of their times, as it is told."""
    last = next(iter(deque(rows, maxlen=1)), None)
    if last is None:
        return None
    reason = Reason(last.reason)
    return Decided(last.eligible_at, reason, is_waiting=reason in PASSING, instead=_instead(last))


def _instead(row: Decision) -> str:
    """Return what was offered in the place of an invitation: the branch, as it was then, names it as its fallback."""
    document = parse(row.version)
    if row.reason != Reason.OFFERED or document is None or row.branch >= len(document.branches):
        return ""
    fallbacks = (action.fallback for action in document.actions(row.branch))
    return row.engagement if row.engagement in fallbacks and not ACTIONS.get(row.action).needs_agent else ""


def _only(possible: Possible) -> Truth:
    return next(iter(possible)) if len(possible) == 1 else None


def _somebody(queue: str) -> int:
    """Stand in for the desk then: whether an agent was free is said apart."""
    return 1


def read_visit(pk: uuid.UUID) -> Visit | None:
    """Return the visit with its visitor, running or over; one of an automaton is nobody's to explain."""
    return Visit.objects.select_related("visitor").filter(pk=pk, visitor__is_automaton=False).first()
