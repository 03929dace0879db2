"""Who is treated and who is held out."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.decisions.arms import Draw, draw_arm, is_in_shop_holdout
from oscar_engage.decisions.models import Arm, Assignment, Reason
from oscar_engage.rules.models import Rule
from tests.rules.moments import NOW

IDS = [uuid.UUID(int=number) for number in range(1, 4001)]


def draw(visitor_id: uuid.UUID, rule: Rule, share: float, shop_share: float = 0) -> Draw:
    return draw_arm(visitor_id, rule_id=rule.pk, salt="s", shop_share=shop_share, rule_share=share, now=NOW)


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_shop_holdout__many_visitors__takes_its_share(share: float) -> None:
    held = sum(is_in_shop_holdout(visitor_id, salt="s", share=share) for visitor_id in IDS)
    assert abs(held / len(IDS) - share) < 0.02  # four standard errors at most


@given(st.uuids(), st.floats(0, 0.5), st.floats(0, 0.5))
def test_shop_holdout__share_raised__only_adds(visitor_id: uuid.UUID, one: float, other: float) -> None:
    low, high = sorted((one, other))
    if is_in_shop_holdout(visitor_id, salt="s", share=low):
        assert is_in_shop_holdout(visitor_id, salt="s", share=high)


@pytest.mark.django_db
def test_draw_arm__many_visitors__takes_its_share_independently_of_other_rules() -> None:
    one, other = Rule.objects.create(name="a"), Rule.objects.create(name="b")
    ids = IDS[:400]
    first = [draw(visitor_id, one, 0.5).arm == Arm.CONTROL for visitor_id in ids]
    second = [draw(visitor_id, other, 0.5).arm == Arm.CONTROL for visitor_id in ids]
    assert abs(sum(first) / 400 - 0.5) < 0.1
    both = sum(a and b for a, b in zip(first, second, strict=True))
    assert abs(both / 400 - 0.25) < 0.1


@pytest.mark.django_db
def test_draw_arm__share_changed_later__keeps_arm_and_probability_for_those_drawn() -> None:
    rule = Rule.objects.create(name="a")
    before = [draw(visitor_id, rule, 0.2) for visitor_id in IDS[:50]]
    after = [draw(visitor_id, rule, 0.5) for visitor_id in IDS[:50]]
    assert after == before
    assert {(drawn.arm, drawn.probability) for drawn in before} == {(Arm.CONTROL, 0.2), (Arm.TREATED, 0.8)}
    assert Assignment.objects.count() == 50


@pytest.mark.django_db
def test_draw_arm__no_holdout__treats_everybody_with_certainty() -> None:
    rule = Rule.objects.create(name="a")
    assert {draw(visitor_id, rule, 0) for visitor_id in IDS[:20]} == {Draw(Arm.TREATED, 1, Reason.OFFERED, 1)}


@pytest.mark.django_db
def test_draw_arm__shop_holdout__draws_no_arm_of_the_rule() -> None:
    rule = Rule.objects.create(name="a")
    assert draw(IDS[0], rule, 0.5, shop_share=1.0) == Draw(Arm.CONTROL, 1.0, Reason.SHOP_HOLDOUT, 0.0)
    assert not Assignment.objects.exists()
