"""The wording that a visitor was given, kept with its probability, and independent of every other draw."""

import itertools
import uuid
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from oscar_engage.decisions.arms import find_arm
from oscar_engage.decisions.models import Arm
from oscar_engage.widgets.draws import Draws, join_draws
from oscar_engage.widgets.models import Engagement, VariantDraw
from oscar_engage.widgets.wordings import draw_variant
from tests.rules.moments import NOW

UNITS = [uuid.uuid5(uuid.UUID(int=5), str(number)) for number in range(6000)]
CRITICAL = {1: 10.83, 2: 13.82}
"""Of chi-square by degrees of freedom: passed by chance once in a thousand times."""


def variants(*shares: int) -> list[dict[str, Any]]:
    texts = {"en": {"title": "Another", "body": "", "button": ""}}
    return [{"name": name, "share": share, "texts": texts} for name, share in zip("BC", shares, strict=False)]


def engagement(*shares: int, slug: str = "help") -> Engagement:
    return Engagement.objects.create(slug=slug, widget="note", title="First", variants=variants(*shares))


def draws(unit: uuid.UUID, **about: Any) -> Draws:
    return Draws(unit, **{"salt": "s", "may_keep": True, "now": NOW, **about})


def chi_square(observed: list[float], expected: list[float]) -> float:
    return sum((one - other) ** 2 / other for one, other in zip(observed, expected, strict=True))


@pytest.mark.parametrize("shares", [(50,), (10,), (33, 33), (20, 5)])
@pytest.mark.parametrize("salt", ["a", "b"])
def test_variants__thousands_of_visitors__are_in_balance_with_their_shares(shares: tuple[int, ...], salt: str) -> None:
    made = Engagement(pk=7, variants=variants(*shares))
    found = Counter(draw_variant(made, unit, salt=salt) for unit in UNITS)
    expected = [(100 - sum(shares)) / 100, *(share / 100 for share in shares)]
    names = "ABC"[: len(expected)]
    assert chi_square([found[name] for name in names], [share * len(UNITS) for share in expected]) < CRITICAL[len(shares)]


@pytest.mark.parametrize("rule_id", [1, 2, 7])
def test_variants__beside_the_arms_of_a_rule__fall_independently(rule_id: int) -> None:
    made = Engagement(pk=7, variants=variants(50))
    pairs = Counter(
        (
            draw_variant(made, unit, salt="s"),
            find_arm(unit, rule_id=rule_id, salt="s", shop_share=0, rule_share=0.5).arm is Arm.CONTROL,
        )
        for unit in UNITS
    )
    cells = list(itertools.product("AB", (False, True)))
    rows = {name: sum(pairs[name, arm] for arm in (False, True)) for name in "AB"}
    columns = {arm: sum(pairs[name, arm] for name in "AB") for arm in (False, True)}
    expected = [rows[name] * columns[arm] / len(UNITS) for name, arm in cells]
    assert chi_square([pairs[cell] for cell in cells], expected) < CRITICAL[1]


@pytest.mark.django_db
def test_offer__share_changed_later__keeps_wording_and_probability_for_those_drawn() -> None:
    made = engagement(30)
    before = [draws(unit).offer(made) for unit in UNITS[:60]]
    made.variants = variants(90)
    assert [draws(unit).offer(made) for unit in UNITS[:60]] == before
    assert [draws(unit).variant_of(made) for unit in UNITS[:60]] == [variant for variant, _share in before]
    assert set(before) == {("A", 0.7), ("B", 0.3)}
    later = Counter(draws(unit).offer(made) for unit in UNITS[60:120])
    assert set(later) == {("A", 0.1), ("B", 0.9)}
    assert VariantDraw.objects.count() == 120


@pytest.mark.django_db
def test_offer__wording_gone__is_drawn_anew_and_kept() -> None:
    made = engagement(99)
    unit = next(unit for unit in UNITS if draw_variant(made, unit, salt="s") == "B")
    assert draws(unit).offer(made) == ("B", 0.99)
    made.variants = [{**variants(40)[0], "name": "C"}]
    again = draws(unit).offer(made)
    assert again in {("A", 0.6), ("C", 0.4)}
    kept = VariantDraw.objects.get()
    assert (kept.variant, kept.probability) == again


@pytest.mark.django_db
def test_offer__without_consent_to_statistics__keeps_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    made = engagement(50)
    with django_assert_num_queries(0):
        variant, share = draws(UNITS[0], may_keep=False).offer(made)
    assert (variant, share) == (draw_variant(made, UNITS[0], salt="s"), 0.5)


@pytest.mark.django_db
def test_draws__one_wording_each__cost_no_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    made, other = engagement(), engagement(slug="other")
    drawn = draws(UNITS[0])
    with django_assert_num_queries(0):
        assert [drawn.variant_of(made), drawn.offer(other)] == ["", ("", None)]


@pytest.mark.django_db
def test_join_draws__two_devices__the_first_drawn_holds_for_both() -> None:
    made, other, third = (engagement(50, slug=slug) for slug in ("one", "two", "three"))
    younger, older = UNITS[:2]
    for unit, drawn, variant, day in (
        (younger, made, "A", 1),
        (older, made, "B", 2),
        (younger, other, "B", 4),
        (older, other, "A", 3),
        (younger, third, "B", 9),
    ):
        VariantDraw.objects.create(
            visitor_id=unit, engagement=drawn, variant=variant, probability=0.5, drawn_at=NOW.replace(day=day)
        )
    join_draws(younger, older)
    kept = VariantDraw.objects.order_by("engagement_id").values_list("visitor_id", "variant")
    assert list(kept) == [(older, "A"), (older, "A"), (older, "B")]


@given(st.uuids(), st.integers(1, 99))
def test_draw_variant__same_visitor__is_the_same_each_time(unit: uuid.UUID, share: int) -> None:
    made = Engagement(pk=7, variants=variants(share))
    assert draw_variant(made, unit, salt="s") == draw_variant(made, unit, salt="s")
