"""Which rules are explained, and what do they say? What is published, or the latest draft."""

from collections.abc import Sequence

from django.db.models import Q

from oscar_engage.decisions.dry_run.setting import as_if_live
from oscar_engage.rules.engine.tree import Document
from oscar_engage.rules.errors import InvalidRuleError
from oscar_engage.rules.live import LiveRule
from oscar_engage.rules.load import judged_document
from oscar_engage.rules.models import Rule, RuleStatus, RuleVersion

MOST_RULES = 200
"""Rules explained at once, the highest first."""

Known = Sequence[tuple[Rule, int, LiveRule]]
"""Rules with the number of the version and what it says."""


def read_rules(wanted: Rule | None) -> Known:
    """Return the rules that are not archived with what they say: what is published, or the latest draft; two queries."""
    rules = list(Rule.objects.exclude(status=RuleStatus.ARCHIVED).order_by("priority", "pk")[:MOST_RULES])
    if wanted is not None and wanted not in rules:
        rules.append(wanted)
    versions: dict[int, RuleVersion] = {}
    published = Q(pk__in=[rule.published_id for rule in rules if rule.published_id])
    drafts = Q(rule__in=[rule.pk for rule in rules if not rule.published_id])
    for version in RuleVersion.objects.filter(published | drafts).order_by("number"):
        versions[version.rule_id] = version
    known: list[tuple[Rule, int, LiveRule]] = []
    for rule in rules:
        said = versions.get(rule.pk)
        document = parse(said) if said else None
        if said and document:
            known.append((rule, said.number, as_if_live(rule, document, version_id=said.pk)))
    return known


def parse(version: RuleVersion) -> Document | None:
    """Return what the version says; ``None`` where it can no longer be read."""
    try:
        return judged_document(version.document)
    except InvalidRuleError:
        return None
