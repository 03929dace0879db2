"""Are models asked of a moment that staff look at, and only where they may be?"""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from oscar_engage.learning.leads.ask import ask_models
from oscar_engage.rules.foretold import NOTHING_FORETOLD
from oscar_engage.visitors.consent import ConsentLevel
from tests.learning.registry.speaking import looking_at, models_that_speak
from tests.rules.moments import make_moment, make_state

pytestmark = pytest.mark.django_db


def test_ask__models_speak__say_it_of_this_moment() -> None:
    with models_that_speak(looking_at("propensity", searches=2.0), looking_at("uplift", searches=-0.1)):
        said = ask_models(make_moment(make_state(searches=3), now=timezone.now()))
    assert said.propensity == pytest.approx(0.9975, abs=0.001)
    assert (said.uplift, said.exit, said.lead) == (pytest.approx(-0.3), None, "do_not_disturb")


@pytest.mark.parametrize("consent", [level for level in ConsentLevel if level < ConsentLevel.PERSONALISATION])
def test_ask__without_the_consent__asks_nobody(consent: ConsentLevel, django_assert_num_queries: Callable[[int], Any]) -> None:
    with models_that_speak(looking_at("propensity", searches=2.0)), django_assert_num_queries(0):
        assert ask_models(make_moment(consent=consent)) == NOTHING_FORETOLD


@override_settings(OSCAR_ENGAGE={"MODULES_OFF": ["learning"]})
def test_ask__learning_switched_off__asks_nobody() -> None:
    with models_that_speak(looking_at("propensity", searches=2.0)):
        assert ask_models(make_moment(now=timezone.now())) == NOTHING_FORETOLD
