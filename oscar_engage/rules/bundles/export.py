"""What has to travel with these rules? Their latest versions, with the segments and engagements that they speak of."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from django.db.models import OuterRef, Subquery

from oscar_engage.rules.bundles.shape import LONGEST_NAME, OWN, Bundle, BundleEngagement, BundleRule, BundleSegment
from oscar_engage.rules.life.columns import columns_of
from oscar_engage.rules.models import Rule, RuleVersion, Segment
from oscar_engage.rules.segments.shelf import names_in

ReadEngagements: TypeAlias = Callable[[Iterable[str]], Sequence[BundleEngagement]]
"""Gives the shop's engagements with these slugs; those that are gone are missing."""


def export_rules(rules: Iterable[Rule], *, read_engagements: ReadEngagements) -> Bundle:
    """Return the latest versions of ``rules``, in their order, as a bundle; a rule without a version is left out.

    Rules of one name get a number behind it, since a bundle has no name twice. Three queries.
    """
    listed = list(rules)
    newest = RuleVersion.objects.filter(rule=OuterRef("pk")).order_by("-number").values("pk")[:1]
    latest = Rule.objects.filter(pk__in=[rule.pk for rule in listed]).values_list(Subquery(newest))
    documents = {version.rule_id: version.document for version in RuleVersion.objects.filter(pk__in=latest)}
    names: set[str] = set()
    travelling = [_rule(rule, documents[rule.pk], names) for rule in listed if rule.pk in documents]
    segments = _with_named({slug for rule in travelling for slug in _segments_of(rule.document)})
    engagements = sorted({slug for rule in travelling for slug in engagements_in(rule.document)})
    return Bundle(
        rules=travelling,
        segments=[
            BundleSegment(slug=row.slug, name=row.name, description=row.description, document=row.document) for row in segments
        ],
        engagements=read_engagements(engagements),
    )


def _with_named(slugs: set[str]) -> Sequence[Segment]:
    """Return the shop's segments with these slugs, as they are now, and those that they name now, by slug."""
    rows = {row.slug: row for row in Segment.objects.order_by("slug")} if slugs else {}
    found, waiting = set[str](), set(slugs)
    while waiting:
        found |= waiting
        waiting = {slug for one in waiting if one in rows for slug in names_in(rows[one].document)} - found
    return [row for slug, row in rows.items() if slug in found]


def engagements_in(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield the slugs of the engagements that a document of any shape speaks of."""
    branches = document.get("branches")
    lists = [branch.get("then") for branch in branches if isinstance(branch, Mapping)] if isinstance(branches, list) else []
    for actions in (*lists, document.get("else")):
        for action in actions if isinstance(actions, list) else ():
            options = action.get("with") if isinstance(action, Mapping) else None
            slugs = [options.get(name) for name in ("engagement", "fallback")] if isinstance(options, Mapping) else []
            yield from (slug for slug in slugs if isinstance(slug, str))


def numbered(name: str, taken: set[str]) -> str:
    """Return ``name``, with a number behind it if it is ``taken``, no longer than a name may be."""
    number, candidate = 1, name[:LONGEST_NAME]
    while candidate in taken:
        number += 1
        tail = f" ({number})"
        candidate = name[: LONGEST_NAME - len(tail)] + tail
    return candidate


def _rule(rule: Rule, document: Mapping[str, Any], names: set[str]) -> BundleRule:
    name = numbered(rule.name, names)
    names.add(name)
    return BundleRule(
        name=name,
        purpose=rule.purpose,
        priority=rule.priority,
        holdout_share=rule.holdout_share,
        document=document,
        own=_own(rule),
    )


def _own(rule: Rule) -> dict[str, Any]:
    """Return the caps and the worth that are not as they are at the beginning."""
    fresh = columns_of(Rule())
    return {name: value for name, value in columns_of(rule).items() if name in OWN and value != fresh[name]}


def _segments_of(document: Mapping[str, Any]) -> Iterable[str]:
    segments = document.get("segments")
    return segments if isinstance(segments, Mapping) else ()
