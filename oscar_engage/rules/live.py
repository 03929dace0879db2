"""Which rules are live now? Kept in the process, compiled, and compared with the database at most once a second."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import F

from oscar_engage.rules.engine.compile import Choose
from oscar_engage.rules.engine.segments import expand
from oscar_engage.rules.engine.tree import Document
from oscar_engage.rules.engine.wake import WakePlan, plan_wake
from oscar_engage.rules.errors import InvalidRuleError
from oscar_engage.rules.grammar import parse_document
from oscar_engage.rules.limits import within_limits
from oscar_engage.rules.models import Rule, RulePurpose, RuleStatus, RuleVersion
from oscar_engage.rules.validate import is_service_document
from oscar_engage.rules.variables import clock_names
from oscar_engage.signals.counters import count

logger = logging.getLogger(__name__)

FRESH_FOR = timedelta(seconds=1)
"""How long another process may go on with a rule that was paused; each process asks the database no more often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRule:
    """One published rule, ready to be judged: ``choose(read)`` gives its branch as ``engine.walk.choose`` does.

    ``document`` has its segments written out. ``is_service``: declared a service rule, and reads nothing but facts of the
    current page, whatever the row says.
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
    wake_plan: WakePlan = field(compare=False, repr=False)

    @property
    def choose(self) -> Choose:
        """The compiled rule."""
        return self.wake_plan.choose

    def is_due(self, now: datetime) -> bool:
        """Whether ``now`` lies in the rule's half-open period; an end that is not set is open."""
        return (self.starts_at is None or self.starts_at <= now) and (self.ends_at is None or now < self.ends_at)


@dataclass(frozen=True, slots=True)
class _Row:
    """The columns of a live rule, which may change at any time; its version never does."""

    rule_id: int
    version_id: int
    written_at: datetime
    priority: int
    purpose: str
    holdout_share: float
    starts_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Cache:
    checked_at: datetime
    stamp: tuple[_Row, ...]
    rules: tuple[LiveRule, ...]


_COLUMNS = (
    "pk",
    "published_id",
    "published__created_at",
    "priority",
    "purpose",
    "holdout_share",
    "starts_at",
    "ends_at",
)
_kept: list[_Cache] = []  # at most one entry, replaced as a whole: threads see the old or the new, never half of each


def live_rules(now: datetime) -> tuple[LiveRule, ...]:
    """Return the rules that are published and due at ``now``, the highest first, as many as ``rules.limits`` allows.

    One query at most once a second, and one more when something changed; none in between. A stored document that cannot be
    read (its variable was uninstalled) is logged and left out.
    """
    kept = _kept[0] if _kept else None
    if kept is None or abs(now - kept.checked_at) >= FRESH_FOR:
        kept = _check(kept, now)
        _kept[:] = [kept]
    return tuple(rule for rule in kept.rules if rule.is_due(now))


def forget_live_rules() -> None:
    """Ask the database at the next beat; called after a rule was published or paused, and between tests."""
    _kept.clear()


def _check(kept: _Cache | None, now: datetime) -> _Cache:
    rows = Rule.objects.filter(status=RuleStatus.LIVE).order_by("priority", "pk").values_list(*_COLUMNS)
    stamp = tuple(_Row(*row) for row in rows)
    if kept is not None and kept.stamp == stamp:
        return _Cache(now, stamp, kept.rules)
    return _Cache(now, stamp, _load(stamp))


def published_documents(*, but: Rule) -> Iterator[Document]:
    """Give what the live rules say, due or not, all ``but`` this one."""
    versions = RuleVersion.objects.filter(rule__status=RuleStatus.LIVE, rule__published=F("pk")).exclude(rule=but)
    return (document for _pk, document in _parse(versions))


def _load(stamp: Sequence[_Row]) -> tuple[LiveRule, ...]:
    versions = RuleVersion.objects.filter(pk__in=[row.version_id for row in stamp]) if stamp else ()
    documents = dict(_parse(versions))
    readable = [(row, documents[row.version_id]) for row in stamp if row.version_id in documents]
    rules = tuple(_build(row, document) for row, document in within_limits(readable))
    if len(rules) < len(readable):
        count("dropped", "rules")
        logger.error("%d live rules are past LIVE_RULES or LIVE_CONDITIONS and left out.", len(readable) - len(rules))
    return rules


def _parse(versions: Iterable[RuleVersion]) -> Iterable[tuple[int, Document]]:
    for version in versions:
        try:
            yield version.pk, expand(parse_document(version.document))
        except InvalidRuleError as error:
            logger.error("Rule version %s cannot be read and is left out: %s", version.pk, error)  # noqa: TRY400 - no traceback


def _build(row: _Row, document: Document) -> LiveRule:
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
        wake_plan=plan_wake(document, clocks=clock_names()),
    )
