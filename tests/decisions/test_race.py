"""Do two beats of one visitor at the same moment see one arm, and record one moment?"""

import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from django.db import connection, connections, transaction
from django.db.models import Count
from django.test import Client

from oscar_engage.decisions.arms import draw_arm
from oscar_engage.decisions.models import Arm, Assignment, Decision
from oscar_engage.rules.life.publish import publish, save_draft
from oscar_engage.rules.live import forget_live_rules
from oscar_engage.rules.models import Rule
from oscar_engage.storefront.turn import BREAKER
from oscar_engage.visitors.page import PageFacts
from oscar_engage.widgets.live import forget_engagements
from oscar_engage.widgets.models import Engagement
from tests.rules.moments import NOW
from tests.storefront.beats import body, known_shopper, send, signal

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 8
T = TypeVar("T")


@pytest.fixture(autouse=True)
def _on_postgres() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("threads cannot share SQLite's memory database")


def race(act: Callable[[int], T]) -> list[T]:
    """Return what ``act`` gives in each of :data:`AT_ONCE` threads that begin together."""
    barrier = threading.Barrier(AT_ONCE)

    def run(number: int) -> T:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            return act(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


def test_draw_arm__at_once_while_the_share_changes__is_one_arm_for_all() -> None:
    rule = Rule.objects.create(name="Help")
    for _round in range(10):
        visitor_id = uuid.uuid4()

        def draw(number: int, visitor_id: uuid.UUID = visitor_id) -> Any:
            with transaction.atomic():
                # Of the two shares, one treats everybody and the other holds out half of them.
                share = 0.5 if number % 2 else 0
                drawn = draw_arm(visitor_id, rule_id=rule.pk, salt="s", shop_share=0, rule_share=share, now=NOW)
                time.sleep(0.01)  # the others wait for this row to be committed
                return drawn

        drawn = race(draw)

        kept = Assignment.objects.get(visitor_id=visitor_id)
        assert {(one.arm, one.probability) for one in drawn} == {(Arm(kept.arm), kept.probability)}


def test_beats__at_once_when_a_rule_comes_true__one_arm_and_one_moment(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"CONSENT": "tests.consent.consent_from_cookie", "SHOP_HOLDOUT": 0, "QUIET_SECONDS": 0}
    forget_engagements()
    BREAKER.record_success()
    known = {"delivery": "balloon"}
    Engagement.objects.create(slug="delivery", widget="balloon", title="Delivery")
    rule = Rule.objects.create(name="Delivery", holdout_share=0.5)
    when = {"combinator": "and", "rules": [{"field": "page.kind", "operator": "=", "value": "checkout"}]}
    then = [{"do": "show.balloon", "with": {"engagement": "delivery"}}]
    save_draft(rule, {"schema": 1, "branches": [{"when": when, "then": then}]}, user=None, now=NOW, engagements=known)
    publish(rule, user=None, now=NOW, engagements=known)
    cookies = known_shopper().cookies

    def beat(_number: int) -> int:
        tab = Client()
        tab.cookies = cookies
        response = send(tab, body(signal(), page=PageFacts(kind="checkout")))
        return b"data-engage-decision" in response.content

    offered = race(beat)

    arm = Assignment.objects.get().arm
    assert [decision.arm for decision in Decision.objects.all()] == [arm]
    assert sum(offered) == (1 if arm == Arm.TREATED else 0)


def test_offers_of_a_day__beats_at_once__are_never_more_than_the_cap(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"CONSENT": "tests.consent.consent_from_cookie", "SHOP_HOLDOUT": 0, "QUIET_SECONDS": 0}
    forget_engagements()
    BREAKER.record_success()
    known = {"delivery": "balloon", "other": "balloon"}
    for slug in known:
        Engagement.objects.create(slug=slug, widget="balloon", title=slug)
    when = {"combinator": "and", "rules": [{"field": "page.kind", "operator": "=", "value": "checkout"}]}
    for number, slug in enumerate(known):
        rule = Rule.objects.create(name=slug, holdout_share=0.3, cap_day=3, priority=number)
        then = [{"do": "show.balloon", "with": {"engagement": slug}}]
        save_draft(rule, {"schema": 1, "branches": [{"when": when, "then": then}]}, user=None, now=NOW, engagements=known)
        publish(rule, user=None, now=NOW, engagements=known)
    forget_live_rules()
    shoppers = [known_shopper() for _number in range(AT_ONCE)]

    def beat(number: int) -> float:
        response = send(shoppers[number], body(signal(), page=PageFacts(kind="checkout")))
        assert response.status_code in {200, 204}
        return float(response.get("Engage-Wake", 0))

    for _round in range(8):  # who finds a rule being counted comes back a second later
        waits = race(beat)
        assert BREAKER.admits(now=0)
        per_rule = (
            Decision.objects.exclude(arm=Arm.NONE).values_list("engagement").annotate(count=Count("pk")).order_by("count")
        )
        assert all(count <= 3 for count in dict(per_rule).values())
        if not any(waits):
            break
    assert dict(per_rule) == {"delivery": 3, "other": 3}
