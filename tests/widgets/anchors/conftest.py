"""A picked place, and what browsers report of it."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from oscar_engage.signals.models import SignalRecord
from oscar_engage.widgets.anchors.live import forget_picked
from oscar_engage.widgets.anchors.models import PickedAnchor
from tests.widgets.anchors.test_description import PRICE

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    forget_picked()


@pytest.fixture
def make_anchor(db: None) -> Callable[..., PickedAnchor]:
    """Return a function that picks a place called ``slot``."""

    def build(slot: str = "the-price", picked_at: datetime = NOW - timedelta(days=30)) -> PickedAnchor:
        return PickedAnchor.objects.create(
            slot=slot, label=slot.title(), page_kind="product", example_path="/x/", described=PRICE, picked_at=picked_at
        )

    return build


def report(at: datetime, slot: object = "the-price", *, found: object = True, visitor_id: uuid.UUID | None = None) -> None:
    """Have a browser report that it found the place, or did not."""
    SignalRecord.objects.create(
        event_id=uuid.uuid4(),
        visitor_id=visitor_id or uuid.uuid4(),
        kind="page.picked",
        source="browser",
        payload={"anchor": slot, "found": found},
        at=at,
        received_at=at,
    )
