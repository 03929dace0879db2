"""The demo bar tells of this browser what the engine's own tables say."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oscar_engage.signals.shipped_baskets import PriceMove
from oscar_engage.visitors.models import Visit, Visitor
from oscar_engage.visitors.self_help import HelpState
from oscar_engage.visitors.state import BasketCheck, BasketState, VisitState, to_json, to_ms
from oscar_engage.visitors.token import COOKIE_NAME, write_visitor_cookie
from sandbox.consent import COOKIE

pytestmark = pytest.mark.django_db


def open_bar(client: Client, *, minutes_ago: int, **fields: Any) -> str:
    now = timezone.now()
    seen_at = now - timedelta(minutes=minutes_ago)
    visitor = Visitor.objects.create(id=uuid.UUID(int=7), created_at=seen_at, last_seen_at=seen_at, consent=3)
    basket = BasketState(total=42.5, currency="GBP", lines=1)
    state = VisitState(
        started_at=seen_at, last_at=seen_at, reached={"basket": to_ms(seen_at)}, basket=basket, payment_failures=2, **fields
    )
    Visit.objects.create(visitor=visitor, started_at=seen_at, last_at=seen_at, state=to_json(state))
    response = HttpResponse()
    write_visitor_cookie(response, visitor.key, secure=False)
    client.cookies[COOKIE_NAME] = response.cookies[COOKIE_NAME].value
    client.cookies[COOKIE] = "all"
    return client.get(reverse("demobar")).content.decode()


def test_demobar__in_a_visit__shows_consent_arm_and_facts(client: Client) -> None:
    html = open_bar(client, minutes_ago=1)
    assert "PERSONALISATION" in html
    assert "42.50 GBP" in html
    assert "Payment failures</b> 2" in html
    assert ("treated" in html) or ("hold-out" in html)


def test_demobar__after_the_visit__shows_no_facts_of_it(client: Client) -> None:
    html = open_bar(client, minutes_ago=60)
    assert "42.50" not in html
    assert "known" in html


def test_demobar__price_changed_and_nothing_read__says_so(client: Client) -> None:
    check = BasketCheck(1, 1, (PriceMove(1, 5, 10, 12, "GBP"),))
    html = open_bar(client, minutes_ago=1, basket_check=check, help=HelpState(first_contact=1))
    assert "Prices changed</b> 1" in html
    assert "Asked at once</b> 1" in html
    assert "Not available" not in html
