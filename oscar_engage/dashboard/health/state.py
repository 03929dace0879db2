"""How is it running? The figures of the health page, read at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connections
from django.db.models import Count, Max, Q

from oscar_engage.conf import get_settings
from oscar_engage.dashboard.health.problems import (
    Problem,
    find_failing_jobs,
    find_outside_trouble,
    find_problems,
    find_trouble_in_learning,
    find_unfetched_mailboxes,
    find_unsent_mails,
)
from oscar_engage.dashboard.health.words import say_counter
from oscar_engage.dashboard.health.worker import get_patience
from oscar_engage.jobs.models import FillState, Job, JobState
from oscar_engage.jobs.registry import awake
from oscar_engage.modules import off_modules, say_modules
from oscar_engage.rules.grammar import read_document
from oscar_engage.rules.live import skipped_rules
from oscar_engage.rules.load import Skipped
from oscar_engage.rules.models import Rule, RuleStatus
from oscar_engage.rules.off import say_missing
from oscar_engage.signals.counters import snapshot
from oscar_engage.statements.versions import Versions, read_versions
from oscar_engage.storefront.turn import BREAKER
from oscar_engage.switch.models import Switch

OVERDUE = timedelta(minutes=5)
"""A worker runs what is due every minute; what has waited for five of them is late."""

MOST_DEAD = 50
"""Dead jobs shown at once."""


MOST_UNJUDGED = 50
"""Live rules that are not judged and shown at once."""


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A live rule that is not judged: it cannot be read, and why; or (no reason) it is one too many."""

    pk: int
    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What the health page shows. ``worker_seen_at`` is when a job was last finished; ``None``: never."""

    due: int
    overdue: int
    running: int
    dead: int
    worker_seen_at: datetime | None
    worker_is_quiet: bool
    versions: Versions
    """What tells the tables from the code, between two steps of an upgrade."""
    live_rules: int
    rules_changed_at: datetime | None
    unjudged: tuple[Unjudged, ...]
    """Rules that are live and not judged, at most :data:`MOST_UNJUDGED` of them."""
    unjudged_count: int
    breaker_is_open: bool
    is_switched_on: bool
    switched_at: datetime | None
    """When a person last turned the switch."""
    problems: tuple[Problem, ...]
    dead_jobs: tuple[Job, ...]
    sweeps: tuple[FillState, ...]
    counters: tuple[tuple[str, str, int], ...]
    """Name, what it counts in words (empty: there are none), and how often."""
    modules_off: str
    """The modules that the shop does not use, in words; empty: it uses all."""


def read_health(*, now: datetime) -> Health:
    """Return the state at ``now``, with sixteen queries at most."""
    jobs = Job.objects.filter(awake()).aggregate(
        due=Count("pk", filter=Q(state=JobState.DUE, run_at__lte=now)),
        overdue=Count("pk", filter=Q(state=JobState.DUE, run_at__lte=now - OVERDUE)),
        running=Count("pk", filter=Q(state=JobState.RUNNING)),
        dead=Count("pk", filter=Q(state=JobState.DEAD)),
        worker_seen_at=Max("finished_at"),
    )
    rules = Rule.objects.filter(status=RuleStatus.LIVE).aggregate(live_rules=Count("pk"), rules_changed_at=Max("updated_at"))
    unjudged = skipped_rules(now)
    seen_at = jobs["worker_seen_at"]
    switch = Switch.objects.filter(pk=1).first()
    return Health(
        **jobs,
        **rules,
        unjudged=tuple(_name(unjudged[:MOST_UNJUDGED])),
        unjudged_count=len(unjudged),
        worker_is_quiet=seen_at is None or now - seen_at > (get_patience() or OVERDUE),
        versions=read_versions(connections[get_settings().database]),
        breaker_is_open=BREAKER.is_open(),
        is_switched_on=switch.is_on if switch else True,
        switched_at=switch.changed_at if switch else None,
        problems=(
            *find_problems(now=now),
            *find_failing_jobs(),
            *find_unsent_mails(now=now),
            *find_unfetched_mailboxes(),
            *find_outside_trouble(),
            *find_trouble_in_learning(now=now),
        ),
        dead_jobs=tuple(Job.objects.filter(state=JobState.DEAD).order_by("-finished_at")[:MOST_DEAD]),
        sweeps=tuple(FillState.objects.order_by("name")),
        counters=tuple((name, say_counter(name), number) for name, number in sorted(snapshot().items())),
        modules_off=say_modules(off_modules()),
    )


def _name(skipped: Sequence[Skipped]) -> Iterator[Unjudged]:
    """Name the rules, and say what is wrong in the reader's language: whoever read them before spoke another, or none."""
    rows = Rule.objects.filter(pk__in=[one.rule_id for one in skipped]).values_list("pk", "name", "published__document")
    found = {pk: (name, document) for pk, name, document in rows} if skipped else {}
    for one in skipped:
        name, document = found.get(one.rule_id, ("", None))
        reason = one.reason and (_find_mistakes(document) or one.reason)
        yield Unjudged(one.rule_id, name, reason or say_missing(list(one.modules)))


def _find_mistakes(document: object) -> str:
    """Return the mistakes that the grammar finds; nothing when it fails itself."""
    try:
        return " ".join(mistake.message for mistake in read_document(document)[1])
    except Exception:  # noqa: BLE001 - a type of the shop's own that fails: its name was kept as the reason
        return ""
