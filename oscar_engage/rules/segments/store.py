"""How does a segment change? Saved and deleted with care for what uses it; live rules follow only when published anew."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.rules.engine.segments import PREFIX
from oscar_engage.rules.errors import ChangedMeanwhileError, FieldError, InvalidRuleError
from oscar_engage.rules.grammar import group_to_json, read_group
from oscar_engage.rules.life.publish import publish, save_draft
from oscar_engage.rules.limits import TooManyRulesError
from oscar_engage.rules.models import Rule, RuleVersion, Segment
from oscar_engage.rules.segments.shelf import names_in
from oscar_engage.rules.segments.uses import uses_of

User = AbstractBaseUser | None
PATH = "scope"
"""The place of a segment's group in its form, and before every mistake's path."""


class SegmentInUseError(ValueError):
    """A segment that is used cannot be deleted; by which ``rules`` and by which other ``segments``."""

    def __init__(self, rules: Sequence[Rule], segments: Sequence[Segment]) -> None:
        self.rules, self.segments = rules, segments
        super().__init__("In use by " + ", ".join(str(user) for user in (*rules, *segments)))


@dataclass(frozen=True, slots=True)
class Republished:
    """What became of publishing anew: the rules that are live with the new text, and the others with the reason in words."""

    done: Sequence[Rule]
    left: Sequence[tuple[Rule, str]]


def segment_texts() -> dict[str, Any]:
    """Return the shop's segments as the grammar takes them: slug to the JSON of a group; one query."""
    return dict(Segment.objects.order_by("slug").values_list("slug", "document"))


def segment_names() -> dict[str, str]:
    """Return what the shop's segments are called: slug to name, by name; one query."""
    return dict(Segment.objects.order_by("name", "slug").values_list("slug", "name"))


def check_segment(segment: Segment, raw: object) -> dict[str, Any]:
    """Return ``raw`` (the JSON of one group) in its canonical shape, or raise ``InvalidRuleError`` with every mistake.

    The segments that name ``segment`` must still be usable with it: no circle, not too deep, not too many conditions.
    """
    others = {slug: text for slug, text in segment_texts().items() if slug != segment.slug}
    group, errors = read_group(raw, path=PATH, segments={**others, segment.slug: raw})
    if not errors:
        text = group_to_json(group)
        errors = list(_problems_around(segment.slug, {**others, segment.slug: text}))
    if errors:
        raise InvalidRuleError(errors)
    return text


def save_segment(segment: Segment, raw: object, *, user: User, now: datetime) -> None:
    """Write ``segment``, new or not, with what it says; raises ``InvalidRuleError`` as :func:`check_segment`.

    Rules, live or not, keep the text that they were saved with.
    """
    with transaction.atomic(using=get_settings().database):
        segment.document = check_segment(segment, raw)
        is_new = segment._state.adding
        before = None if is_new else Segment.objects.select_for_update().get(pk=segment.pk)
        segment.save()
        detail = {} if before is None else {"document": [before.document, segment.document]}
        action = "segment.created" if is_new else "segment.changed"
        record_action(actor=user, action=action, object_kind="segment", object_id=segment.pk, now=now, detail=detail)


def delete_segment(segment: Segment, *, user: User, now: datetime) -> None:
    """Delete ``segment``; raises :class:`SegmentInUseError` while a rule that is not archived, or another segment, uses it."""
    with transaction.atomic(using=get_settings().database):
        rules, segments = [use.rule for use in uses_of(segment)], segments_that_name(segment.slug)
        if rules or segments:
            raise SegmentInUseError(rules, segments)
        action, pk = "segment.deleted", segment.pk
        segment.delete()
        record_action(actor=user, action=action, object_kind="segment", object_id=pk, now=now)


def segments_that_name(slug: str) -> list[Segment]:
    """Return the segments that name segment ``slug`` themselves; one query."""
    return [segment for segment in Segment.objects.order_by("slug") if slug in names_in(segment.document)]


def publish_anew(segment: Segment, *, user: User, now: datetime, engagements: Mapping[str, str]) -> Republished:
    """Publish every live rule whose text of ``segment`` is an older one with all its segments as they are now.

    A rule with a draft that is newer than what is live is left alone, since that draft would be hidden; so is one that
    cannot be published as it would be.
    """
    done: list[Rule] = []
    left: list[tuple[Rule, str]] = []
    for use in uses_of(segment):
        if use.live is None or not use.is_outdated:
            continue
        if use.has_newer_draft:
            left.append((use.rule, _newer_draft()))
            continue
        problem = _publish_one(use.rule, use.live, user=user, now=now, engagements=engagements)
        if problem:
            left.append((use.rule, problem))
        else:
            done.append(use.rule)
    return Republished(done, left)


def _newer_draft() -> str:
    return _("It has a draft that is newer than what is live.")


def _publish_one(rule: Rule, live: RuleVersion, *, user: User, now: datetime, engagements: Mapping[str, str]) -> str:
    """Return what stands against it, if anything does; then nothing is written."""
    try:
        with transaction.atomic(using=get_settings().database):
            options: Any = {"user": user, "now": now, "engagements": engagements}
            save_draft(rule, live.document, segments=segment_texts(), base=live.number, **options)
            publish(rule, **options)
    except InvalidRuleError as error:
        return error.errors[0].message
    except ChangedMeanwhileError:  # right now
        return _newer_draft()
    except TooManyRulesError:
        return _("There is no room for so many conditions among the live rules.")
    return ""


def _problems_around(slug: str, texts: Mapping[str, Any]) -> Iterator[FieldError]:
    """Yield what stands against naming segment ``slug``, itself or through those that name it."""
    own = _problem_of(slug, texts)
    if own:
        yield FieldError(PATH, own)
    for user in _users_above(slug, texts):
        problem = _problem_of(user, texts)
        if problem:
            words = {"name": user, "problem": problem}
            yield FieldError(PATH, _("The segment “%(name)s”, which names this one, could not be used: %(problem)s") % words)


def _problem_of(slug: str, texts: Mapping[str, Any]) -> str:
    """Return why a rule could not name the segment ``slug``, if anything is against it."""
    condition = {"field": f"{PREFIX}{slug}", "operator": "=", "value": True}
    _group, errors = read_group({"combinator": "and", "rules": [condition]}, path=PATH, segments=texts)
    return errors[0].message if errors else ""


def _users_above(slug: str, texts: Mapping[str, Any]) -> list[str]:
    """Return the segments that name ``slug``, by themselves or through others."""
    found: list[str] = []
    wanted = {slug}
    while wanted:
        users = {user for user, text in texts.items() if wanted.intersection(names_in(text))} - {slug, *found}
        found += sorted(users)
        wanted = users
    return found
