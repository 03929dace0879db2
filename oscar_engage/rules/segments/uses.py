"""Which rules use a segment? By their latest and by their live versions, with whether what is live has an older text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from oscar_engage.rules.models import Rule, RuleStatus, RuleVersion, Segment


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentUse:
    """One rule that uses a segment.

    ``live``: the version that is live, if it does so; ``in_draft``: the latest version, which is not live, does so.
    ``is_outdated``: what is live has another text of the segment than the one that is stored now. ``has_newer_draft``: the
    latest version is not live.
    """

    rule: Rule
    live: RuleVersion | None
    in_draft: bool
    is_outdated: bool
    has_newer_draft: bool


def uses_of(segment: Segment) -> list[SegmentUse]:
    """Return the rules that use ``segment``, by priority, archived ones left out; with two queries."""
    return uses_of_all([segment])[segment.slug]


def uses_of_all(segments: Iterable[Segment]) -> dict[str, list[SegmentUse]]:
    """Return for each of the ``segments`` (by slug) the rules that use it, by priority; with two queries for all of them."""
    listed = list(segments)
    rules = {rule.pk: rule for rule in Rule.objects.exclude(status=RuleStatus.ARCHIVED).order_by("priority", "pk")}
    latest: dict[int, RuleVersion] = {}
    live: dict[int, RuleVersion] = {}
    for version in _versions():
        rule = rules[version.rule_id]
        if version.pk == rule.published_id and rule.status == RuleStatus.LIVE:
            live[rule.pk] = version
        if version.number == version.newest:
            latest[rule.pk] = version
    return {
        segment.slug: [use for rule in rules.values() if (use := _use(segment, rule, latest.get(rule.pk), live.get(rule.pk)))]
        for segment in listed
    }


def _versions() -> QuerySet[Any]:
    newest = RuleVersion.objects.filter(rule=OuterRef("rule")).order_by("-number").values("number")[:1]
    versions = RuleVersion.objects.exclude(rule__status=RuleStatus.ARCHIVED).annotate(newest=Subquery(newest))
    return versions.filter(Q(number=F("newest")) | Q(pk=F("rule__published")))


def _use(segment: Segment, rule: Rule, latest: RuleVersion | None, live: RuleVersion | None) -> SegmentUse | None:
    in_live, in_latest = (segment.slug in _segments_of(version) for version in (live, latest))
    has_newer_draft = latest is not None and latest != live
    if not in_live and not in_latest:
        return None
    return SegmentUse(
        rule=rule,
        live=live if in_live else None,
        in_draft=in_latest and has_newer_draft,
        is_outdated=in_live and _segments_of(live)[segment.slug] != segment.document,
        has_newer_draft=live is not None and has_newer_draft,
    )


def _segments_of(version: RuleVersion | None) -> Mapping[str, Any]:
    document = version.document if version is not None else None
    segments = document.get("segments") if isinstance(document, dict) else None
    return segments if isinstance(segments, dict) else {}
