"""What do the pages of segments show? Each with its words and with the rules that use it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oscar_engage.dashboard.rules.draft import Raw, to_document
from oscar_engage.rules.grammar import read_group
from oscar_engage.rules.life.states import describe_state, state_of
from oscar_engage.rules.models import Segment
from oscar_engage.rules.segments.shelf import Texts
from oscar_engage.rules.segments.store import PATH, segment_texts, segments_that_name
from oscar_engage.rules.segments.uses import SegmentUse, uses_of, uses_of_all
from oscar_engage.rules.sentence import say_group


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentRow:
    """One line of the list: ``rules`` use it, of which ``outdated`` are live with an older text."""

    pk: int
    name: str
    slug: str
    description: str
    words: str
    rules: int
    outdated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UseRow:
    """One rule that uses the segment, with its state and what is to be known about the text it has."""

    pk: int
    name: str
    state: str
    state_label: str
    is_outdated: bool
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Uses:
    """Everything that uses a segment; ``can_publish``: how many rules publishing anew would bring up to date."""

    rules: Sequence[UseRow]
    segments: Sequence[Segment]
    can_publish: int


def read_segments() -> list[SegmentRow]:
    """Return all segments by name, with three queries."""
    segments = list(Segment.objects.order_by("name", "slug"))
    texts = {segment.slug: segment.document for segment in segments}
    uses = uses_of_all(segments) if segments else {}
    return [
        SegmentRow(
            pk=segment.pk,
            name=segment.name,
            slug=segment.slug,
            description=segment.description,
            words=say_text(segment.document, texts),
            rules=len(uses[segment.slug]),
            outdated=sum(use.is_outdated for use in uses[segment.slug]),
        )
        for segment in segments
    ]


def read_uses(segment: Segment, *, now: datetime) -> Uses:
    """Return what uses ``segment``, with three queries."""
    uses = uses_of(segment)
    return Uses(
        rules=[_use_row(use, now=now) for use in uses],
        segments=segments_that_name(segment.slug),
        can_publish=sum(use.is_outdated and not use.has_newer_draft for use in uses),
    )


def say_text(text: Any, texts: Texts) -> str:
    """Return a stored group in words; one that can no longer be read says so."""
    group, errors = read_group(text, path="", segments=texts)
    return _("It can no longer be read: %(problem)s") % {"problem": errors[0].message} if errors else say_group(group)


def words_of_segment(raw: Raw, segments: Mapping[str, Any]) -> str:
    """Return what the draft of a segment says, or how much of it is missing."""
    group, errors = read_group(group_of(raw), path=PATH, segments=segments)
    if not errors:
        return say_group(group)
    words = ngettext(
        "Not complete yet: %(count)d place to fill in.", "Not complete yet: %(count)d places to fill in.", len(errors)
    )
    return words % {"count": len(errors)}


def group_of(raw: Raw) -> Any:
    """Return the group that the nested form holds, for the grammar to judge; without a line, an empty one."""
    return to_document(raw).get(PATH, {"combinator": "and", "rules": []})


def other_names(names: Mapping[str, str], segment: Segment) -> dict[str, str]:
    """Return the segments that ``segment`` may name: all but itself."""
    return {slug: name for slug, name in names.items() if slug != segment.slug}


def texts_for(segment: Segment) -> dict[str, Any]:
    """Return the texts of all segments but ``segment``."""
    return {slug: text for slug, text in segment_texts().items() if slug != segment.slug}


def _use_row(use: SegmentUse, *, now: datetime) -> UseRow:
    return UseRow(
        pk=use.rule.pk,
        name=use.rule.name,
        state=state_of(use.rule, now=now).value,
        state_label=describe_state(use.rule, now=now),
        is_outdated=use.is_outdated,
        remark=_remark(use),
    )


def _remark(use: SegmentUse) -> str:
    if use.is_outdated and use.has_newer_draft:
        return _("Live with an older text; it has a draft that is newer, so publish it on its own page.")
    if use.is_outdated:
        return _("Live with an older text.")
    return "" if use.live else _("Only the newest draft uses it.")
