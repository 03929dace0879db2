"""What do the rows of the live rules amount to? Read, checked one by one, and put into a set that is judged together."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from oscar_engage.modules import is_on
from oscar_engage.rules.caps import NO_CAPS, Caps, caps_of
from oscar_engage.rules.engine.ruleset import RuleSet, build_rule_set
from oscar_engage.rules.engine.segments import expand
from oscar_engage.rules.engine.tree import Condition, Document, Group
from oscar_engage.rules.engine.wake import ReadAt
from oscar_engage.rules.engine.walk import Read, judge, judging
from oscar_engage.rules.errors import FieldError, InvalidRuleError
from oscar_engage.rules.grammar import parse_document
from oscar_engage.rules.limits import within_limits
from oscar_engage.rules.models import Rule, RulePurpose, RuleStatus, RuleVersion
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.off import modules_missing
from oscar_engage.rules.past.wanted import Wanted, find_wanted
from oscar_engage.rules.turns import next_turn, turning_conditions
from oscar_engage.rules.validate import is_service_document
from oscar_engage.rules.variables import clock_names, costly_names
from oscar_engage.signals.counters import count

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRule:
    """One published rule.

    ``is_service``: declared a service rule, and reads nothing but facts of the current page, whatever the row says.
    """

    rule_id: int
    version_id: int
    priority: int
    purpose: str
    holdout_share: float
    document: Document
    starts_at: datetime | None
    ends_at: datetime | None
    is_service: bool
    caps: Caps = NO_CAPS
    goal: str = ""
    goal_value: Decimal = Decimal(0)

    def is_due(self, now: datetime) -> bool:
        """Whether ``now`` lies in the rule's half-open period; an end that is not set is open."""
        return (self.starts_at is None or self.starts_at <= now) and (self.ends_at is None or now < self.ends_at)


@dataclass(frozen=True, slots=True)
class Row:
    """The columns of a live rule, which may change at any time; its version never does."""

    rule_id: int
    version_id: int
    written_at: datetime
    priority: int
    purpose: str
    holdout_share: float
    starts_at: datetime | None
    ends_at: datetime | None
    goal: str
    goal_value: Decimal
    cap_offers: int | None
    cap_days: int
    cap_visit: int | None
    cap_pause_days: int | None
    cap_day: int | None

    @property
    def caps(self) -> Caps:
        """The rule's own caps."""
        return caps_of(self)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A live rule that is not judged, and why: it cannot be read, ``modules`` that it uses are off, or there are too many.

    For the last, ``reason`` and ``modules`` are empty.
    """

    rule_id: int
    reason: str
    modules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pool:
    """Rules that are judged together, the highest first.

    ``positions`` are their places by id; those in ``withdrawn`` (ids) have changed since and are silent.
    """

    rules: tuple[LiveRule, ...]
    positions: Mapping[int, int] = field(repr=False)
    rule_set: RuleSet = field(repr=False)
    withdrawn: frozenset[int] = frozenset()
    turning: tuple[tuple[LiveRule, tuple[Condition, ...]], ...] = ()
    """The rules with conditions that the clock on the wall may change (``rules.turns``), and these."""

    segments: Mapping[str, Group] = field(default_factory=dict, repr=False)
    """The segments that the rules name, by slug, written out; as the highest rule that names one knows it."""

    def matches(self, read: Read, *, now: datetime) -> list[tuple[LiveRule, int]]:
        """Return the rules that are due and take a branch, each with its branch."""
        found = [(self.rules[position], branch) for position, branch in self.rule_set.matches(read)]
        return [(rule, branch) for rule, branch in found if self._counts(rule, now)]

    def segments_at(self, read: Read) -> tuple[str, ...]:
        """Return the slugs of the segments that hold by what ``read`` says, by slug; what is not known is a no."""
        leaf = judging(read)
        return tuple(slug for slug, group in sorted(self.segments.items()) if judge(group, leaf) is True)

    def next_wake(
        self,
        matches: Iterable[tuple[LiveRule, int]],
        *,
        read_at: ReadAt,
        may_act: Callable[[LiveRule], bool],
        now: datetime,
    ) -> float | None:
        """Return the seconds until a rule that is due and ``may_act`` takes another branch, see ``wake.next_wake``.

        ``matches`` are those of ``read_at(0.0)``.
        """
        present = [(self.positions[rule.rule_id], branch) for rule, branch in matches]

        def counts(position: int) -> bool:
            return self._counts(self.rules[position], now) and may_act(self.rules[position])

        return self.rule_set.next_wake(present, read_at=read_at, may_act=counts)

    def next_turn(self, moment: Moment, *, read: Read, may_act: Callable[[LiveRule], bool], now: datetime) -> float | None:
        """Return the seconds until the clock on the wall changes a condition of a rule that is due and ``may_act``.

        ``read`` is the reader of ``moment``.
        """
        counting = (conditions for rule, conditions in self.turning if self._counts(rule, now) and may_act(rule))
        return next_turn((condition for conditions in counting for condition in conditions), moment, read=read)

    def _counts(self, rule: LiveRule, now: datetime) -> bool:
        return rule.rule_id not in self.withdrawn and rule.is_due(now)


@dataclass(frozen=True, slots=True)
class LiveSet:
    """The live rules as they were when ``rows`` were read: ``every`` one that can be judged, and of these the ``services``.

    ``wanted``: the part of a visitor's log that they ask about.
    """

    rows: tuple[Row, ...]
    every: Pool
    services: Pool
    skipped: tuple[Skipped, ...]
    wanted: Wanted

    def without_changed(self, rows: Iterable[Row]) -> "LiveSet":
        """Return this set without the rules that are not among ``rows`` as they were."""
        withdrawn = frozenset(row.rule_id for row in set(self.rows).difference(rows))
        every, services = replace(self.every, withdrawn=withdrawn), replace(self.services, withdrawn=withdrawn)
        return replace(self, every=every, services=services)


_COLUMNS = (
    "pk",
    "published_id",
    "published__created_at",
    "priority",
    "purpose",
    "holdout_share",
    "starts_at",
    "ends_at",
    "goal",
    "goal_value",
    "cap_offers",
    "cap_days",
    "cap_visit",
    "cap_pause_days",
    "cap_day",
)


def read_rows() -> tuple[Row, ...]:
    """Return what the live rules' columns say now, the highest first, with one query; none where the shop has no rules."""
    if not is_on("rules"):
        return ()
    rows = Rule.objects.filter(status=RuleStatus.LIVE).order_by("priority", "pk").values_list(*_COLUMNS)
    return tuple(Row(*row) for row in rows)


def load_live_set(rows: tuple[Row, ...], *, before: LiveSet | None = None) -> LiveSet:
    """Return the set of the rules behind ``rows``, with one query at most: what ``before`` has is not read again.

    A rule that cannot be read (its variable was uninstalled) is logged, counted and left out; so are the lowest beyond
    ``rules.limits``. One that uses a module that is off is left out as well.
    """
    documents, reasons = _read_documents(rows, before)
    found = [(row, documents[row.version_id]) for row in rows if row.version_id in documents]
    missing = {row.rule_id: tuple(modules_missing(document)) for row, document in found}
    readable = [(row, document) for row, document in found if not missing[row.rule_id]]
    rules = tuple(_build(row, document) for row, document in within_limits(readable))
    beyond = readable[len(rules) :]
    if beyond:
        count("dropped", "rules")
        logger.error("%d live rules are past LIVE_RULES or LIVE_CONDITIONS and left out.", len(beyond))
    skipped = [Skipped(row.rule_id, reasons[row.version_id]) for row in rows if row.version_id in reasons]
    skipped += [Skipped(row.rule_id, "", missing[row.rule_id]) for row, _document in found if missing[row.rule_id]]
    skipped += [Skipped(row.rule_id, "") for row, _document in beyond]
    services = tuple(rule for rule in rules if rule.is_service)
    wanted = find_wanted({condition.field for rule in rules for condition in rule.document.conditions()})
    return LiveSet(rows, _pool(rules), _pool(services), tuple(skipped), wanted)


def judged_document(stored: object) -> Document:
    """Return the rule in ``stored`` as it is judged, with its segments written out; raises ``InvalidRuleError``.

    Also for a type or variable of the shop's own that fails: nobody who reads many rules stops at one.
    """
    try:
        return expand(parse_document(stored))
    except InvalidRuleError:
        raise
    except Exception as error:
        logger.exception("A rule cannot be read.")
        raise InvalidRuleError([FieldError("", type(error).__name__)]) from None


def parse_versions(versions: Iterable[RuleVersion]) -> Iterator[tuple[int, Document | str]]:
    """Yield each version's id with its document, its segments written out, or, if it cannot be read, what is wrong with it."""
    for version in versions:
        try:
            yield version.pk, judged_document(version.document)
        except InvalidRuleError as error:
            yield version.pk, str(error)


def _read_documents(rows: Sequence[Row], before: LiveSet | None) -> tuple[Mapping[int, Document], Mapping[int, str]]:
    """Return, by version, the documents and the reasons why there is none."""
    documents: dict[int, Document] = {}
    reasons: dict[int, str] = {}
    if before is not None:
        kept = {rule.version_id: rule.document for rule in before.every.rules}
        known = {(row.version_id, row.written_at) for row in before.rows}
        same = [row.version_id for row in rows if (row.version_id, row.written_at) in known]
        documents = {version: kept[version] for version in same if version in kept}
    wanted = [row.version_id for row in rows if row.version_id not in documents]
    for version, found in parse_versions(RuleVersion.objects.filter(pk__in=wanted) if wanted else ()):
        if isinstance(found, Document):
            documents[version] = found
        else:
            reasons[version] = found
            count("skipped", "rules")
            logger.error("Rule version %s cannot be read and is left out: %s", version, found)
    return documents, reasons


def _pool(rules: tuple[LiveRule, ...]) -> Pool:
    documents = [rule.document for rule in rules]
    found = ((rule, turning_conditions(rule.document)) for rule in rules)
    turning = tuple((rule, conditions) for rule, conditions in found if conditions)
    positions = {rule.rule_id: position for position, rule in enumerate(rules)}
    rule_set = build_rule_set(documents, clocks=clock_names(), costly=costly_names())
    segments = {slug: group for rule in reversed(rules) for slug, group in rule.document.segments}
    return Pool(rules, positions, rule_set, turning=turning, segments=segments)


def _build(row: Row, document: Document) -> LiveRule:
    return LiveRule(
        rule_id=row.rule_id,
        version_id=row.version_id,
        priority=row.priority,
        purpose=row.purpose,
        holdout_share=row.holdout_share,
        document=document,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        is_service=row.purpose == RulePurpose.SERVICE and is_service_document(document),
        caps=row.caps,
        goal=row.goal,
        goal_value=row.goal_value,
    )
