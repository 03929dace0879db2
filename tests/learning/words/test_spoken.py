"""Is what was foretold told as it was then, by the model that said it, and only where it may be?"""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from oscar_engage.learning.features.schema import NAMES
from oscar_engage.learning.registry.live import BACKGROUND, drop_live_models
from oscar_engage.learning.registry.models import ModelVersion
from oscar_engage.learning.vectors.models import ScoredVector
from oscar_engage.learning.words.spoken import Log, Spoken, read_log
from oscar_engage.visitors.models import Visit
from tests.dashboard.learnt import make_vector
from tests.learning.registry.speaking import looking_at, models_that_speak

pytestmark = pytest.mark.django_db
HOT = {"uplift": 0.04, "uplift_low": 0.02, "uplift_high": 0.06, "propensity": 0.02, "exit": 0.4}
VALUES = {"visit_number": 3.0, "basket_total": 84.0, "idle_seconds": 40.0, "struggles": 2.0}


def looked(
    version: ModelVersion | None = None, *, visit: Visit | None = None, minutes: int = 1, **columns: Any
) -> ScoredVector:
    values = [VALUES.get(name, 0.0 if name == "tabs_away" else None) for name in NAMES]
    versions = {version.task: version.pk} if version else {}
    return make_vector(visit=visit, minutes=minutes, values=values, versions=versions, **{**HOT, **columns})


def log_of(row: ScoredVector, consent: int = 3) -> Log:
    return read_log(row.visit_id, consent=consent, currency="GBP", now=timezone.now())


def helping() -> Any:
    return looking_at("uplift", visit_number=1.0, basket_total=0.02, idle_seconds=0.03, struggles=-0.4)


def test_last__hot_lead__says_meaning_chances_and_reasons() -> None:
    with models_that_speak(helping()) as versions:
        row = looked(versions["uplift"])
        assert log_of(row).last == Spoken(
            lead="hot",
            label="hot lead",
            meaning="Likely to buy with help",
            advice="Worth your time: invite, and stay with it.",
            chances=(
                "chance of an order without help: 2%",
                "help adds +4 points of 100 (+2 to +6)",
                "chance that nothing more follows: 40%",
            ),
            reasons=("here for the third time", "basket of £84", "idle for 40 s"),
            against=("had trouble with pages 2 times",),
            at=row.at,
        )


def test_last__helps_little_and_buys_anyway__has_the_reasons_for_buying() -> None:
    nothing = {"uplift": None, "uplift_low": None, "uplift_high": None, "exit": None}
    with models_that_speak(looking_at("propensity", visit_number=1.0, basket_total=-0.02)) as versions:
        said = log_of(looked(versions["propensity"], propensity=0.7, **nothing)).last
    assert said is not None
    assert (said.lead, said.reasons, said.against) == ("self_server", ("here for the third time",), ("basket of £84",))
    assert said.chances == ("chance of an order without help: 70%",)


def test_last__puts_off__has_the_reasons_for_harm() -> None:
    below = {"uplift": -0.04, "uplift_low": -0.06, "uplift_high": -0.02}
    with models_that_speak(helping()) as versions:
        said = log_of(looked(versions["uplift"], **below)).last
    assert said is not None
    assert (said.lead, said.reasons, said.against) == (
        "do_not_disturb",
        ("had trouble with pages 2 times",),
        ("here for the third time",),
    )


def test_last__help_alone_was_foretold__says_no_other_chance() -> None:
    with models_that_speak(helping()) as versions:
        said = log_of(looked(versions["uplift"], propensity=None, exit=None)).last
    assert said is not None
    assert said.chances == ("help adds +4 points of 100 (+2 to +6)",)


@pytest.mark.parametrize("columns", [{}, {"exit": 0.4}])
def test_last__no_model_judged_the_kind__is_nothing(columns: dict[str, float]) -> None:
    assert log_of(make_vector(**columns)).last is None


def test_log__nothing_looked_at__is_empty() -> None:
    log = read_log(uuid.uuid4(), consent=3, currency="", now=timezone.now())
    assert log.last is log.of_decision(uuid.uuid4()) is log.of_moment(1, timezone.now()) is None


@pytest.mark.parametrize("consent", [0, 1, 2])
def test_log__consent_withdrawn__is_not_read(consent: int, django_assert_num_queries: Callable[[int], Any]) -> None:
    row = looked()
    with django_assert_num_queries(0):
        assert log_of(row, consent).last is None


@pytest.mark.parametrize("change", [{"schema": "another"}, {"values": [1.0]}, {"versions": {"uplift": 999_999}}])
def test_last__model_cannot_explain_it__has_the_kind_without_reasons(change: dict[str, Any]) -> None:
    with models_that_speak(helping()) as versions:
        row = looked(versions["uplift"])
        ScoredVector.objects.update(**change)
        said = log_of(row).last
    assert said is not None
    assert (said.lead, said.reasons, said.against) == ("hot", (), ())


def test_last__model_was_tampered_with__explains_nothing() -> None:
    with models_that_speak(helping()) as versions:
        row = looked(versions["uplift"])
        ModelVersion.objects.update(signature="forged")
        said = log_of(row).last
    assert said is not None
    assert said.reasons == ()


def test_last__another_speaks_by_now__is_explained_by_the_one_that_spoke_then() -> None:
    with models_that_speak(helping()) as versions:
        row = looked(versions["uplift"])
        with models_that_speak(looking_at("uplift", struggles=1.0)):
            said = log_of(row).last
    assert said is not None
    assert said.reasons == ("here for the third time", "basket of £84", "idle for 40 s")


def test_log__moments_and_decisions__are_told_as_they_were_then() -> None:
    row, decision = looked(minutes=5, propensity=0.01), uuid.uuid4()
    drawn = looked(visit=row.visit, minutes=3, occasion="moment", rule_id=7, decision_id=decision, propensity=0.02)
    looked(visit=row.visit, minutes=1, propensity=0.03)
    log = log_of(row)

    def chance(said: Spoken | None) -> str:
        return said.chances[0].rpartition(" ")[2] if said else ""

    assert chance(log.last) == "3%"
    assert chance(log.of_decision(decision)) == "2%"
    assert chance(log.of_moment(7, drawn.at)) == "2%"
    assert chance(log.of_moment(8, drawn.at - timedelta(seconds=1))) == "1%"
    assert chance(log.of_moment(7, row.at - timedelta(minutes=1))) == ""


@pytest.mark.parametrize("looks", [1, 3])
def test_log__any_number_of_looks__takes_one_query(looks: int, django_assert_num_queries: Callable[[int], Any]) -> None:
    with models_that_speak(helping()) as versions:
        row = looked(versions["uplift"])
        for minutes in range(1, looks):
            looked(versions["uplift"], visit=row.visit, minutes=minutes)
        log_of(row)
        with django_assert_num_queries(1):
            log_of(row)
        BACKGROUND.is_inline = False
        drop_live_models()
        with django_assert_num_queries(2):  # a process that has just begun reads the model itself
            assert log_of(row).last is not None
