"""Is somebody in a segment? The shop's segment as it is now, read and judged outside any rule."""

from collections.abc import Mapping
from typing import Any

from oscar_engage.rules.engine.segments import PREFIX, expand
from oscar_engage.rules.engine.tree import Document
from oscar_engage.rules.engine.walk import Read, choose
from oscar_engage.rules.grammar import read_document

_HOLDS = 0  # the only branch


def document_of(slug: str, texts: Mapping[str, Any]) -> Document | None:
    """Return what asks whether segment ``slug`` holds, written out; ``None`` for one that is missing or cannot be used.

    ``texts`` are the shop's segments (``store.segment_texts``).
    """
    condition = {"field": f"{PREFIX}{slug}", "operator": "=", "value": True}
    raw = {"schema": 1, "branches": [{"when": {"combinator": "and", "rules": [condition]}, "then": []}]}
    document, errors = read_document(raw, segments=texts)
    return None if errors else expand(document)


def is_in(document: Document, read: Read) -> bool:
    """Whether the segment holds by what ``read`` says; what is not known is a no."""
    return choose(document, read) == _HOLDS
