"""What of an engagement is drafted and published? All that shoppers see of it, as one JSON document."""

from collections.abc import Mapping
from copy import copy, deepcopy
from datetime import UTC, datetime
from typing import Any

from oscar_engage.widgets.life.parts import read_part
from oscar_engage.widgets.models import Engagement

PLAIN = "text"
"""The content of words alone."""


def document_of(engagement: Engagement) -> dict[str, Any]:
    """Return ``engagement``, saved or not, as a document."""
    part = read_part(engagement)
    return {
        **({} if part is None else {"part": deepcopy(part)}),
        "widget": engagement.widget,
        "anchor": engagement.anchor,
        "title": engagement.title,
        "body": engagement.body,
        "button": engagement.button,
        "translations": deepcopy(engagement.translations),
        "variants": deepcopy(engagement.variants),
        "content": engagement.content,
        "settings": deepcopy(engagement.settings),
        "starts_at": _to_json(engagement.starts_at),
        "ends_at": _to_json(engagement.ends_at),
    }


def apply_document(engagement: Engagement, document: Mapping[str, Any]) -> None:
    """Let ``engagement`` be what ``document`` says, in memory."""
    engagement.widget = document["widget"]
    engagement.anchor = document["anchor"]
    engagement.title = document["title"]
    engagement.body = document["body"]
    engagement.button = document["button"]
    engagement.translations = deepcopy(document["translations"])
    engagement.variants = deepcopy(document["variants"])
    engagement.content = document.get("content", PLAIN)  # versions that are older than contents name none
    engagement.settings = deepcopy(document.get("settings", {}))
    engagement.drafted_part = deepcopy(document.get("part"))
    engagement.starts_at = _from_json(document["starts_at"])
    engagement.ends_at = _from_json(document["ends_at"])


def as_of(engagement: Engagement, document: Mapping[str, Any]) -> Engagement:
    """Return a copy of ``engagement`` that is what ``document`` says; for looking at, never to be saved."""
    seen = copy(engagement)
    apply_document(seen, document)
    return seen


def _to_json(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()


def _from_json(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
