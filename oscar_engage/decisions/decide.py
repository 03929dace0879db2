"""What do we do for this shopper now? Judges the live rules, asks the gates, draws the arm and records every eligible moment.

**When a row is written.** Once when a rule *becomes* true (see ``decisions.edge``), with the arm and the reason. A rule
refused for a reason that may pass while it holds (``gates.PASSING``) waits: no row per beat, and one more row when the gate
opens, with what then happened. A page that was just opened begins no moment at all: no row, and the browser is told when to
come back. A rule that was held out, lost or capped is settled until it becomes false and true again.

**One thing at a time.** Of all rules that pass the gates the highest (``decisions.priority``) takes the beat, even if it is
then held out; the others are recorded as lost to it. Held-out moments count towards the caps like offers, so both arms meet
later rules alike.

**An invitation has a place, or is none.** What needs an agent is offered only once the desk keeps a place for it
(``decisions.ports``). If it will not (somebody was quicker), all is weighed once more as with nobody free: the rule's fallback
is offered in its place, or a lower rule wins, or the moment waits. A fallback has two rows, why the invitation was none and
what was offered instead. Who is held out takes no place.

**A model may advise, last of all.** Where a model of uplift speaks (``advise``), a sales rule that all other gates let pass may
be advised against, or outranked by others for whom an agent is scarce. A share of shoppers (``LEARNING_EXPLORES``) is let
through all the same, in both arms, so that what is learnt is not only of those the model liked.

**Who waits for an agent stands in line** (``decisions.line``), in both arms. Of equals a place goes to whoever has waited
longest; it is kept for those ahead as long as their browsers are heard of.

**Below the consent to statistics** only service rules are judged, nobody is held out, and only what is offered is recorded.
"""

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any

from django.db import transaction

from oscar_engage import hooks
from oscar_engage.conf import EngageSettings, get_settings
from oscar_engage.decisions.advice import Advice
from oscar_engage.decisions.arms import NO_EXPERIMENT, Draw, draw_arm, is_explorer
from oscar_engage.decisions.caps import by_rule, reach_of
from oscar_engage.decisions.edge import split
from oscar_engage.decisions.gates import Facts, find_advice, may_consent, yields
from oscar_engage.decisions.history import lock_day, read_history
from oscar_engage.decisions.judge import Match, Verdict, find_match, find_wanting
from oscar_engage.decisions.line.store import Line
from oscar_engage.decisions.models import Arm, Decision, Reason
from oscar_engage.decisions.order.ranking import Ranking
from oscar_engage.decisions.order.store import read_formula
from oscar_engage.decisions.past.history import Spent, read_spent
from oscar_engage.decisions.ports import Hold
from oscar_engage.decisions.weigh import (
    Weighed,
    find_recorded,
    find_wake,
    has_calls_at,
    is_quiet_at,
    language_of,
    places_at,
    read_limits,
    weigh,
)
from oscar_engage.modules import has_feature
from oscar_engage.rules.actions import ACTIONS
from oscar_engage.rules.answers import once_each
from oscar_engage.rules.live import LiveRule, live_set
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.variables import reading, reading_later
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import Visit, Visitor
from oscar_engage.visitors.state import VisitState

NOT_READY_RETRY = 1.0  # seconds: by then a process that has just begun has read its rules
_LONGEST_PATH = 500


@dataclass(frozen=True, slots=True)
class Drawn:
    """An eligible moment that took part in an experiment: its row, its rule, and the arm with its probability.

    ``chance``: that of being treated, as ``arms.Draw`` has it. ``action``: what the rule does, to the treated.
    """

    decision_id: uuid.UUID
    rule_id: int
    arm: Arm
    probability: float
    chance: float | None = None
    action: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of a beat.

    ``offers``: the decisions to render, one at most. ``wake_in``: the seconds until another beat is worth sending, if ever.
    ``holding``: what ``VisitState.holding`` is to remember. ``drawn``: the moment whose arm was drawn, if there was one.
    ``explored``: the rule that took the moment though the model was against it, if one did.
    """

    offers: tuple[Decision, ...]
    wake_in: float | None
    holding: tuple[int, ...]
    drawn: Drawn | None = None
    explored: frozenset[int] = frozenset()


def decide(
    *,
    visitor: Visitor,
    visit: Visit,
    state: VisitState,
    moment: Moment,
    path: str,
    showing: Collection[str],
    now: datetime,
    engagements: Mapping[str, str],
    hold: Hold | None = None,
    may_ask: Callable[[str], bool] | None = None,
    draw_variant: Callable[[str], tuple[str, float | None]] | None = None,
    advise: Callable[[str], Advice | None] = lambda _action: None,
) -> Decided:
    """Judge the live rules for one visitor at one moment, record what became true, and return what to offer.

    ``hold`` keeps a place for an invitation (``None``: none is needed); ``may_ask`` says whether a survey may be asked now.
    ``draw_variant`` says in which of its wordings this visitor is offered an engagement, and the probability of that draw
    (``None``: in its only one). ``advise`` says what the model of uplift foretells of this shopper now, helped by an action.

    ``path`` is the page's address without its query, ``showing`` what is on display (ids of decisions, an open panel),
    ``engagements`` the active ones, slug to kind of widget. Call it in the transaction that holds the visit, for shoppers
    only: staff are not to be counted. One query when nothing is new (none within a second of the last), a fixed number when
    something is.
    """
    if moment.consent < ConsentLevel.FUNCTIONAL:
        return Decided((), None, ())
    live = live_set(now)
    if live is None:
        return Decided((), NOT_READY_RETRY, state.holding)
    settings = get_settings()
    moment = replace(
        moment,
        free_agents=once_each(moment.free_agents, None),
        places=moment.places and once_each(moment.places, None),
        takes_calls=moment.takes_calls and once_each(moment.takes_calls, False),
    )
    read = reading(moment)
    # Below statistics, rules that may not act are not even looked at, for that is a trace.
    pool = live.every if moment.consent >= ConsentLevel.STATISTICS else live.services
    branches = pool.matches(read, now=now)
    matches = [match for rule, branch in branches for match in find_match(rule, branch)]

    def may_act(rule: LiveRule) -> bool:
        return may_consent(moment.consent, is_service=rule.is_service)

    def clocks() -> tuple[float | None, ...]:
        return (
            pool.next_wake(branches, read_at=reading_later(moment, read), may_act=may_act, now=now),
            pool.next_turn(moment, read=read, may_act=may_act, now=now),
        )

    if not matches:  # as at most beats: then nothing else has to be known of this shopper
        return Decided((), min((seconds for seconds in clocks() if seconds is not None), default=None), ())
    facts = _facts(visitor, visit, state, moment, path=path, showing=showing, engagements=engagements, settings=settings)
    if may_ask is not None:
        facts = replace(facts, may_ask=cache(may_ask))
    facts = replace(facts, **_own_caps(matches, visitor, now))
    ranking = Ranking(read_formula, moment)
    facts = replace(facts, **_advised(visitor, ranking, advise, settings))
    line = Line(visit.pk, path=path, language=language_of(moment), now=now)
    facts = replace(facts, ahead=line.ahead, places_behind=partial(places_at, moment, path))
    draw_for = partial(_draw, visitor, consent=moment.consent, settings=settings, now=now)
    found = _choose(matches, facts, state.holding, draw_for=draw_for, hold=hold, ranking=ranking)
    # In which segments somebody is counts in reports alone, so it is not kept below the consent to them.
    segments = cache(lambda: list(pool.segments_at(read)) if moment.consent >= ConsentLevel.STATISTICS else [])
    rows = [
        _row(
            *(match, draw, decision_id),
            segments=segments(),
            points=ranking.points(match.rule) if verdict.reason is None else None,
            visitor=visitor,
            visit=visit,
            path=path,
            draw_variant=draw_variant,
            now=now,
        )
        for verdict in find_recorded(found.weighed, moment.consent)
        for match, draw, decision_id in _told(verdict, found, moment.consent)
    ]
    _record(rows, settings.database)
    again_in = _stand(line, found.weighed, facts, state.holding)
    return Decided(
        offers=tuple(row for row in rows if row.reason == Reason.OFFERED),
        wake_in=find_wake((*clocks(), again_in), found.weighed.verdicts, facts),
        holding=found.weighed.holding,
        drawn=found.drawn,
        explored=_explored(found.weighed.winner, facts),
    )


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What was weighed, and the winner's arm and the id of its row."""

    weighed: Weighed
    draw: Draw
    decision_id: uuid.UUID

    @property
    def drawn(self) -> Drawn | None:
        """What to learn from: a winner whose arm was drawn; ``None`` where there is no winner or no experiment."""
        winner, draw = self.weighed.winner, self.draw
        if winner is None or draw.probability is None:
            return None
        return Drawn(
            self.decision_id, winner.rule.rule_id, draw.arm, draw.probability, chance=draw.chance, action=winner.action.do
        )


def _choose(
    matches: Sequence[Match],
    facts: Facts,
    holding: Iterable[int],
    *,
    draw_for: Callable[[LiveRule], Draw],
    hold: Hold | None,
    ranking: Ranking,
) -> _Chosen:
    """Weigh until what wins needs no place, or has one; each time round, one queue more is known to have none."""
    decision_id, refused = uuid.uuid4(), set[str]()
    open_places = replace(facts, places=lambda queue: 0 if queue in refused else facts.places(queue))
    while True:
        weighed = weigh(matches, open_places, holding=holding, choose=ranking.choose)
        winner = weighed.winner
        draw = draw_for(winner.rule) if winner else NO_EXPERIMENT
        if winner is None or hold is None or draw.reason is not Reason.OFFERED or not ACTIONS.get(winner.action.do).needs_agent:
            return _Chosen(weighed, draw, decision_id)
        queue = winner.action.queue
        if hold(decision_id=decision_id, queue=queue, ahead=facts.ahead(queue, yields(winner.wish, facts))):
            return _Chosen(weighed, draw, decision_id)
        refused.add(winner.action.queue)


def _stand(line: Line, weighed: Weighed, facts: Facts, held: Iterable[int]) -> float | None:
    """Keep the shopper's place in line, or give it up once an agent could be offered; return when to ask again."""
    _settled, waited = split(held)
    winner = weighed.winner
    if winner is not None and winner.place in waited and ACTIONS.get(winner.asked.action.do).needs_agent:
        line.leave()
        return None
    wanting = find_wanting(weighed.verdicts, facts)
    if not wanting:
        return None
    before = [queue for queue, (_yields, places) in wanting.items() if waited.intersection(places)]
    return line.keep({queue: is_late for queue, (is_late, _places) in wanting.items()}, before=before)


def _told(verdict: Verdict, found: _Chosen, consent: int) -> Iterable[tuple[Match, Draw, uuid.UUID]]:
    """Give what is recorded of a verdict: the winner with its arm, and before its fallback why that was needed."""
    match = verdict.match
    if match is not found.weighed.winner:
        yield match.asked, Draw(Arm.NONE, None, verdict.reason or Reason.LOST), uuid.uuid4()
        return
    if match.instead_of is not None and not verdict.was_waiting and consent >= ConsentLevel.STATISTICS:
        yield match.asked, Draw(Arm.NONE, None, verdict.because or Reason.NO_AGENT), uuid.uuid4()
    yield match, found.draw, found.decision_id


def _facts(
    visitor: Visitor,
    visit: Visit,
    state: VisitState,
    moment: Moment,
    *,
    path: str,
    showing: Collection[str],
    engagements: Mapping[str, str],
    settings: EngageSettings,
) -> Facts:
    limits = read_limits(settings)
    opened_at = state.page_since or state.started_at
    read = partial(read_history, unit_id=visitor.unit_id, visit_id=visit.pk, cooldown=limits.cooldown, now=moment.now)
    return Facts(
        consent=moment.consent,
        page=moment.page,
        path=path,
        open_seconds=(moment.now - opened_at).total_seconds(),
        showing=showing,
        engagements=engagements,
        limits=limits,
        now=moment.now,
        history=cache(read),
        places=partial(places_at, moment, path),
        has_feature=has_feature,
        has_calls=partial(has_calls_at, moment, path),
        is_quiet=is_quiet_at(limits, moment.now),
        visit_id=visit.pk,
    )


def _own_caps(matches: Iterable[Match], visitor: Visitor, now: datetime) -> dict[str, Any]:
    """Return what tells the gates of rules with caps of their own: each is read once, and only if such a rule holds now."""
    of_shopper = {match.rule.rule_id: match.rule.caps for match in matches if match.rule.caps.asks_shopper}
    of_day = {match.rule.rule_id for match in matches if match.rule.caps.day is not None}

    def spent() -> Mapping[int, Sequence[Spent]]:
        since, until = now - reach_of(of_shopper.values()), now + timedelta(microseconds=1)
        return by_rule(read_spent(visitor.unit_id, since=since, until=until, rule_ids=of_shopper))

    counts = cache(partial(lock_day, of_day, now=now))
    return {"spent": cache(spent), "day_spent": lambda rule_id: counts().get(rule_id)}


def _advised(
    visitor: Visitor, ranking: Ranking, advise: Callable[[str], Advice | None], settings: EngageSettings
) -> dict[str, Any]:
    """Return what tells the gates of models: nothing is asked before all other gates are open, and nothing twice."""
    explores = partial(is_explorer, visitor.unit_id, salt=settings.salt, share=settings.learning_explores)
    return {
        "advice": cache(advise),
        "explores": lambda rule_id: explores(rule_id=rule_id),
        "is_reserved": cache(partial(ranking.is_worth, settings.learning_reserve)),
    }


def _explored(winner: Match | None, facts: Facts) -> frozenset[int]:
    """Return the winner's rule, if the model was against it."""
    return frozenset() if winner is None or find_advice(winner.wish, facts) is None else frozenset({winner.rule.rule_id})


def _draw(visitor: Visitor, rule: LiveRule, *, consent: int, settings: EngageSettings, now: datetime) -> Draw:
    if consent < ConsentLevel.STATISTICS:
        return NO_EXPERIMENT
    return draw_arm(
        visitor.unit_id,
        rule_id=rule.rule_id,
        salt=settings.salt,
        shop_share=settings.shop_holdout,
        rule_share=rule.holdout_share,
        now=now,
    )


def _row(
    match: Match,
    drawn: Draw,
    decision_id: uuid.UUID,
    *,
    segments: list[str],
    points: float | None,
    visitor: Visitor,
    visit: Visit,
    path: str,
    draw_variant: Callable[[str], tuple[str, float | None]] | None,
    now: datetime,
) -> Decision:
    """Build one row of an eligible moment; only a winner's has an arm, and what is offered a wording."""
    is_offered = drawn.reason == Reason.OFFERED
    variant, share = draw_variant(match.action.engagement) if is_offered and draw_variant else ("", None)
    return Decision(
        id=decision_id,
        visitor_id=visitor.pk,
        visit=visit,
        version_id=match.rule.version_id,
        branch=match.branch,
        action=match.action.do,
        engagement=match.action.engagement,
        variant=variant,
        variant_probability=share,
        segments=segments,
        arm=drawn.arm,
        probability=drawn.probability,
        reason=drawn.reason,
        points=points,
        page_path="".join(char for char in path[:_LONGEST_PATH] if char.isprintable()),
        eligible_at=now,
        offered_at=now if is_offered else None,
    )


def _record(rows: Sequence[Decision], alias: str) -> None:
    if rows:
        Decision.objects.bulk_create(rows)
        transaction.on_commit(partial(_tell, tuple(rows)), using=alias, robust=True)


def _tell(rows: Iterable[Decision]) -> None:
    for row in rows:
        hooks.decision_recorded.send_robust(sender=Decision, decision=row)
