"""Each test starts in a process that has served nobody, and with a table of vectors that was never found broken."""

from collections.abc import Iterator
from typing import Any

import pytest

from oscar_engage.learning.vectors.write import BREAKER
from oscar_engage.models import Engagement, Rule
from oscar_engage.rules.life.publish import publish, save_draft
from oscar_engage.rules.live import forget_live_rules
from oscar_engage.storefront.turn import BREAKER as BEATS
from oscar_engage.widgets.live import forget_engagements
from tests.learning.vectors.browser import NOW


@pytest.fixture(autouse=True)
def _fresh_process() -> Iterator[None]:
    _forget()
    yield
    _forget()


def _forget() -> None:
    BREAKER.record_success()
    BEATS.record_success()
    forget_live_rules()
    forget_engagements()


@pytest.fixture
def everybody_treated(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"CONSENT": "tests.consent.consent_from_cookie", "SHOP_HOLDOUT": 0, "QUIET_SECONDS": 0}


@pytest.fixture
def rule(db: None) -> Rule:
    """Return a live rule: a balloon after 45 idle seconds in the checkout; nobody is held out by it."""
    Engagement.objects.create(slug="delivery", widget="balloon", title="Delivery", body="Two days.")
    idle = {"field": "page.idle_seconds", "operator": ">", "value": 45}
    in_checkout = {"field": "page.kind", "operator": "=", "value": "checkout"}
    shows = [{"do": "show.balloon", "with": {"engagement": "delivery"}}]
    when = {"combinator": "and", "rules": [in_checkout, idle]}
    document = {"schema": 1, "branches": [{"when": when, "then": shows}], "unknown": "skip"}
    rule = Rule.objects.create(name="Delivery", holdout_share=0.25)
    save_draft(rule, document, user=None, now=NOW, engagements={"delivery": "balloon"})
    publish(rule, user=None, now=NOW, engagements={"delivery": "balloon"})
    return rule
