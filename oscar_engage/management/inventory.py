"""How is an inventory printed? As text for people, or as JSON for other programs."""

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder


def as_json(entries: Sequence[Any]) -> str:
    """Return dataclasses as a JSON list."""
    return json.dumps([dataclasses.asdict(entry) for entry in entries], cls=DjangoJSONEncoder, indent=2, ensure_ascii=False)


def as_text(title: str, facts: Sequence[tuple[str, object]]) -> str:
    """Return a title with one fact a line below it."""
    return "\n".join([title, *(f"  {name}: {value}" for name, value in facts), ""])
