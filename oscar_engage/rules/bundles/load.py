"""What would importing a bundle do, and do it: first a plan that names all that is missing, then one transaction of drafts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any, TypeAlias

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.rules.bundles.export import engagements_in
from oscar_engage.rules.bundles.shape import LONGEST_NAME, Bundle, BundleEngagement, BundleRule, BundleSegment
from oscar_engage.rules.engine.segments import segment_of
from oscar_engage.rules.errors import FieldError, InvalidRuleError
from oscar_engage.rules.grammar import read_group, to_json
from oscar_engage.rules.life.publish import latest_version, save_draft
from oscar_engage.rules.models import Rule, RulePurpose, RuleStatus, Segment
from oscar_engage.rules.segments.shelf import names_in
from oscar_engage.rules.segments.store import save_segment, segment_texts
from oscar_engage.rules.validate import check_document
from oscar_engage.rules.variables import VARIABLES

CreateEngagements: TypeAlias = Callable[[Sequence[BundleEngagement]], None]


class Clash(Enum):
    """What to do with a rule whose name the shop has already."""

    VERSION = "version"
    COPY = "copy"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What the shop has not and the bundle does not bring, by name."""

    variables: Sequence[str] = ()
    segments: Sequence[str] = ()
    engagements: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.variables or self.segments or self.engagements)


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePlan:
    """What becomes of one rule.

    ``existing``: the shop's rule that has its name, or for a copy that of the copy; ``clash``: what to do then, ``None``
    without one. ``name``: what it will be called. ``problems``: why it cannot be imported. ``is_there``: it is, word for word.
    """

    rule: BundleRule
    existing: Rule | None
    clash: Clash | None
    name: str
    problems: Sequence[FieldError]
    is_there: bool

    @property
    def is_written(self) -> bool:
        """Whether importing writes something for this rule."""
        return not self.problems and not self.is_there and self.clash is not Clash.LEAVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What importing would do; ``kept_segments`` are the shop's that differ from those of the bundle, and stay as they are."""

    rules: Sequence[RulePlan]
    new_segments: Sequence[BundleSegment]
    kept_segments: Sequence[str]
    new_engagements: Sequence[BundleEngagement]
    missing: Missing

    @property
    def is_empty(self) -> bool:
        """Whether importing would write nothing."""
        return not (self.new_segments or self.new_engagements or any(rule.is_written for rule in self.rules))


def plan_import(
    bundle: Bundle,
    *,
    engagements: Mapping[str, str],
    creatable: Callable[[BundleEngagement], bool],
    clashes: Mapping[int, Clash] | None = None,
    default: Clash = Clash.VERSION,
) -> Plan:
    """Return what importing ``bundle`` would do, writing nothing.

    ``engagements`` are the shop's, slug to kind of widget; ``creatable`` says which of the bundle's may be made. ``clashes``
    choose for the rules at these places, the ``default`` for all others.
    """
    new_engagements = [one for one in bundle.engagements if one.slug not in engagements and creatable(one)]
    kinds = {**{one.slug: one.widget for one in new_engagements}, **engagements}
    shop = segment_texts()
    texts = {**{one.slug: one.document for one in bundle.segments}, **shop}
    usable = [one for one in bundle.segments if not read_group(one.document, path="", segments=texts)[1]]
    named: dict[str, Rule] = {}
    for rule in Rule.objects.exclude(status=RuleStatus.ARCHIVED).order_by("-pk"):
        named[rule.name] = rule
    plans = [
        _plan_rule(rule, (clashes or {}).get(place, default), named, kinds, texts) for place, rule in enumerate(bundle.rules)
    ]
    return Plan(
        rules=plans,
        new_segments=[one for one in usable if one.slug not in shop],
        kept_segments=[one.slug for one in bundle.segments if one.slug in shop and shop[one.slug] != one.document],
        new_engagements=new_engagements,
        missing=_missing(bundle, kinds, texts),
    )


def import_plan(
    plan: Plan,
    *,
    user: AbstractBaseUser | None,
    now: datetime,
    engagements: Mapping[str, str],
    create_engagements: CreateEngagements,
) -> list[Rule]:
    """Do what ``plan`` says in one transaction and return the rules that have a new draft; nothing goes live.

    Raises ``InvalidRuleError``, writing nothing, when the shop has changed since the plan so that a rule is none any more.
    """
    kinds = {**{one.slug: one.widget for one in plan.new_engagements}, **engagements}
    with transaction.atomic(using=get_settings().database):
        create_engagements(plan.new_engagements)
        _create_segments(plan.new_segments, user=user, now=now)
        written = [rule for rule in plan.rules if rule.is_written]
        return [_write(rule, user=user, now=now, engagements=kinds) for rule in written]


def _plan_rule(
    rule: BundleRule, choice: Clash, named: Mapping[str, Rule], kinds: Mapping[str, str], texts: Mapping[str, Any]
) -> RulePlan:
    existing = named.get(rule.name)
    clash = None if existing is None else choice
    purpose = rule.purpose if existing is None or clash is Clash.COPY else existing.purpose
    document, problems = _judge(rule, purpose, kinds, texts)
    name = rule.name
    if clash is Clash.COPY and existing is not None and not _says(existing, document):
        name, existing = _copy_name(rule.name, document, named)
    is_there = existing is not None and _says(existing, document)
    return RulePlan(rule=rule, existing=existing, clash=clash, name=name, problems=problems, is_there=is_there)


def _judge(
    rule: BundleRule, purpose: str, kinds: Mapping[str, str], texts: Mapping[str, Any]
) -> tuple[dict[str, Any] | None, Sequence[FieldError]]:
    own = rule.document.get("segments")
    segments = {**texts, **(own if isinstance(own, Mapping) else {})}
    is_service = purpose == RulePurpose.SERVICE
    try:
        return to_json(check_document(rule.document, engagements=kinds, service=is_service, segments=segments)), ()
    except InvalidRuleError as error:
        return None, error.errors


def _copy_name(name: str, document: object, named: Mapping[str, Rule]) -> tuple[str, Rule | None]:
    """Return the first free name for a copy, or that of a copy which says the same: imported again, it is not made again."""
    number = 1
    while True:
        number += 1
        tail = f" ({number})"
        candidate = name[: LONGEST_NAME - len(tail)] + tail
        if candidate not in named:
            return candidate, None
        if _says(named[candidate], document):
            return candidate, named[candidate]


def _says(rule: Rule, document: object) -> bool:
    latest = latest_version(rule)
    return latest is not None and latest.document == document


def _missing(bundle: Bundle, kinds: Mapping[str, str], texts: Mapping[str, Any]) -> Missing:
    fields = {field for rule in bundle.rules for field in _fields_of(rule.document)}
    fields |= {field for segment in bundle.segments for field in _fields_in(segment.document)}
    own = {slug for rule in bundle.rules for slug in _segments_of(rule.document)}
    slugs = {slug for field in fields if (slug := segment_of(field)) is not None}
    wanted = {slug for rule in bundle.rules for slug in engagements_in(rule.document)}
    return Missing(
        variables=sorted(field[:80] for field in fields if field not in VARIABLES),
        segments=sorted(slug[:80] for slug in slugs - texts.keys() - own),
        engagements=sorted(slug[:80] for slug in wanted - kinds.keys()),
    )


def _fields_of(document: Mapping[str, Any]) -> Iterator[str]:
    branches = document.get("branches")
    trees = [branch.get("when") for branch in branches if isinstance(branch, Mapping)] if isinstance(branches, list) else []
    for tree in (document.get("scope"), *trees, *_segments_of(document).values()):
        yield from _fields_in(tree)


def _fields_in(raw: object) -> Iterator[str]:
    waiting = [raw]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Mapping):
            if isinstance(node.get("field"), str):
                yield node["field"]
            waiting += node["rules"] if isinstance(node.get("rules"), list) else []


def _segments_of(document: Mapping[str, Any]) -> Mapping[str, Any]:
    segments = document.get("segments")
    return segments if isinstance(segments, Mapping) else {}


def _create_segments(segments: Sequence[BundleSegment], *, user: AbstractBaseUser | None, now: datetime) -> None:
    """Create them, those that others name first; the plan has seen to it that they name no one in a circle."""
    waiting = {segment.slug: segment for segment in segments}
    while waiting:
        for slug, segment in list(waiting.items()):
            if not waiting.keys() & set(names_in(segment.document)):
                row = Segment(slug=slug, name=segment.name, description=segment.description)
                save_segment(row, segment.document, user=user, now=now)
                del waiting[slug]


def _write(plan: RulePlan, *, user: AbstractBaseUser | None, now: datetime, engagements: Mapping[str, str]) -> Rule:
    rule = plan.existing
    if rule is None:
        travelling = plan.rule
        rule = Rule.objects.create(
            name=plan.name,
            purpose=travelling.purpose,
            priority=travelling.priority,
            holdout_share=travelling.holdout_share,
            **{**travelling.own, "goal_value": Decimal(travelling.own.get("goal_value", 0))},
        )
    document = plan.rule.document
    segments = {**segment_texts(), **_segments_of(document)}
    save_draft(rule, document, user=user, now=now, engagements=engagements, segments=segments)
    record_action(actor=user, action="rule.imported", object_kind="rule", object_id=rule.pk, now=now)
    return rule
