"""What did a rule bring, in both arms? The rows of a period, gathered for the arithmetic in ``tally``."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db.models import Min, Q

from oscar_engage.analytics.models import Conversion
from oscar_engage.analytics.tally import ArmReport, Drawn, Moment, Order, tally_arm, tally_reasons
from oscar_engage.decisions.models import Arm, Assignment, Decision, Reason
from oscar_engage.rules.models import Rule
from oscar_engage.visitors.models import UNCOUNTED, Visitor

Row = TypeVar("Row", Drawn, Moment)

LEFT_ALONE = "left_alone"
"""What the shop's hold-out is called in a report, beside the arms of the rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleReport:
    """A rule's visitors of one period ``[since, until)`` in both arms.

    ``left_alone`` are those of the shop's own hold-out, for whom the rule held too. They stand apart from ``control``: the
    rule's own hold-out still meets all other rules, and so do the treated, while these meet none. ``reasons`` counts
    moments, not visitors, and includes those of visitors for whom no arm was drawn. Members of staff and browsers
    run by a program are in none of the figures; ``staff`` and ``automata`` say how many visitors that were.
    """

    rule_id: int
    name: str
    since: datetime
    until: datetime
    attribution_days: int
    treated: ArmReport
    control: ArmReport
    left_alone: ArmReport
    moments: int
    reasons: tuple[tuple[str, int], ...]
    staff: int
    automata: int

    @property
    def arms(self) -> tuple[ArmReport, ArmReport]:
        """Both arms, treated first."""
        return (self.treated, self.control)

    def reason_rows(self) -> list[tuple[str, int, float]]:
        """Return ``(reason in words, moments, share of all moments)``, the most frequent first."""
        labels = dict(Reason.choices)
        return [(str(labels.get(reason, reason)), count, count / self.moments) for reason, count in self.reasons]


def report_rule(rule: Rule, *, since: datetime, until: datetime, attribution_days: int) -> RuleReport:
    """Return the report of one rule; see :func:`report_rules`."""
    return report_rules([rule], since=since, until=until, attribution_days=attribution_days)[0]


def report_rules(rules: Sequence[Rule], *, since: datetime, until: datetime, attribution_days: int) -> tuple[RuleReport, ...]:
    """Return a report for each of ``rules``, in their order, with five queries whatever their number.

    A visitor is counted in the period in which the arm was drawn, so periods add up; ``attribution_days`` after that draw
    an order still counts, even when it falls after ``until``. What was not done by shoppers is left out first. For
    the shop's hold-out nothing is drawn: a visitor of it is counted from the first moment of the period. A customer with two
    devices is one visitor.
    """
    ids = [rule.pk for rule in rules]
    attribution = timedelta(days=attribution_days)
    units = _read_units()
    uncounted = units.staff | units.automata
    drawn, drawn_others = _split(_drawn(ids, since, until), uncounted)
    moments, other_moments = _split(_moments(ids, since, until, units), uncounted)
    left_alone, _others = _split(_left_alone(ids, since, until, units), uncounted)
    visitors = {entry.visitor_id for group in (drawn, left_alone) for entries in group.values() for entry in entries}
    orders = _orders(visitors, since, until + attribution, units)

    def build(rule: Rule) -> RuleReport:
        own = moments.get(rule.pk, [])
        others = {entry.visitor_id for entry in (*drawn_others.get(rule.pk, ()), *other_moments.get(rule.pk, ()))}
        per_visitor = _by_visitor(own)
        treated, control = (
            tally_arm(arm, drawn=drawn.get(rule.pk, []), moments=per_visitor, orders=orders, attribution=attribution)
            for arm in (Arm.TREATED.value, Arm.CONTROL.value)
        )
        apart = tally_arm(
            LEFT_ALONE, drawn=left_alone.get(rule.pk, []), moments=per_visitor, orders=orders, attribution=attribution
        )
        return RuleReport(
            rule_id=rule.pk,
            name=rule.name,
            since=since,
            until=until,
            attribution_days=attribution_days,
            treated=treated,
            control=control,
            left_alone=apart,
            moments=len(own),
            reasons=tally_reasons(own),
            staff=len(others & units.staff),
            automata=len(others - units.staff),
        )

    return tuple(build(rule) for rule in rules)


@dataclass(frozen=True, slots=True)
class _Units:
    """Who is one person on several devices, and who is no shopper, all by the ids under which arms are drawn."""

    joined: Mapping[UUID, UUID]
    staff: frozenset[UUID]
    automata: frozenset[UUID]

    def of(self, visitor_id: UUID) -> UUID:
        """Return the unit of a visitor; one whose row is gone is a unit of its own."""
        return self.joined.get(visitor_id, visitor_id)


def _read_units() -> _Units:
    known = Visitor.objects.filter(UNCOUNTED | Q(unit_of__isnull=False))
    rows = list(known.values_list("pk", "unit_of", "is_staff", "is_automaton"))
    return _Units(
        joined={pk: unit for pk, unit, *_marks in rows if unit is not None},
        staff=frozenset(unit or pk for pk, unit, is_staff, _is_automaton in rows if is_staff),
        automata=frozenset(unit or pk for pk, unit, _is_staff, is_automaton in rows if is_automaton),
    )


def _split(rows: Mapping[int, list[Row]], uncounted: Collection[UUID]) -> tuple[dict[int, list[Row]], dict[int, list[Row]]]:
    """Return the rows of shoppers and those of all others, each by rule."""
    shoppers = {rule_id: [row for row in own if row.visitor_id not in uncounted] for rule_id, own in rows.items()}
    others = {rule_id: [row for row in own if row.visitor_id in uncounted] for rule_id, own in rows.items()}
    return shoppers, others


def _drawn(rule_ids: Sequence[int], since: datetime, until: datetime) -> dict[int, list[Drawn]]:
    rows = Assignment.objects.filter(rule__in=rule_ids, drawn_at__gte=since, drawn_at__lt=until)
    grouped: defaultdict[int, list[Drawn]] = defaultdict(list)
    for rule_id, visitor_id, arm, at in rows.values_list("rule_id", "visitor_id", "arm", "drawn_at"):
        grouped[rule_id].append(Drawn(visitor_id=visitor_id, arm=arm, at=at))
    return grouped


def _left_alone(rule_ids: Sequence[int], since: datetime, until: datetime, units: _Units) -> dict[int, list[Drawn]]:
    rows = Decision.objects.filter(
        version__rule__in=rule_ids, reason=Reason.SHOP_HOLDOUT, eligible_at__gte=since, eligible_at__lt=until
    )
    firsts: defaultdict[int, dict[UUID, datetime]] = defaultdict(dict)
    for rule_id, visitor_id, first in rows.values_list("version__rule_id", "visitor_id").annotate(first=Min("eligible_at")):
        own, unit = firsts[rule_id], units.of(visitor_id)
        own[unit] = min(first, own.get(unit, first))
    return {
        rule_id: [Drawn(visitor_id=unit, arm=LEFT_ALONE, at=first) for unit, first in own.items()]
        for rule_id, own in firsts.items()
    }


def _moments(rule_ids: Sequence[int], since: datetime, until: datetime, units: _Units) -> dict[int, list[Moment]]:
    rows = Decision.objects.filter(version__rule__in=rule_ids, eligible_at__gte=since, eligible_at__lt=until).values_list(
        "version__rule_id", "visitor_id", "reason", "offered_at", "seen_at", "accepted_at", "dismissed_at"
    )
    grouped: defaultdict[int, list[Moment]] = defaultdict(list)
    for rule_id, visitor_id, reason, offered, seen, accepted, dismissed in rows:
        grouped[rule_id].append(
            Moment(
                visitor_id=units.of(visitor_id),
                reason=reason,
                offered=offered is not None,
                seen=seen is not None,
                accepted=accepted is not None,
                dismissed=dismissed is not None,
            )
        )
    return grouped


def _orders(visitors: Collection[UUID], since: datetime, until: datetime, units: _Units) -> dict[UUID, list[Order]]:
    rows = Conversion.objects.filter(placed_at__gte=since, placed_at__lt=until)
    grouped: defaultdict[UUID, list[Order]] = defaultdict(list)
    for visitor_id, total, currency, at in rows.values_list("visitor_id", "total", "currency", "placed_at"):
        # the visitors are chosen here: a list of all their ids would exceed what a database takes in one statement
        unit = units.of(visitor_id)
        if unit in visitors:
            grouped[unit].append(Order(visitor_id=unit, total=total, currency=currency, at=at))
    return grouped


def _by_visitor(rows: Iterable[Moment]) -> dict[UUID, list[Moment]]:
    grouped: defaultdict[UUID, list[Moment]] = defaultdict(list)
    for row in rows:
        grouped[row.visitor_id].append(row)
    return grouped
