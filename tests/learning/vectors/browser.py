"""A shopper's browser on a clock of the test's own: real beats, with what the server saw in between."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from oscar_engage.learning.vectors.models import ScoredVector
from oscar_engage.models import Visit, Visitor
from oscar_engage.signals.kinds import KINDS
from oscar_engage.signals.shipped_visits import VisitBegan
from oscar_engage.signals.signal import Signal
from oscar_engage.signals.sources.browser import parse_beat
from oscar_engage.storefront.beat import BeatAnswer, serve_beat
from oscar_engage.storefront.client import Client
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.observe import observe
from oscar_engage.visitors.page import UNKNOWN_PAGE, PageFacts
from tests.storefront.beats import body, signal

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
CHECKOUT = PageFacts(kind="checkout", step="shipping-address")
PRODUCT = PageFacts(kind="product", product_id=5)


class Browser:
    """One browser; ``seconds`` is its time since ``NOW``."""

    def __init__(self, consent: ConsentLevel = ConsentLevel.PERSONALISATION) -> None:
        self.consent = consent
        self.began = VisitBegan(host="www.google.com", device="phone")
        self.key: str | None = None
        self.seconds = 0.0

    @property
    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds)

    def beat(self, *kinds: str | dict[str, Any], page: PageFacts = CHECKOUT, after: float = 1.0, **said: Any) -> BeatAnswer:
        """Send a beat ``after`` so many seconds; ``said`` are keys of it, such as ``idle`` in milliseconds."""
        self.seconds += after
        at = self.now.timestamp() * 1000
        signals = [signal(kind, at=at - 400) if isinstance(kind, str) else {**kind, "at": at - 400} for kind in kinds]
        raw = body(*signals, page=page, **{"sent": at, **said})
        client = Client(began=lambda: self.began)
        beat = parse_beat(raw.encode(), now=self.now)
        answer = serve_beat(beat, key=self.key, consent=self.consent, client=client, now=self.now)
        self.key = answer.key or self.key
        return answer

    def on_server(self, *told: tuple[str, dict[str, Any]], after: float = 1.0, **facts: Any) -> None:
        """Have the server note something, as it does after a page."""
        self.seconds += after
        signals = [
            Signal(kind=kind, payload=msgspec.convert(data, KINDS.get(kind).payload), at=self.now, event_id=uuid.uuid4())
            for kind, data in told
        ]
        observe(key=self.key, consent=self.consent, signals=signals, page=UNKNOWN_PAGE, now=self.now, **facts)

    @property
    def visitor(self) -> Visitor:
        return Visitor.objects.get(key=self.key)

    @property
    def visit(self) -> Visit:
        return Visit.objects.filter(visitor=self.visitor).latest("last_at")


def occasions() -> list[str]:
    """Return why each vector was kept, in their order."""
    return list(ScoredVector.objects.order_by("pk").values_list("occasion", flat=True))


def basket(total: float, **more: Any) -> tuple[str, dict[str, Any]]:
    """Return what the server says of a basket."""
    return "basket.measured", {"basket_id": 3, "total": total, "currency": "GBP", "lines": 1, "quantity": 1, **more}
