"""What does the rule say as text, and what does a text that was typed mean? The box for whoever writes rules by hand."""

import json
from typing import Any

from django.utils.translation import gettext as _

from oscar_engage.dashboard.rules.draft import Raw, to_document
from oscar_engage.rules.engine.segments import expand
from oscar_engage.rules.errors import FieldError, InvalidRuleError
from oscar_engage.rules.grammar import group_to_json, read_document
from oscar_engage.rules.jsonlogic.read import read_jsonlogic
from oscar_engage.rules.jsonlogic.write import document_to_jsonlogic
from oscar_engage.rules.segments.shelf import Texts

PLACE = "text"
"""The path of the errors of what was typed there."""

DEEPEST_TEXT = 60
"""How deep a text may be nested to be shown in the form, right or wrong: a rule that may be saved is less than half of that."""


def write_text(raw: Raw) -> str:
    """Return the draft as JSON, to copy."""
    return _dump(to_document(raw))


def write_jsonlogic(raw: Raw, segments: Texts) -> str:
    """Return which branch a complete draft takes, in JsonLogic, its segments written out; of any other nothing."""
    document, errors = read_document(to_document(raw), segments=segments)
    return "" if errors else _dump(document_to_jsonlogic(expand(document)))


def read_text(text: str, raw: Raw, segments: Texts) -> Raw:
    """Return the document that ``text`` means: a whole rule, or conditions in JsonLogic for the first branch of ``raw``.

    ``segments`` are the shop's. Raises :class:`InvalidRuleError` for what is neither; a rule with mistakes is returned, for
    its fields show them.
    """
    try:
        typed = json.loads(text)
    except (ValueError, RecursionError):
        typed = None
    if not isinstance(typed, dict):
        raise InvalidRuleError([FieldError(PLACE, _("This is not JSON: one object in braces is needed."))])
    if _is_too_deep(typed):
        raise InvalidRuleError([FieldError(PLACE, _("This is nested too deeply."))])
    if "branches" in typed or len(typed) != 1:
        return typed
    try:
        when = group_to_json(read_jsonlogic(typed, segments=segments))
    except InvalidRuleError as error:
        raise InvalidRuleError(FieldError(PLACE, one.message) for one in error.errors) from None
    branches = raw["branches"] if isinstance(raw["branches"], list) else []
    first = branches[0] if branches and isinstance(branches[0], dict) else {}
    return to_document({**raw, "branches": [{**first, "when": when}, *branches[1:]]})


def _is_too_deep(typed: Any) -> bool:
    """Whether it is nested more than :data:`DEEPEST_TEXT` deep, which no form could show."""
    level = [typed]
    for _depth in range(DEEPEST_TEXT):
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())
        ]
    return bool(level)


def _dump(written: Any) -> str:
    return json.dumps(written, indent=2, ensure_ascii=False)
