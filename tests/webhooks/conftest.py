"""A system of the shop's own that listens, over real HTTPS, and a shop in which things happen."""

from datetime import UTC, datetime
from typing import Any

import pytest

from oscar_engage.desk.calls.wire import post
from oscar_engage.webhooks import deliver
from oscar_engage.webhooks.models import WebhookSubscription
from tests.dashboard.conftest import client_of, engagements, note, rule, visit  # noqa: F401 - fixtures
from tests.desk.calls.test_webhook import Exchange, exchange  # noqa: F401 - the second is a fixture

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def listener(exchange: Exchange, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Exchange:  # noqa: F811
    """Return a system in the shop's own network; its name is resolved here."""
    exchange.got.clear()
    exchange.status = 200
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "WEBHOOK_PRIVATE_HOSTS": ["pbx.example"]}

    def to_listener(url: str, body: bytes, headers: Any, *, allows_private: bool) -> int:
        given = {"find": lambda *_to: ["127.0.0.1"], "context": exchange.context}
        return post(url, body, headers, allows_private=allows_private, **given)

    monkeypatch.setattr(deliver, "post", to_listener)
    return exchange


@pytest.fixture
def subscription(db: None, listener: Exchange) -> WebhookSubscription:
    """Return a subscription to everything, since before anything happened."""
    from oscar_engage.webhooks.registry import EVENTS  # noqa: PLC0415 - the apps are loaded then

    return WebhookSubscription.objects.create(
        name="CRM", url=listener.url, events=list(EVENTS.names()), created_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
