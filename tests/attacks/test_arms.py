"""Nobody chooses an arm: whatever a browser sends, keeps or throws away, the draw is the server's and the first one holds."""

import uuid
from collections import Counter
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from oscar_engage.core.ids import new_key
from oscar_engage.decisions.arms import draw_arm, find_arm
from oscar_engage.models import Assignment, Decision, Engagement, Rule, VariantDraw, Visitor
from oscar_engage.visitors.token import COOKIE_NAME
from tests.attacks.test_b import always
from tests.rules.moments import NOW
from tests.storefront.beats import body, known_shopper, send, shopper, signal
from tests.storefront.test_identity import PASSWORD, log_in, log_out

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def rule(settings: Any) -> Rule:
    settings.OSCAR_ENGAGE = {
        "CONSENT": "tests.consent.consent_from_cookie",
        "SHOP_HOLDOUT": 0,
        "QUIET_SECONDS": 0,
        "OFFERS_PER_VISIT": 50,
        "OFFERS_PER_WEEK": 50,
    }
    texts = {"en": {"title": "Two", "body": "", "button": ""}}
    variants = [{"name": "B", "share": 50, "texts": texts}]
    Engagement.objects.create(slug="delivery-times", widget="balloon", title="Delivery", variants=variants)
    return always(holdout_share=0.5)


def arms() -> dict[uuid.UUID, tuple[str, float]]:
    return {one.visitor_id: (one.arm, one.probability) for one in Assignment.objects.all()}


def beat(client: Client, **more: Any) -> Any:
    return send(client, body(signal(), **more))


@pytest.fixture
def ann(db: None) -> Any:
    return get_user_model().objects.create_user("ann", "ann@example.com", PASSWORD)


@pytest.mark.attack("B11")
def test_forged_ids__whatever_key_a_browser_brings__the_server_names_the_visitor(rule: Rule) -> None:
    wished = uuid.uuid4()
    for forged in (new_key(), str(wished), wished.hex, "0" * 32, "../../arm", "treated"):
        client = shopper()
        client.cookies[COOKIE_NAME] = forged
        beat(client, visitor=str(wished), unit=str(wished), unit_of=str(wished))
        beat(client)
    assert wished not in arms()
    assert not Visitor.objects.filter(pk=wished).exists()
    assert not Visitor.objects.filter(key__in=[str(wished), wished.hex, "0" * 32, "treated"]).exists()
    for unit, kept in arms().items():
        drawn = find_arm(unit, rule_id=rule.pk, salt="oscar-engage", shop_share=0, rule_share=0.5)
        assert kept == (drawn.arm, drawn.probability)


@pytest.mark.attack("B11")
def test_key_of_another__taken_over__has_that_visitors_arm_and_no_other(rule: Rule) -> None:
    victim = known_shopper()
    before = arms()
    thief = shopper()
    thief.cookies[COOKIE_NAME] = victim.cookies[COOKIE_NAME].value
    beat(thief)
    assert arms() == before


@pytest.mark.attack("B11")
def test_cookie_dropped__again_and_again__is_somebody_new_each_time_at_the_same_odds(rule: Rule) -> None:
    client = shopper()
    for _time in range(24):
        beat(client)
        del client.cookies[COOKIE_NAME]
    drawn = arms()
    assert len(drawn) == Visitor.objects.count() == 24
    assert {share for _arm, share in drawn.values()} == {0.5}
    assert 3 <= Counter(arm for arm, _share in drawn.values())["control"] <= 21  # of 24 halves: once in ten thousand
    assert Decision.objects.values("visitor_id").distinct().count() == 24


@pytest.mark.attack("B11")
def test_cookie_dropped__then_logged_in__is_back_in_the_arm_that_was_drawn_first(rule: Rule, ann: Any) -> None:
    first = shopper()
    log_in(first, ann)
    beat(first)
    (own,) = arms().items()
    for _time in range(8):
        other = shopper()
        beat(other)
        log_in(other, ann)
        beat(other)
        beat(other)
    customers = Visitor.objects.filter(customer_id__isnull=False)
    assert {visitor.unit_id for visitor in customers} == {own[0]}
    assert arms()[own[0]] == own[1]


@pytest.mark.attack("B11")
def test_session__new_one_login_and_logout__leave_the_arm(rule: Rule, ann: Any) -> None:
    client = known_shopper()
    (own,) = arms().items()
    client.cookies.pop("sessionid", None)
    beat(client)
    log_in(client, ann)
    beat(client)
    beat(client)
    unit = Visitor.objects.get(customer_id__isnull=False).unit_id
    assert (unit, arms()[unit]) == own
    log_out(client)
    beat(client)
    assert arms()[own[0]] == own[1]


@pytest.mark.attack("B11")
def test_devices_joined__in_either_order__the_first_draw_holds_for_both(rule: Rule, ann: Any) -> None:
    phone, laptop = known_shopper(), known_shopper()
    first = Visitor.objects.order_by("created_at").first()
    assert first is not None
    before = arms()[first.pk]
    for client in (laptop, phone):
        log_in(client, ann)
        beat(client)
        beat(client)
    assert set(arms()) == {first.pk}
    assert arms()[first.pk] == before


@pytest.mark.attack("B11")
def test_replay__the_same_beat_a_hundred_times__draws_once_and_records_once(rule: Rule) -> None:
    client = shopper()
    beat(client)
    said = body(signal())
    before, decided = arms(), Decision.objects.count()
    for _time in range(20):
        send(client, said)
    assert (arms(), Decision.objects.count()) == (before, decided)
    (one,) = Visitor.objects.all()
    assert (
        draw_arm(one.unit_id, rule_id=rule.pk, salt="another", shop_share=0, rule_share=0.01, now=NOW).arm == before[one.pk][0]
    )


@pytest.mark.attack("B11")
def test_wording__asked_for_by_the_browser__stays_the_one_that_was_drawn(rule: Rule) -> None:
    for wish in "ABAB":
        client = shopper()
        client.cookies["variant"] = wish
        client.get(f"/?variant={wish}")
        beat(client, variant=wish)
    kept = {one.visitor_id: one.variant for one in VariantDraw.objects.all()}
    offered = {one.visitor_id: one.variant for one in Decision.objects.exclude(offered_at=None)}
    assert kept == offered
    assert {one.variant_probability for one in Decision.objects.exclude(offered_at=None)} <= {0.5}
