"""Which segments can a condition choose? The nested form with the shop's segments in every list of variables."""

from collections.abc import Mapping
from dataclasses import replace

from oscar_engage.dashboard.rules.controls import ConditionLine, Control, Form, GroupLine, Option, OptionGroup
from oscar_engage.rules.engine.segments import PREFIX
from oscar_engage.rules.variables import SEGMENTS


def offer_segments(form: Form, segments: Mapping[str, str]) -> Form:
    """Return ``form`` with ``segments`` (slug to name) offered in a group of their own beside the variables."""
    return replace(
        form,
        scope=_in_group(form.scope, segments),
        branches=[replace(branch, when=_in_group(branch.when, segments)) for branch in form.branches],
    )


def _in_group(group: GroupLine, segments: Mapping[str, str]) -> GroupLine:
    return replace(group, lines=[_in_line(line, segments) for line in group.lines])


def _in_line(line: ConditionLine | GroupLine, segments: Mapping[str, str]) -> ConditionLine | GroupLine:
    if isinstance(line, GroupLine):
        return _in_group(line, segments)
    return replace(line, field=_in_list(line.field, segments))


def _in_list(field: Control, segments: Mapping[str, str]) -> Control:
    """Offer the segments last; a chosen one moves there from the top, where names stand that are no variable's."""
    chosen = {option.value for group in field.groups for option in group.options if option.is_chosen}
    names = {PREFIX + slug: name for slug, name in segments.items()}
    groups = [
        OptionGroup(group.label, [option for option in group.options if option.value not in names]) for group in field.groups
    ]
    offered = [Option(value, name, value in chosen) for value, name in names.items()]
    return replace(field, groups=[*groups, OptionGroup(SEGMENTS, offered)] if offered else groups)
