"""What has to travel with these rules? Their latest versions, with the segments and engagements that they speak of."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from django.db.models import OuterRef, Subquery

from oscar_engage.rules.bundles.shape import LONGEST_NAME, Bundle, BundleEngagement, BundleRule, BundleSegment
from oscar_engage.rules.models import Rule, RuleVersion, Segment

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
    segments = sorted({slug for rule in travelling for slug in _segments_of(rule.document)})
    engagements = sorted({slug for rule in travelling for slug in engagements_in(rule.document)})
    return Bundle(
        rules=travelling,
        segments=[
            BundleSegment(slug=row.slug, name=row.name, description=row.description, document=row.document)
            for row in Segment.objects.filter(slug__in=segments).order_by("slug")
        ],
        engagements=read_engagements(engagements),
    )


def engagements_in(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield the slugs of the engagements that a document of any shape speaks of."""
    branches = document.get("branches")
    lists = [branch.get("then") for branch in branches if isinstance(branch, Mapping)] if isinstance(branches, list) else []
    for actions in (*lists, document.get("else")):
        for action in actions if isinstance(actions, list) else ():
            options = action.get("with") if isinstance(action, Mapping) else None
            slug = options.get("engagement") if isinstance(options, Mapping) else None
            if isinstance(slug, str):
                yield slug


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
    )


def _segments_of(document: Mapping[str, Any]) -> Iterable[str]:
    segments = document.get("segments")
    return segments if isinstance(segments, Mapping) else ()
