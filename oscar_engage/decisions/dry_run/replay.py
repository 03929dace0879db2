"""What would the draft have done for this person? Their recorded visits, moment by moment, through the live path's functions.

A *moment* is a beat that was recorded, or one to which the clock would have woken the browser in between. What is offered here
counts towards the caps of later moments as if it had really been offered; what was offered before the first visit counts as it
was recorded. What a rule may offer to all shoppers together in a day is not counted: people are replayed one by one. What a
customer had spent by then is not known to the formula of priorities, and counts as it says. No model is asked: rules read what
one foretold where that was written down, and nothing is said of it elsewhere; where one kept a rule from acting in the recorded
visit, what it would have let pass cannot be said. A shopper's "no" is taken from the
log where the same rule really made the offer; to an offer that was never made nobody said no, and it stays in view until the
page is left.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, partial

from oscar_engage.decisions.arms import find_arm
from oscar_engage.decisions.caps import by_rule
from oscar_engage.decisions.dry_run.funnel import Progress
from oscar_engage.decisions.dry_run.setting import Setting
from oscar_engage.decisions.edge import unpack
from oscar_engage.decisions.gates import Facts, may_consent
from oscar_engage.decisions.judge import Match, Verdict, find_match
from oscar_engage.decisions.models import Arm, Reason
from oscar_engage.decisions.order.ranking import Ranking
from oscar_engage.decisions.past.clocks import OpenPage, Pages, RecordedBeat, find_beats, find_pages
from oscar_engage.decisions.past.history import Spent, count_history
from oscar_engage.decisions.past.moment import Past, open_seconds, rebuild
from oscar_engage.decisions.past.told import NOTHING_TOLD, Told, find_told
from oscar_engage.decisions.weigh import Weighed, find_wake, is_quiet_at, weigh
from oscar_engage.rules.actions import ACTIONS
from oscar_engage.rules.engine.wake import next_wake
from oscar_engage.rules.live import LiveRule
from oscar_engage.rules.past.recall import Log
from oscar_engage.rules.turns import next_turn
from oscar_engage.signals.shipped import PageViewed, WidgetAccepted, WidgetDismissed
from oscar_engage.signals.shipped_help import ContactOpened
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.fold import fold
from oscar_engage.visitors.recall import Heard, Recording

LEAST_WAKE = 0.5
"""Seconds after which the browser comes back at the earliest."""

AGENT_UNKNOWN, UNSURE = "agent_unknown", "unsure"
"""Outcomes beside those of ``Reason``: offered if an agent was free, and not to be said at all."""

SURFACE, PRESENCE, RIVAL, ADVICE = "?surface", "?presence", "?rival", "?advice"
"""What may be missing besides a variable: whether a panel stood open, whether the shopper was still there, a higher rule, what
the model would have said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedVisit:
    """One visit to replay. ``offers``: the decisions really made in it, by the id that the browser reports, with the rules.

    ``device`` is the id of its visitor. ``was_refused``: in this visit a model kept some rule from acting; what it would have
    said of a draft is not recorded. ``told``: what models foretold in it, if a rule asks.
    """

    recording: Recording
    device: uuid.UUID
    consent: int
    is_customer: bool
    offers: Mapping[uuid.UUID, int]
    was_refused: bool = False
    told: Told = field(default_factory=lambda: NOTHING_TOLD)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedPerson:
    """A unit of the experiment: its visits, what it was offered before them, and its arms (rule, arm and probability).

    ``log`` is what the rules ask about of all visits; ``None`` when they ask nothing.
    """

    unit_id: uuid.UUID
    visits: Sequence[RecordedVisit]
    spent: Sequence[Spent] = ()
    arms: Mapping[int, tuple[str, float]] = field(default_factory=dict)
    log: Log | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the draft at one moment: a ``Reason``, or one of the two words above. ``lost_to`` is the rule that won."""

    at: datetime
    what: str
    lost_to: int | None = None


@dataclass(slots=True)
class Replayed:
    """What came of one visit. ``unsaid`` names what would have to be known to say more."""

    progress: Progress = field(default_factory=Progress)
    outcomes: list[Outcome] = field(default_factory=list)
    has_matched: bool = False
    unsaid: set[str] = field(default_factory=set)


def replay(person: RecordedPerson, setting: Setting) -> list[Replayed]:
    """Return what comes of each of the person's visits, in their order. Moments of two devices interleave as they did."""
    known = _Known(person.unit_id, list(person.spent), dict(person.arms), person.log)
    runs = [_Run(visit, setting, known) for visit in person.visits]
    while going := [(next_at, place) for place, run in enumerate(runs) if (next_at := run.next_at) is not None]:
        at, place = min(going)
        runs[place].step(at)
    return [run.found for run in runs]


@dataclass(slots=True)
class _Known:
    """What is known of the person so far; grows with each moment, but for the ``log``."""

    unit_id: uuid.UUID
    spent: list[Spent]
    arms: dict[int, tuple[str, float]]
    log: Log | None


class _Run:
    """One visit while it is replayed."""

    def __init__(self, visit: RecordedVisit, setting: Setting, known: _Known) -> None:
        self._visit, self._setting, self._known = visit, setting, known
        self._heard: Sequence[Heard] = visit.recording.heard
        self._pages: Pages = find_pages(self._heard)
        self._beats: tuple[RecordedBeat, ...] = find_beats(self._heard, self._pages)
        self._spoken = [beat.at for beat in self._beats]
        self._rules = _judged(setting.rules, visit.consent)
        self._state, self._folded, self._beat = visit.recording.begin(), 0, 0
        self._holding: tuple[int, ...] = ()
        self._wake_at: datetime | None = None
        self._showing: list[Spent] = []
        self._has_panel = False
        self._early: set[datetime] = set()
        self.found = Replayed()

    @property
    def next_at(self) -> datetime | None:
        """When the next moment is; ``None`` after the last."""
        beat_at = self._beats[self._beat].at if self._beat < len(self._beats) else None
        if self._wake_at is not None and (beat_at is None or self._wake_at < beat_at):
            return self._wake_at
        return beat_at

    def step(self, at: datetime) -> None:
        """Judge the next moment, which is at ``at``."""
        if at == self._wake_at:
            self._wake_at = None
        else:
            self._beat += 1
        self._fold_until(at)
        self._judge(at, self._pages.at(at))
        if self.next_at is None:
            self._fold_until(self._heard[-1].received_at)  # a "no" that was told with the farewell counts in later visits

    def _fold_until(self, at: datetime) -> None:
        while self._folded < len(self._heard) and self._heard[self._folded].received_at <= at:
            heard = self._heard[self._folded]
            self._state = fold(self._state, heard.signal, heard.page)
            self._follow(heard)
            self._folded += 1

    def _follow(self, heard: Heard) -> None:
        """Follow what the shopper saw and answered."""
        payload = heard.signal.payload
        if isinstance(payload, PageViewed):
            self._showing, self._has_panel = [], False
        elif isinstance(payload, ContactOpened):
            self._has_panel = True
        elif isinstance(payload, WidgetAccepted | WidgetDismissed):
            self._answer(payload, heard.received_at)

    def _answer(self, payload: WidgetAccepted | WidgetDismissed, at: datetime) -> None:
        rule_id = self._rule_of(payload.decision)
        open_offers = (
            spent
            for spent in reversed(self._known.spent)
            if spent.visit_id == self._visit.recording.visit_id and spent.rule_id == rule_id and spent.dismissed_at is None
        )
        offer = next(open_offers, None)
        if offer is None or offer.accepted_at is not None:
            return
        if isinstance(payload, WidgetAccepted):
            offer.accepted_at = at
        else:
            offer.dismissed_at = at
        self._showing = [spent for spent in self._showing if spent is not offer]

    def _rule_of(self, decision: str) -> int | None:
        try:
            return self._visit.offers.get(uuid.UUID(decision))
        except ValueError:
            return None

    def _judge(self, at: datetime, page: OpenPage | None) -> None:
        setting, past = self._setting, self._rebuild(at, page)
        answers = [(rule, self._answers(rule, past)) for rule in self._rules]
        settled = ((rule, self._settle(rule, possible)) for rule, possible in answers)
        branches = [(rule, branch) for rule, branch in settled if branch is not None]
        matches = [match for rule, branch in branches for match in find_match(rule, branch)]
        ranking = Ranking(lambda: setting.formula, past.moment)
        weighed = weigh(matches, self._facts(past, at), holding=self._holding, choose=ranking.choose)
        self._holding = weighed.holding
        self.found.progress.note(setting.draft.document, past)
        has_rival = any(_is_open(rule, possible) and _is_higher(rule, setting.draft, ranking) for rule, possible in answers)
        own = next((possible for rule, possible in answers if rule is setting.draft), frozenset[int | None]())
        self._note(past, weighed, own, has_rival=has_rival)
        self._plan_wake(at, page, branches, weighed.verdicts, past)

    def _rebuild(self, at: datetime, page: OpenPage | None) -> Past:
        visit, log = self._visit, self._known.log
        return rebuild(
            self._state,
            page,
            consent=visit.consent,
            is_customer=visit.is_customer,
            at=at,
            steps=self._setting.steps,
            earlier=partial(log.then, visit.device, at=at) if log else None,
            told=find_told(visit.told, at, beats=self._spoken) if visit.told else None,
        )

    def _answers(self, rule: LiveRule, past: Past) -> frozenset[int | None]:
        version, setting = rule.version_id, self._setting
        return past.answers(rule.document, setting.fields[version], choose=setting.plans[version].choose)

    def _settle(self, rule: LiveRule, possible: frozenset[int | None]) -> int | None:
        """Return the branch that the rule takes; where that is open, the one that it held before, if it may hold still."""
        if len(possible) == 1:
            return next(iter(possible))
        held = (one for known in unpack(self._holding) for one in known if one.version_id == rule.version_id)
        return next((one.branch for one in held if one.branch in possible), None)

    def _facts(self, past: Past, at: datetime) -> Facts:
        limits, visit_id = self._setting.limits, self._visit.recording.visit_id
        return Facts(
            consent=self._visit.consent,
            page=past.moment.page,
            path="",
            open_seconds=open_seconds(self._state, at),
            showing=["offer" for _spent in self._showing],
            engagements=self._setting.engagements,
            limits=limits,
            now=at,
            history=cache(partial(count_history, self._known.spent, visit_id=visit_id, cooldown=limits.cooldown, now=at)),
            places=_somebody,
            is_quiet=is_quiet_at(limits, at),
            visit_id=visit_id,
            spent=cache(lambda: by_rule(self._known.spent)),
        )

    def _note(self, past: Past, weighed: Weighed, possible: frozenset[int | None], *, has_rival: bool) -> None:
        """Keep what came of the moment: who won, and what became of the draft."""
        at, draft = past.moment.now, self._setting.draft
        if _is_open(draft, possible):
            self.found.unsaid |= past.unsaid(draft.document)
        elif _acts(draft, possible):
            self.found.has_matched = True
        winner = self._take(weighed.winner, at) if weighed.winner else None
        for verdict in weighed.verdicts:
            if verdict.match.rule is not draft:
                continue
            outcome = self._outcome(verdict, weighed.winner, winner, at)
            if outcome is None:
                continue
            missing = self._missing(outcome, has_rival=has_rival)
            if missing:
                self.found.unsaid.add(missing)
            if missing or len(possible) > 1:
                outcome = Outcome(at, UNSURE)
            self.found.outcomes.append(outcome)

    def _outcome(self, verdict: Verdict, winner: Match | None, taken: Reason | None, at: datetime) -> Outcome | None:
        if verdict.reason is Reason.TOO_EARLY:
            opened_at = self._state.page_since or self._state.started_at
            is_news = opened_at not in self._early
            self._early.add(opened_at)
            return Outcome(at, verdict.reason.value) if is_news else None
        if not verdict.is_new:
            return None
        if verdict.reason is not None:
            return Outcome(at, verdict.reason.value)
        if winner is None or verdict.match is not winner:
            return Outcome(at, Reason.LOST.value, None if winner is None else winner.rule.rule_id)
        needs_agent = taken is Reason.OFFERED and ACTIONS.get(verdict.match.action.do).needs_agent
        return Outcome(at, AGENT_UNKNOWN if needs_agent else (taken or Reason.OFFERED).value)

    def _missing(self, outcome: Outcome, *, has_rival: bool) -> str | None:
        """Return what has to be known before an offer can be said to have been made."""
        if outcome.what not in (Reason.OFFERED, Reason.RULE_HOLDOUT, Reason.SHOP_HOLDOUT, AGENT_UNKNOWN):
            return None
        if self._has_panel:
            return SURFACE
        if has_rival:
            return RIVAL
        may_be_refused = not self._setting.draft.is_service and self._visit.consent >= ConsentLevel.PERSONALISATION
        return ADVICE if self._visit.was_refused and may_be_refused else None

    def _take(self, winner: Match, at: datetime) -> Reason:
        """Give the winner its arm and count the moment towards the caps."""
        rule, known = winner.rule, self._known
        draw = find_arm(
            known.unit_id,
            rule_id=rule.rule_id,
            salt=self._setting.salt,
            shop_share=self._setting.shop_share,
            rule_share=rule.holdout_share,
            kept=known.arms.get(rule.rule_id),
        )
        if draw.reason is not Reason.SHOP_HOLDOUT and draw.probability is not None:
            known.arms[rule.rule_id] = (draw.arm.value, draw.probability)
        spent = Spent(rule.rule_id, self._visit.recording.visit_id, at)
        known.spent.append(spent)
        if draw.arm is Arm.TREATED:
            self._showing.append(spent)
        return draw.reason

    def _plan_wake(
        self,
        at: datetime,
        page: OpenPage | None,
        branches: Sequence[tuple[LiveRule, int]],
        verdicts: Iterable[Verdict],
        past: Past,
    ) -> None:
        """Have the browser come back as its answer would have told it, if the page was still open and in view then."""
        acting = [rule for rule in self._rules if may_consent(self._visit.consent, is_service=rule.is_service)]
        seconds = find_wake(self._clocks(acting, branches, past), verdicts, self._facts(past, at))
        self._wake_at = None
        if seconds is None or page is None:
            return
        wake_at = at + timedelta(seconds=max(LEAST_WAKE, seconds))
        if page.is_hidden(wake_at) or (page.left_at is not None and wake_at >= page.left_at):
            return
        if wake_at > self._heard[-1].received_at and page.left_at is None:
            own = [rule for rule in acting if rule is self._setting.draft]
            if any(one is not None for one in self._clocks(own, branches, past)):
                self.found.unsaid.add(PRESENCE)
            return
        self._wake_at = wake_at

    def _clocks(
        self, rules: Sequence[LiveRule], branches: Iterable[tuple[LiveRule, int]], past: Past
    ) -> tuple[float | None, float | None]:
        """Return the seconds until a clock that counts, and until the clock on the wall, turns one of ``rules`` on."""
        taken = {rule.version_id: branch for rule, branch in branches}
        plans = [(self._setting.plans[rule.version_id], taken.get(rule.version_id)) for rule in rules]
        turning = [condition for rule in rules for condition in self._setting.turning[rule.version_id]]
        return next_wake(plans, read_at=past.read_at), next_turn(turning, past.moment)


def _judged(rules: Iterable[LiveRule], consent: int) -> tuple[LiveRule, ...]:
    """Return the rules that a beat would judge: below statistics, those that may not act are not even looked at."""
    return tuple(rule for rule in rules if consent >= ConsentLevel.STATISTICS or rule.is_service)


def _acts(rule: LiveRule, possible: Iterable[int | None]) -> bool:
    return any(branch is not None and bool(rule.document.actions(branch)) for branch in possible)


def _is_open(rule: LiveRule, possible: frozenset[int | None]) -> bool:
    """Whether it cannot be said if the rule would have acted."""
    return len(possible) > 1 and _acts(rule, possible)


def _is_higher(rule: LiveRule, draft: LiveRule, ranking: Ranking) -> bool:
    return ranking.rank(rule) < ranking.rank(draft)


def _somebody(queue: str) -> int:
    """Stand in for the desk then: whether an agent was free is said of the outcome."""
    return 1
