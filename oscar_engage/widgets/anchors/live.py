"""What does an offer carry about its place? The slot; of a picked one also how it is found, and the script that finds it."""

import json
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django.templatetags.static import static
from django.utils.html import format_html

from oscar_engage.widgets.anchors.models import PickedAnchor
from oscar_engage.widgets.anchors.shipped import SHIPPED_SLOTS

SCRIPT = "oscar_engage/dist/picked.js"
KEPT_SECONDS = 1.0
"""How long an edit may go unseen."""

_remembered: tuple[float, Mapping[str, Any]] | None = None


def picked_attributes(slot: str) -> str:
    """Return attributes for an offer whose place was picked; empty for any other, which the browser knows by its name."""
    described = None if not slot or slot in SHIPPED_SLOTS else picked_anchors().get(slot)
    if described is None:
        return ""
    text = json.dumps(described, separators=(",", ":"), ensure_ascii=False)
    return format_html(' data-engage-picked="{}" data-engage-picked-script="{}"', text, static(SCRIPT))


def picked_anchors(*, clock: Callable[[], float] = time.monotonic) -> Mapping[str, Any]:
    """Return how each picked place is found, by its slot; no query within a second of the last."""
    global _remembered  # noqa: PLW0603 - one value for the process, replaced as a whole: no lock is needed
    now = clock()
    if _remembered is None or not 0 <= now - _remembered[0] < KEPT_SECONDS:
        _remembered = (now, MappingProxyType(dict(PickedAnchor.objects.values_list("slot", "described"))))
    return _remembered[1]


def forget_picked() -> None:
    """Ask the database the next time; for whoever has just changed one, and for tests."""
    global _remembered  # noqa: PLW0603 - see above
    _remembered = None
