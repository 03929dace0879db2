"""What comes of one look of one visit? Signals are folded, rules judged, and rows remembered for the end of the day."""

import uuid
from datetime import datetime, timedelta
from functools import partial, reduce

import msgspec

from oscar_engage.decisions.caps import Spent
from oscar_engage.decisions.models import Arm, Assignment, Decision, Reason
from oscar_engage.learning.features.instant import Instant
from oscar_engage.learning.foretell import Foreteller, score_with
from oscar_engage.learning.vectors.due import find_due
from oscar_engage.learning.vectors.models import Occasion, ScoredVector
from oscar_engage.learning.vectors.write import columns_of, explored_columns
from oscar_engage.signals.shipped_visits import VisitBegan
from oscar_engage.signals.signal import Signal, Source
from oscar_engage.simulation.drive.judge import Told, channel_of, judge_look, path_of
from oscar_engage.simulation.drive.person import Person, new_id
from oscar_engage.simulation.drive.rows import Rows
from oscar_engage.simulation.drive.shop import DayOfShop
from oscar_engage.simulation.parameters import Channel, Parameters
from oscar_engage.simulation.world.agents import OFFERED_PLACE, AgentPool
from oscar_engage.simulation.world.answer import answer_of
from oscar_engage.simulation.world.arrivals import Arrival
from oscar_engage.simulation.world.looks import Look
from oscar_engage.simulation.world.luck import seeded
from oscar_engage.simulation.world.visit import plan_visit
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.detect import detect
from oscar_engage.visitors.fold import fold
from oscar_engage.visitors.page import PageFacts
from oscar_engage.visitors.state import VisitState, begin

SEEN, DISMISSED, ACCEPTED, IGNORED = (timedelta(seconds=seconds) for seconds in (1, 6, 11, 30))
"""How long after an offer it is seen, closed, accepted, or goes away."""


class Walk:
    """One visit on its way through the product; :meth:`step` is called at :attr:`due`."""

    def __init__(
        self, arrival: Arrival, person: Person, *, seed: int, week: float, parameters: Parameters, day: DayOfShop
    ) -> None:
        self._arrival, self._person, self._day = arrival, person, day
        self._seed, self._parameters = seed, parameters
        shopper = arrival.shopper
        plan = plan_visit(shopper, arrival.number, seed=seed, parameters=parameters, week=week)
        self._looks, self._to_order, self._place = list(plan.body), plan.to_order, 0
        self._lost_from = len(plan.body) // 2 if shopper.is_untracked else len(plan.body) + 10**6
        self._delay = 0.0
        self.id = new_id(seed, shopper.number, arrival.number)
        person.visits += 1
        self.state: VisitState = begin(arrival.at, number=person.visits, previous_at=person.seen_at)

    @property
    def due(self) -> datetime | None:
        """When the next look is; ``None``: the visit is over."""
        if self._place >= len(self._looks):
            return None
        return self._arrival.at + timedelta(seconds=self._looks[self._place].after + self._delay)

    def step(self, now: datetime, rows: Rows, pool: AgentPool) -> None:
        """Take the next look; where the body ends, the shopper makes up its mind."""
        look = self._looks[self._place]
        is_heard = self._place < self._lost_from
        self._place += 1
        if is_heard:
            self._fold(look, now, rows)
            if not self._person.is_automaton:
                self._decide(look, now, rows, pool)
        if any(kind == "order.placed" for kind, _payload in look.told):
            rows.order(self._person, self.id, now)
        if self._place == len(self._looks) and self._to_order:
            if self._person.shopper.orders(self._person.channels(), self._parameters):
                self._looks += self._to_order
            self._to_order = ()
        if self._place == len(self._looks):
            self._end(now, rows)

    def leave_open(self, now: datetime, rows: Rows) -> None:
        """Write the visit as it stands at ``now``: it goes on after what is simulated."""
        last_at = max(self._arrival.at, now)
        rows.visit(self._person, self.id, self.state, self._arrival.at, last_at)

    def _end(self, now: datetime, rows: Rows) -> None:
        self._person.seen_at = now
        self._person.is_settled |= self._arrival.number >= self._person.shopper.visits
        rows.visit(self._person, self.id, self.state, self._arrival.at, now)

    def _fold(self, look: Look, now: datetime, rows: Rows) -> None:
        told = list(look.told)
        if not self.state.signals:
            page = look.page
            began = VisitBegan(device=self._person.shopper.device, page=page.kind, language=page.language)
            told.insert(0, ("visit.began", began))
        for number, (kind, payload) in enumerate(told):
            event_id = uuid.uuid5(self.id, f"{self._place}:{number}")
            source = Source.BROWSER if kind.startswith("page.") else Source.SERVER
            self._hear(Signal(kind=kind, payload=payload, at=now, event_id=event_id, source=source), look.page, rows)
        if self.state.signals > self._day.settings.signals_per_visit:
            self._person.is_automaton = True

    def _hear(self, signal: Signal, page: PageFacts, rows: Rows) -> None:
        after = fold(self.state, signal, page)
        found = list(detect(self.state, after, signal))
        self.state = reduce(lambda state, follows: fold(state, follows, page), found, after)
        rows.signals(self._person, self.id, (signal, *found))

    def _decide(self, look: Look, now: datetime, rows: Rows, pool: AgentPool) -> None:
        foreteller = self._foreteller(look, now)
        free = partial(pool.free, now)
        judged = judge_look(look, self.state, self._person, self.id, self._day, now=now, free=free, foreteller=foreteller)
        if judged.holding != self.state.holding:
            self.state = msgspec.structs.replace(self.state, holding=judged.holding)
        drawn: tuple[Told, Decision] | None = None
        for place, told in enumerate(judged.told):
            decision = self._row(told, look, now, place)
            if told.is_drawn:
                drawn = told, decision
                self._remember(told, now, rows)
            if told.draw.reason is Reason.OFFERED:
                self._offer(told, decision, now, pool)
            if decision.offered_at or told.draw.arm is Arm.CONTROL:
                spent = Spent(told.match.rule.rule_id, self.id, now, decision.accepted_at, decision.dismissed_at)
                self._person.spent.append(spent)
            rows.decisions.append(decision)
        self._keep_vectors(look, now, drawn, foreteller, rows)

    def _foreteller(self, look: Look, now: datetime) -> Foreteller:
        """Return what says what is foretold of this look, as ``storefront.beat`` has it."""
        day, consent = self._day, self._person.shopper.consent
        is_known = consent >= ConsentLevel.PERSONALISATION
        instant = Instant(self.state, look.page.kind, now, look.idle, look.visible, is_known)
        may_ask = is_known and day.settings.has("learning")
        return Foreteller(instant, may_ask=may_ask, ask=partial(score_with, day.models), bars=day.bars)

    def _row(self, told: Told, look: Look, now: datetime, place: int) -> Decision:
        match, draw = told.match, told.draw
        return Decision(
            id=uuid.uuid5(self.id, f"decision:{self._place}:{place}"),
            visitor_id=self._person.id,
            visit_id=self.id,
            version_id=match.rule.version_id,
            branch=match.branch,
            action=match.action.do,
            engagement=match.action.engagement,
            arm=draw.arm,
            probability=draw.probability,
            reason=draw.reason,
            page_path=path_of(look),
            eligible_at=now,
            offered_at=now if draw.reason is Reason.OFFERED else None,
        )

    def _remember(self, told: Told, now: datetime, rows: Rows) -> None:
        """Keep the arm as ``decisions.arms`` does, and who came into which experiment."""
        person, rule, draw = self._person, told.match.rule, told.draw
        if draw.reason is Reason.SHOP_HOLDOUT:
            person.left_alone = True
            return
        if rule.rule_id in person.arms or draw.probability is None:
            return
        person.arms[rule.rule_id] = (str(draw.arm), draw.probability)
        person.drawn[rule.rule_id] = (channel_of(told.match), draw.arm is Arm.TREATED, now)
        rows.assignments.append(
            Assignment(
                visitor_id=person.id,
                rule_id=rule.rule_id,
                arm=draw.arm,
                probability=draw.probability,
                shop_share=self._day.settings.shop_holdout,
                drawn_at=now,
            )
        )

    def _offer(self, told: Told, decision: Decision, now: datetime, pool: AgentPool) -> None:
        person, channel = self._person, channel_of(told.match)
        person.invited[told.match.rule.rule_id] = channel
        answer = answer_of(person.shopper, channel, self._arrival.number, seed=self._seed, parameters=self._parameters)
        decision.seen_at = now + SEEN
        if answer == "dismissed":
            decision.dismissed_at = now + DISMISSED
        elif answer == "ignored":
            decision.ignored_at = now + IGNORED
        else:
            decision.accepted_at = now + ACCEPTED
        if channel is Channel.CHAT and answer == "accepted":
            self._delay += pool.take(now, seeded(self._seed, "chat", person.shopper.number, self._arrival.number))
        elif channel is Channel.CHAT:
            pool.hold(now, OFFERED_PLACE)

    def _keep_vectors(
        self, look: Look, now: datetime, drawn: tuple[Told, Decision] | None, foreteller: Foreteller, rows: Rows
    ) -> None:
        """Write what ``learning.vectors.write`` would."""
        consent, person = self._person.shopper.consent, self._person
        if consent < ConsentLevel.STATISTICS or not self._day.settings.has("learning"):
            return
        due = find_due(self.state, look.idle)
        if due is None and drawn is None:
            return
        base = {"visit_id": self.id, "visitor_id": person.id, "at": now}
        if due is not None:
            rows.vectors.append(ScoredVector(occasion=due.occasion, **base, **columns_of(foreteller.scored())))
            self.state = msgspec.structs.replace(self.state, snapshots=due.snapshots)
        if drawn is not None:
            told, decision = drawn
            moment = {"decision_id": decision.pk, "rule_id": told.match.rule.rule_id}
            draw = told.draw
            arm = {"arm": str(draw.arm), "probability": draw.probability, "chance": draw.chance}
            scored = columns_of(foreteller.scored(told.match.action.do))
            explored = explored_columns(told.is_explored)
            rows.vectors.append(ScoredVector(occasion=Occasion.MOMENT, **base, **moment, **arm, **scored, **explored))
