"""What scores are compared with: laws of the quantile, the costs, and of who buys anyway."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.learning.features.schema import NAMES
from oscar_engage.learning.leads.advise import BASKET, advice_of, foretold_of
from oscar_engage.learning.leads.bars import (
    FEWEST,
    LEAST_SURE,
    MARGIN,
    NOTHING_MEASURED,
    SURE,
    Measured,
    Why,
    bars_of,
    gain_of,
    quantile,
)
from oscar_engage.learning.leads.lead import Bars, Lead, lead_of
from oscar_engage.rules.foretold import NOTHING_FORETOLD

CHANCES = st.lists(st.floats(0, 1), min_size=FEWEST, max_size=200)
GAINS = st.lists(st.floats(-50, 50), min_size=FEWEST, max_size=200)
BARS = Bars(uplift=0.1, propensity=0.5, cost=0.05, price=2.0, order=40.0, margin=0.25)
EMPTY: list[float | None] = [None] * len(NAMES)


@given(GAINS, st.integers(1, 500), st.floats(0.1, 600))
def test_bars_of__scarce_agents__about_as_many_lie_above_as_agents_can_take(
    gains: list[float], wanted: int, places: float
) -> None:
    bars, why = bars_of(Measured(order=40.0, gains=gains, wanted=wanted, places=places))
    assert (why is Why.ENOUGH) == (wanted <= places)
    winning = sum(gain > 0 for gain in gains)
    if bars.price is None:
        assert why is Why.ENOUGH or (why is Why.WORTHLESS and not winning)
        assert bars.uplift == bars.cost
        return
    share = places / wanted
    above = sum(gain > bars.price for gain in gains)
    at_least = sum(gain >= bars.price for gain in gains)
    assert above <= share * len(gains) + 1e-6
    assert at_least >= min(winning, share * len(gains) - 1e-6)
    assert bars.price > 0


def test_bars_of__fewer_gain_than_agents_could_take__nobody_who_gains_nothing_takes_their_place() -> None:
    gains = [0.0] * 40 + [-1.0] * 10 + [2.0, 3.0, 5.0]
    bars, why = bars_of(Measured(order=40.0, gains=gains, wanted=53, places=20))
    assert (bars.price, why) == (2.0, Why.SCARCE)


@given(CHANCES)
def test_bars_of__surest_shoppers__give_half_of_the_orders(chances: list[float]) -> None:
    bar = bars_of(Measured(propensities=chances))[0].propensity
    assert LEAST_SURE <= bar <= SURE
    above = math.fsum(chance for chance in chances if chance >= bar)
    if LEAST_SURE < bar < SURE:
        assert above >= math.fsum(chances) / 2 - 1e-9


def test_bars_of__nothing_known__help_is_free_and_nobody_is_outranked() -> None:
    bars, why = bars_of(Measured())
    assert (bars.uplift, bars.propensity, bars.cost, bars.price) == (0.0, NOTHING_MEASURED.propensity, 0.0, None)
    assert why is Why.NO_AGENTS
    few = Measured(gains=[1.0] * (FEWEST - 1), wanted=100, places=10)
    assert bars_of(few)[1] is Why.TOO_FEW


def test_bars_of__conversation__costs_as_many_chances_as_it_has_margins_in_it() -> None:
    bars, _why = bars_of(Measured(conversation=2.0, order=50.0, margin=MARGIN))
    assert bars.cost == bars.uplift == 0.2
    assert bars_of(Measured(conversation=200.0, order=50.0))[0].cost == 1.0
    few_accept = bars_of(Measured(conversation=2.0, acceptance=0.1, order=50.0, margin=MARGIN))[0]
    assert math.isclose(few_accept.cost, bars.cost / 10), "uplift is that of inviting, and so is its cost"
    assert bars_of(Measured(conversation=2.0, order=0.0))[0].cost == 0.0


@given(st.lists(st.floats(-5, 5), min_size=1), st.floats(-1, 2))
def test_quantile__any_share__is_one_of_them(values: list[float], share: float) -> None:
    found = quantile(values, share)
    assert found in values
    below = sum(value < found for value in values)
    assert below <= max(0.0, share) * len(values) + 1e-9


@given(st.floats(0, 1), st.none() | st.floats(0, 1000), st.none() | st.floats(-1, 2))
def test_gain_of__more_uplift_or_likelier_to_be_gone__more_or_less(
    uplift: float, basket: float | None, leaves: float | None
) -> None:
    gain = gain_of(uplift, basket=basket, leaves=leaves, bars=BARS)
    assert gain >= 0
    assert gain_of(uplift, basket=basket, leaves=1.0, bars=BARS) == 0
    assert gain <= gain_of(uplift, basket=basket, leaves=None, bars=BARS)
    assert gain_of(0.0, basket=basket, leaves=leaves, bars=BARS) == 0


def test_gain_of__known_basket__counts_in_place_of_the_usual_order() -> None:
    assert gain_of(0.1, basket=None, leaves=None, bars=BARS) == 0.1 * 40 * 0.25
    assert gain_of(0.1, basket=100, leaves=0.5, bars=BARS) == 0.1 * 100 * 0.25 * 0.5


def test_advice_of__model_that_stands_alone__keeps_no_place_for_others_and_warns_of_harm() -> None:
    poor, harmful = (0.001, 0.0005, 0.002), (-0.1, -0.2, -0.05)
    alone, ranked = (advice_of({"uplift": poor}, EMPTY, BARS, may_outrank=may) for may in (False, True))
    assert alone is not None
    assert ranked is not None
    assert (alone.is_outranked, ranked.is_outranked) == (False, True)
    warned = advice_of({"uplift": harmful}, EMPTY, BARS, may_outrank=False)
    assert warned is not None
    assert warned.is_against(needs_agent=False)


def test_advice_of__only_a_propensity__has_nothing_to_say() -> None:
    assert advice_of({"propensity": (0.9, 0.8, 0.95), "exit": (0.9, 0.8, 0.95)}, EMPTY, BARS) is None


def test_advice_of__uplift__says_what_it_gains_at_most_with_the_basket_in_view() -> None:
    vector = [*EMPTY]
    vector[BASKET] = 100.0
    advice = advice_of({"uplift": (0.06, 0.02, 0.1), "exit": (0.5, 0.4, 0.6)}, vector, BARS)
    assert advice is not None
    assert (advice.low, advice.high, advice.cost, advice.gain, advice.price) == (0.02, 0.1, 0.05, 1.25, 2.0)
    assert advice.is_outranked
    assert not advice.is_against(needs_agent=True)
    unsure = advice_of({"uplift": (0.06, -0.2, 0.3), "exit": (0.5, 0.4, 0.6)}, vector, BARS)
    assert unsure is not None
    assert not unsure.is_outranked, "it may be worth the place"


def test_advice_of__no_interval__says_nothing_against_anybody() -> None:
    advice = advice_of({"uplift": (-0.1, -0.1, -0.1)}, EMPTY, BARS)
    assert advice is not None
    assert (advice.is_against(needs_agent=True), advice.is_outranked) == (False, False)


@pytest.mark.parametrize("said", [(-0.1, -0.2, -0.05), (0.001, 0.0005, 0.002)], ids=["harmful", "worth little"])
def test_advice_of__far_from_all_it_learnt_from__says_nothing_against_anybody(said: tuple[float, float, float]) -> None:
    near, far = (advice_of({"uplift": said}, EMPTY, BARS, is_far=is_far) for is_far in (False, True))
    assert near is not None
    assert far is not None
    assert near.is_against(needs_agent=True)
    assert near.is_outranked
    assert (far.is_against(needs_agent=True), far.is_outranked) == (False, False)


def test_foretold_of__each_kind__is_named() -> None:
    assert foretold_of({}, BARS) == NOTHING_FORETOLD
    told = foretold_of({"propensity": (0.9, 0.9, 0.9), "uplift": (0.0, -0.1, 0.1)}, BARS)
    assert (told.propensity, told.exit, told.uplift, told.lead) == (0.9, None, 0.0, "self_server")
    assert foretold_of({"exit": (0.9, 0.9, 0.9)}, BARS).lead == ""
    assert foretold_of({"uplift": (0.2, 0.11, 0.3)}, BARS).lead == "hot"


@given(st.none() | st.floats(0, 1), st.none() | st.tuples(st.floats(-1, 1), st.floats(-1, 1), st.floats(-1, 1)))
def test_lead_of__any_scores__harm_first_then_gain_then_who_buys_anyway(
    propensity: float | None, uplift: tuple[float, float, float] | None
) -> None:
    lead = lead_of(propensity=propensity, uplift=uplift, bars=BARS)
    assert (lead is None) == (propensity is None and uplift is None)
    assert (lead is Lead.DO_NOT_DISTURB) == (uplift is not None and uplift[2] < 0)
    if lead is Lead.HOT:
        assert uplift is not None
        assert uplift[1] > BARS.uplift
    if lead is Lead.SELF_SERVER:
        assert propensity is not None
        assert propensity >= BARS.propensity
