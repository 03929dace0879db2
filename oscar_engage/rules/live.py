"""Which rules are live now? A set kept in the process, built off the request and swapped as a whole.

**Off the request.** A beat never builds a set. Once a second, while beats come, a thread compares what is kept with the
database (``read_rows``: every column of every live rule is the stamp), builds a new set if anything differs, and puts it in
the old one's place. Until then beats go on with the old one.

**Nothing is late.** A set that was not compared for three seconds (no beats came, or the thread is late) is compared by the
beat itself, with one query: rules that changed or were stopped are silent from then on, new ones wait for the thread. So what
one process changes is heeded by all others within five seconds, and what is stopped never fires after a pause.

**The first second of a process** has no set. Nothing is judged then, nothing that a visit remembers is forgotten, and the
browser is told to come back a second later.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import F

from oscar_engage.rules.background import Background
from oscar_engage.rules.engine.tree import Document
from oscar_engage.rules.load import LiveRule, LiveSet, Skipped, load_live_set, parse_versions, read_rows
from oscar_engage.rules.models import Rule, RuleStatus, RuleVersion

__all__ = [
    "LiveRule",
    "LiveSet",
    "drop_live_rules",
    "forget_live_rules",
    "live_rules",
    "live_set",
    "published_documents",
    "skipped_rules",
]

FRESH_FOR = timedelta(seconds=1)
"""How long a set is taken as it is, after which the thread compares it with the database."""

STALE_AFTER = timedelta(seconds=3)
"""How long a beat relies on the thread; with its second and the time to build, all processes agree within five seconds."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """The set, and when it was last found to be what the database says; ``None``: something has just been changed."""

    live: LiveSet
    checked_at: datetime | None

    def is_older(self, than: timedelta, now: datetime) -> bool:
        return self.checked_at is None or abs(now - self.checked_at) >= than


_kept: list[_Kept] = []  # at most one entry, replaced as a whole: threads see the old or the new, never half of each


def live_set(now: datetime) -> LiveSet | None:
    """Return the live rules to judge at ``now``; ``None`` while this process has not read them yet.

    No query, except after a pause of three seconds or a change in this process: then one.
    """
    kept = _kept[0] if _kept else None
    if kept is not None and not kept.is_older(FRESH_FOR, now):
        return kept.live
    BACKGROUND.ask(now)
    kept = _kept[0] if _kept else None
    if kept is None or not kept.is_older(STALE_AFTER, now):
        return None if kept is None else kept.live
    rows = read_rows()
    if rows != kept.live.rows:
        return kept.live.without_changed(rows)
    _kept[:] = [replace(kept, checked_at=now)]
    return kept.live


def live_rules(now: datetime) -> tuple[LiveRule, ...]:
    """Return the rules that are published and due at ``now``, the highest first, as many as ``rules.limits`` allows.

    None while this process has not read them yet; a stored document that cannot be read is logged and left out.
    """
    live = live_set(now)
    if live is None:
        return ()
    return tuple(rule for rule in live.every.rules if rule.is_due(now) and rule.rule_id not in live.every.withdrawn)


def skipped_rules(now: datetime) -> tuple[Skipped, ...]:
    """Return the live rules that are not judged, and why; for a page of staff, which waits where a beat would not."""
    if not _kept:
        _refresh(now)
    live = live_set(now)
    return () if live is None else live.skipped


def forget_live_rules() -> None:
    """Compare with the database at the next beat; called after a rule was published or paused."""
    _kept[:] = [replace(kept, checked_at=None) for kept in _kept]


def drop_live_rules() -> None:
    """Be as a process that has just begun; between tests."""
    _kept.clear()


def published_documents(*, but: Rule) -> Iterator[Document]:
    """Give what the live rules say, due or not, all ``but`` this one."""
    versions = RuleVersion.objects.filter(rule__status=RuleStatus.LIVE, rule__published=F("pk")).exclude(rule=but)
    return (found for _version, found in parse_versions(versions) if isinstance(found, Document))


def _refresh(now: datetime) -> None:
    """Compare the set with the database, and build another if it differs."""
    kept = _kept[0] if _kept else None
    rows = read_rows()
    if kept is None or kept.live.rows != rows:
        kept = _Kept(load_live_set(rows, before=kept.live if kept is not None else None), now)
    _kept[:] = [replace(kept, checked_at=now)]


BACKGROUND = Background(_refresh, place="rules")
"""Builds the sets of this process."""
