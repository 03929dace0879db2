"""Keys that change at login and logout, and devices that become one person."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oscar_engage.decisions.arms import draw_arm, is_in_shop_holdout
from oscar_engage.decisions.history import read_history
from oscar_engage.decisions.models import Arm, Assignment, Decision
from oscar_engage.models import Conversion, Rule, RuleVersion, Visit, Visitor
from oscar_engage.visitors.identity import change_key, find_handed_over, link_customer
from tests.analytics.lift.figures import figures

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def browser(minutes: int = 0, **fields: Any) -> Visitor:
    """Return a visitor first seen so many minutes after noon."""
    at = NOW + timedelta(minutes=minutes)
    return Visitor.objects.create(consent=3, created_at=at, last_seen_at=at, **fields)


@pytest.fixture
def rules() -> list[Rule]:
    return [Rule.objects.create(name=name) for name in ("one", "two")]


def drawn(visitor: Visitor, rule: Rule, arm: Arm, minutes: int) -> None:
    at = NOW + timedelta(minutes=minutes)
    Assignment.objects.create(visitor_id=visitor.unit_id, rule=rule, arm=arm, probability=0.5, drawn_at=at)


def arms_of(visitor: Visitor) -> dict[str, str]:
    visitor.refresh_from_db()
    return dict(Assignment.objects.filter(visitor_id=visitor.unit_id).values_list("rule__name", "arm"))


def test_change_key__at_login__is_handed_to_that_customer_alone() -> None:
    visitor = browser()
    old = visitor.key

    change_key(visitor, customer_id=7)

    assert visitor.key != old
    assert find_handed_over(old, customer_id=7) == visitor
    assert find_handed_over(old, customer_id=8) is None
    assert find_handed_over(old, customer_id=None) is None
    assert find_handed_over(visitor.key, customer_id=7) is None


def test_change_key__at_logout__is_handed_to_nobody() -> None:
    visitor = browser()
    change_key(visitor, customer_id=7)
    old = visitor.key

    change_key(visitor, customer_id=None)

    assert find_handed_over(old, customer_id=7) is None
    assert not Visitor.objects.filter(key=old).exists()


def test_link__first_device__is_a_unit_of_its_own() -> None:
    visitor = browser()

    link_customer(visitor, 7)

    visitor.refresh_from_db()
    assert (visitor.customer_id, visitor.unit_id) == (7, visitor.pk)


@pytest.mark.parametrize("older_logs_in_last", [False, True])
def test_link__second_device__the_one_seen_first_is_the_unit(older_logs_in_last: bool) -> None:
    older, younger = browser(0), browser(5)
    first, last = (younger, older) if older_logs_in_last else (older, younger)

    link_customer(first, 7)
    link_customer(last, 7)

    older.refresh_from_db()
    younger.refresh_from_db()
    assert (older.unit_id, younger.unit_id) == (older.pk, older.pk)
    assert last.unit_id == older.pk


def test_link__three_devices__are_one_unit() -> None:
    devices = [browser(5), browser(0), browser(9)]

    for device in devices:
        link_customer(device, 7)

    assert {device.unit_id for device in Visitor.objects.all()} == {devices[1].pk}


def test_link__others_customers__stay_apart() -> None:
    mine, theirs = browser(0), browser(5)

    link_customer(mine, 7)
    link_customer(theirs, 8)

    assert theirs.unit_id == theirs.pk


@pytest.mark.parametrize(("phone", "laptop", "kept"), [(1, 2, "control"), (2, 1, "treated")])
def test_arms__of_two_devices__the_one_drawn_first_holds_for_both(
    rules: list[Rule], phone: int, laptop: int, kept: str
) -> None:
    one, two = browser(0), browser(5)
    drawn(one, rules[0], Arm.CONTROL, minutes=phone)
    drawn(two, rules[0], Arm.TREATED, minutes=laptop)
    drawn(two, rules[1], Arm.CONTROL, minutes=3)

    link_customer(one, 7)
    link_customer(two, 7)

    assert arms_of(one) == arms_of(two) == {"one": kept, "two": "control"}
    assert Assignment.objects.count() == 2


def test_arms__drawn_after_the_login__are_the_units(rules: list[Rule]) -> None:
    one, two = browser(0), browser(5)
    link_customer(one, 7)
    first = draw_arm(one.unit_id, rule_id=rules[0].pk, salt="s", shop_share=0, rule_share=0.5, now=NOW)

    link_customer(two, 7)

    assert draw_arm(two.unit_id, rule_id=rules[0].pk, salt="s", shop_share=0, rule_share=0.5, now=NOW) == first


def test_shop_holdout__second_device__is_in_the_first_ones_side() -> None:
    ids = [uuid.UUID(int=number) for number in range(999)]
    held = next(pk for pk in ids if is_in_shop_holdout(pk, salt="s", share=0.1))
    free = next(pk for pk in ids if not is_in_shop_holdout(pk, salt="s", share=0.1))
    older, younger = browser(0, id=held), browser(5, id=free)

    link_customer(older, 7)
    link_customer(younger, 7)

    assert is_in_shop_holdout(younger.unit_id, salt="s", share=0.1)


@pytest.fixture
def version(rules: list[Rule]) -> RuleVersion:
    return RuleVersion.objects.create(rule=rules[0], number=1, document={}, created_at=NOW)


def decided(visitor: Visitor, version: RuleVersion, minutes: int, **fields: Any) -> Decision:
    at = NOW + timedelta(minutes=minutes)
    visit = Visit.objects.create(visitor=visitor, started_at=at, last_at=at)
    values = {"arm": Arm.TREATED, "reason": "offered", "offered_at": at, **fields}
    return Decision.objects.create(
        visitor_id=visitor.pk, visit=visit, version=version, branch=0, action="show.balloon", eligible_at=at, **values
    )


def test_history__a_no_on_the_phone__counts_on_the_laptop(version: RuleVersion) -> None:
    phone, laptop = browser(0), browser(5)
    link_customer(phone, 7)
    link_customer(laptop, 7)
    decided(phone, version, 6, dismissed_at=NOW + timedelta(minutes=7))

    history = read_history(
        unit_id=laptop.unit_id, visit_id=uuid.uuid4(), cooldown=timedelta(days=30), now=NOW + timedelta(hours=1)
    )

    assert (history.offers_in_week, history.dismissed_at) == (1, NOW + timedelta(minutes=7))


def test_report__offered_on_the_phone_ordered_on_the_laptop__is_one_buyer(version: RuleVersion) -> None:
    phone, laptop = browser(0), browser(5)
    link_customer(phone, 7)
    link_customer(laptop, 7)
    drawn(phone, version.rule, Arm.TREATED, minutes=6)
    decided(phone, version, 6)
    Conversion.objects.create(
        order_id=1, order_number="1", visitor_id=laptop.pk, total=20, currency="GBP", placed_at=NOW + timedelta(hours=1)
    )

    report = figures(version.rule, NOW)

    assert (report.treated.units, report.treated.buyers, report.treated.orders) == (1, 1, 1)


def test_report__shops_holdout_on_two_devices__is_one_visitor_from_the_first_moment(version: RuleVersion) -> None:
    phone, laptop = browser(0), browser(5)
    link_customer(phone, 7)
    link_customer(laptop, 7)
    for minutes, device in ((8, laptop), (6, phone)):
        decided(device, version, minutes, arm=Arm.CONTROL, reason="shop_holdout", offered_at=None)

    report = figures(version.rule, NOW)

    assert report.left_alone.units == 1
