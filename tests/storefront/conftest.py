"""Every test starts with closed breakers and without what the process remembers of another test's database."""

from collections.abc import Iterator
from typing import Any

import pytest

from oscar_engage.rules.live import forget_live_rules
from oscar_engage.storefront import beat_view
from oscar_engage.storefront.in_time import PAGES
from oscar_engage.storefront.pace import Pace
from oscar_engage.storefront.turn import BREAKER
from oscar_engage.widgets.live import forget_engagements
from tests.storefront.journeys import stock_shop


@pytest.fixture(autouse=True)
def _fresh_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(beat_view, "PACE", Pace())
    _forget()
    yield
    _forget()


def _forget() -> None:
    BREAKER.record_success()
    PAGES.record_success()
    forget_live_rules()
    forget_engagements()


@pytest.fixture
def product(db: None) -> Any:
    return stock_shop()
