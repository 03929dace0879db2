"""A survey that a live rule asks in the checkout, and a shopper who comes there."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from oscar_engage.models import Engagement, Rule, Survey
from oscar_engage.rules.life.publish import publish, save_draft
from oscar_engage.rules.live import forget_live_rules
from oscar_engage.visitors.page import PageFacts
from oscar_engage.widgets.live import forget_engagements
from tests.storefront.beats import body, known_shopper, send, signal

CHECKOUT = PageFacts(kind="checkout", step="shipping-address")
WORDS = {
    "en": {
        "question": "What stopped you?",
        "choices": [["price", "Too expensive"], ["later", "I buy later"]],
        "thanks": "Thank you!",
    },
    "de": {"question": "Was hat Sie abgehalten?", "choices": [["price", "Zu teuer"]]},
}


@pytest.fixture(autouse=True)
def _fresh_process(settings: Any) -> Iterator[None]:
    settings.OSCAR_ENGAGE = {
        "CONSENT": "tests.consent.consent_from_cookie",
        "SHOP_HOLDOUT": 0,
        "QUIET_SECONDS": 0,
        "OFFERS_PER_VISIT": 9,
        "OFFERS_PER_WEEK": 9,
    }
    forget_engagements()
    yield
    forget_engagements()


def make_survey(slug: str = "stopped", **changes: Any) -> Survey:
    """Return a survey whose answers are a price that is too high, and a later day."""
    engagement = Engagement.objects.create(slug=slug, widget="survey", title="What stopped you?")
    return Survey.objects.create(engagement=engagement, **{"words": WORDS, **changes})


def ask_when_idle(slug: str, *, holdout: float = 0, after: int = 45) -> Rule:
    """Have a live rule ask the survey after so many idle seconds in the checkout."""
    idle = {"field": "page.idle_seconds", "operator": ">", "value": after}
    in_checkout = {"field": "page.kind", "operator": "=", "value": "checkout"}
    then = [{"do": "ask.survey", "with": {"engagement": slug}}]
    branch = {"when": {"combinator": "and", "rules": [in_checkout, idle]}, "then": then}
    document = {"schema": 1, "branches": [branch], "unknown": "skip"}
    user, _is_new = get_user_model().objects.get_or_create(username="m", email="m@example.com")
    now, known = timezone.now(), {slug: "survey"}
    rule = Rule.objects.create(name=slug, holdout_share=holdout)
    save_draft(rule, document, user=user, now=now, engagements=known)
    publish(rule, user=user, now=now, engagements=known)
    forget_engagements()
    forget_live_rules()
    return rule


@pytest.fixture
def survey(db: None) -> Survey:
    made = make_survey()
    ask_when_idle(made.engagement.slug)
    return made


@pytest.fixture
def shopper(survey: Survey) -> Client:
    return known_shopper()


def idle(client: Client, seconds: int = 46) -> str:
    """Return what comes back to a shopper who does nothing in the checkout."""
    send(client, body(signal(), page=CHECKOUT))
    html: str = send(client, body(page=CHECKOUT, idle=seconds * 1000)).content.decode()
    return html


def asked(client: Client) -> str:
    """Wait until the survey comes and return the address that takes its answer."""
    found = re.search(r'action="(/engage/survey/[^"]+)"', idle(client))
    assert found is not None
    return found[1]
