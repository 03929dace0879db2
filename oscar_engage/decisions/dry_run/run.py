"""How is a dry run done? Begun by a press of a button, then a chunk of people in each job, until the last one."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction

from oscar_engage.conf import EngageSettings, get_settings
from oscar_engage.decisions.dry_run.models import DryRun
from oscar_engage.decisions.dry_run.people import Chunk, read_chunk, visits_between
from oscar_engage.decisions.dry_run.replay import replay
from oscar_engage.decisions.dry_run.setting import Setting, as_if_live, build_setting
from oscar_engage.decisions.dry_run.tally import Tally, from_json
from oscar_engage.decisions.order.store import read_formula
from oscar_engage.jobs.outbox import enqueue
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.purge import DAY, purge_chunk
from oscar_engage.jobs.registry import handler
from oscar_engage.rules.errors import InvalidRuleError
from oscar_engage.rules.live import LiveRule, live_rules
from oscar_engage.rules.load import judged_document
from oscar_engage.rules.models import RuleVersion

KIND = "dry_run.chunk"
PURGE = "dry_runs.purge"

MOST_DAYS = 30
KEPT = timedelta(days=90)
"""How long a result can be looked up."""

User = AbstractBaseUser | AnonymousUser | None


def begin_dry_run(version: RuleVersion, *, days: int, engagements: Mapping[str, str], user: User, now: datetime) -> DryRun:
    """Have ``version`` tried against the visits of the last ``days`` (1 to :data:`MOST_DAYS`) and return the dry run.

    ``engagements`` are the active ones, slug to kind of widget. One of the same rule that still goes on is cancelled.
    """
    if not 1 <= days <= MOST_DAYS:
        raise ValueError(f"A dry run looks back 1 to {MOST_DAYS} days, not {days}.")
    since = now - timedelta(days=days)
    with transaction.atomic(using=get_settings().database):
        _going_on().filter(version__rule=version.rule_id).update(cancelled_at=now)
        run = DryRun.objects.create(
            version=version,
            days=days,
            since=since,
            until=now,
            engagements=dict(engagements),
            visits_total=visits_between(since, now).count(),
            created_at=now,
            created_by_id=None if user is None else user.pk,
        )
        _enqueue(run, now)
    return run


def cancel_dry_run(run: DryRun, *, now: datetime) -> None:
    """End ``run`` where it is; what was counted so far stays to be read. One that is over stays as it is."""
    _going_on().filter(pk=run.pk).update(cancelled_at=now)
    run.refresh_from_db()


@handler(KIND)
def do_chunk(payload: Mapping[str, Any], /, *, now: datetime) -> None:
    """Replay the next people and have the rest enqueued; what is counted and how far it came are written together."""
    run = _going_on().select_for_update().select_related("version__rule").filter(pk=payload.get("run")).first()
    if run is None:
        return
    settings = get_settings()
    setting = _setting(run, settings, now)
    if setting is None:
        run.cancelled_at = now
        run.save(update_fields=["cancelled_at"])
        return
    _follow_rules(run, _stamp(setting, settings))
    chunk = read_chunk(
        since=run.since,
        until=run.until,
        position=run.position,
        wanted=setting.wanted,
        reach=setting.reach,
        asks_models=setting.asks_models,
        now=now,
    )
    _count(run, chunk, setting)
    run.part += 1
    if chunk.position is None:
        run.finished_at = now
    else:
        run.position = chunk.position
        _enqueue(run, now)
    run.save()


def _going_on() -> Any:
    return DryRun.objects.filter(finished_at=None, cancelled_at=None)


def _setting(run: DryRun, settings: EngageSettings, now: datetime) -> Setting | None:
    """Return what the run is judged with; ``None`` when its version can no longer be read."""
    try:
        document = judged_document(run.version.document)
    except InvalidRuleError:
        return None
    draft = as_if_live(run.version.rule, document)
    return build_setting(draft, live=live_rules(now), engagements=run.engagements, settings=settings, formula=read_formula())


def _stamp(setting: Setting, settings: EngageSettings) -> str:
    """Return what changes whenever the answer of the same visits might."""
    told = [_row_of(rule) for rule in setting.rules]
    constant = (setting.limits, setting.steps, setting.salt, setting.shop_share, setting.formula, settings.retention_days)
    return hashlib.sha256(repr((told, *constant)).encode()).hexdigest()


def _row_of(rule: LiveRule) -> tuple[Any, ...]:
    own = (rule.caps, rule.goal, rule.goal_value)
    return rule.rule_id, rule.version_id, rule.priority, rule.purpose, rule.holdout_share, *own


def _follow_rules(run: DryRun, stamp: str) -> None:
    """Begin anew when rules or settings changed since the first chunk: half of each would be the answer to no question."""
    if run.stamp and run.stamp != stamp:
        run.position, run.visits_done, run.tally = 0, 0, {}
    run.stamp = stamp


def _count(run: DryRun, chunk: Chunk, setting: Setting) -> None:
    tally: Tally = from_json(run.tally)
    tally.partial += chunk.partial
    for person in chunk.people:
        tally.add(replay(person, setting))
    run.tally = tally.to_json()
    run.visits_done += chunk.visits


def _enqueue(run: DryRun, now: datetime) -> None:
    enqueue(KIND, key=f"{KIND}:{run.pk}:{run.part}", payload={"run": run.pk}, now=now)


@handler(PURGE)
def purge_runs(payload: Mapping[str, Any], /, *, now: datetime) -> None:
    """Remove the results that are older than :data:`KEPT`."""
    purge_chunk(DryRun.objects.filter(created_at__lt=now - KEPT), kind=PURGE, payload=payload, now=now)


every(PURGE, DAY)


def latest_runs(rule_id: int, *, most: int) -> Iterable[DryRun]:
    """Return the latest dry runs of a rule, the newest first."""
    return DryRun.objects.filter(version__rule=rule_id).select_related("version").order_by("-created_at", "-pk")[:most]
