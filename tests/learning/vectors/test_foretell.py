"""What models say of a beat: is it in the log as it was scored, heeded where it may be, and never the shop's trouble?"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oscar_engage.decisions.models import Decision
from oscar_engage.learning import foretell as foretelling
from oscar_engage.learning.features.instant import Instant
from oscar_engage.learning.features.schema import NAMES
from oscar_engage.learning.features.tasks import UPLIFT_NAMES, UPLIFT_SCHEMA
from oscar_engage.learning.foretell import BREAKER, Foreteller, Says
from oscar_engage.learning.leads import live as bars
from oscar_engage.learning.registry.live import BACKGROUND, Models, drop_live_models
from oscar_engage.learning.registry.store import keep, promote
from oscar_engage.learning.registry.why import Why
from oscar_engage.learning.scoring.document import Document
from oscar_engage.learning.scoring.parts import Linear
from oscar_engage.learning.scoring.score import score
from oscar_engage.learning.scoring.ways import WAYS, with_way
from oscar_engage.learning.vectors.models import ScoredVector
from oscar_engage.rules.foretold import NOTHING_FORETOLD
from oscar_engage.rules.models import Rule
from oscar_engage.signals.counters import snapshot
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.state import begin
from tests.learning.registry.fitted import make_fitted
from tests.learning.vectors.browser import NOW, Browser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _models_at_once() -> Iterator[None]:
    threads = (BACKGROUND, bars.BACKGROUND)
    before = [one.is_inline for one in threads]
    for one in threads:
        one.is_inline = True
    _forget()
    yield
    for one, was in zip(threads, before, strict=True):
        one.is_inline = was
    _forget()


def _forget() -> None:
    drop_live_models()
    bars.drop_live_bars()
    BREAKER.record_success()


def test_beat__models_speak__what_they_foretold_is_in_the_log() -> None:
    documents = {task: make_fitted(task) for task in ("propensity", "uplift")}
    versions = {}
    for task, document in documents.items():
        versions[task] = promote(keep(document, samples=1, events=1, now=NOW), now=NOW, why=Why.BETTER).pk

    Browser().beat("page.viewed")

    row = ScoredVector.objects.get()
    assert row.versions == versions
    assert row.propensity == score(documents["propensity"], row.values).value
    assert (row.uplift, row.uplift_low, row.uplift_high) == score(documents["uplift"], row.values)
    assert row.exit is None


def test_beat__consent_to_statistics_alone__nothing_is_foretold() -> None:
    promote(keep(make_fitted(), samples=1, events=1, now=NOW), now=NOW, why=Why.BETTER)

    Browser(ConsentLevel.STATISTICS).beat("page.viewed")

    row = ScoredVector.objects.get()
    assert (row.propensity, row.versions) == (None, {})


def says(value: float, spread: float) -> Document:
    """Return a model of uplift that says the same of everybody, as sure as its replicas lie ``spread`` to either side."""
    size = len(NAMES)

    def tree(number: float) -> Linear:
        return Linear(
            intercept=number,
            coefficients=(0.0,) * size,
            fills=(0.0,) * size,
            logs=(False,) * size,
            means=(0.0,) * size,
            scales=(1.0,) * size,
            missing=(0.0,) * size,
        )

    replicas = (tree(value - spread), tree(value + spread))
    return msgspec.structs.replace(make_fitted("uplift"), model=tree(value), replicas=replicas)


def speak(document: Document) -> None:
    promote(keep(document, samples=1, events=1, now=NOW), now=NOW, why=Why.BETTER)
    drop_live_models()


HARMFUL = says(-0.2, 0.01)


def invite(browser: Browser) -> None:
    browser.beat("page.viewed")
    browser.beat(after=60, idle=46_000)


@pytest.mark.usefixtures("rule")
def test_beat__model_speaks_of_harm__keeps_the_rule_from_acting_and_logs_no_moment(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"SHOP_HOLDOUT": 0, "QUIET_SECONDS": 0, "LEARNING_EXPLORES": 0}
    speak(HARMFUL)
    invite(Browser())
    assert [*Decision.objects.values_list("reason", "arm")] == [("advised_against", "none")]
    assert not ScoredVector.objects.filter(occasion="moment").exists()
    assert all(high < 0 for high in ScoredVector.objects.values_list("uplift_high", flat=True))


def test_beat__goes_on_to_learn__logs_the_scores_it_went_on_against(rule: Rule, settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"SHOP_HOLDOUT": 0, "QUIET_SECONDS": 0, "LEARNING_EXPLORES": 1}
    speak(HARMFUL)
    invite(Browser())
    row = ScoredVector.objects.get(occasion="moment")
    assert (row.rule_id, row.is_explored, row.explored_share) == (rule.pk, True, 1.0)
    assert (row.uplift, row.uplift_low, row.uplift_high) == score(HARMFUL, tuple(row.values))
    assert row.arm in {"treated", "control"}
    assert Decision.objects.get().arm == row.arm


def tells_ways(way: str, *, known: tuple[str, ...] = WAYS) -> Document:
    """Return a model that is surely against helping in one way, and for it in all others that it knows."""
    document = says(0.1, 0.001)
    place = UPLIFT_NAMES.index(f"by_{way}")

    def against(one: Linear) -> Linear:
        wider = {name: (*getattr(one, name), *[value] * len(WAYS)) for name, value in _PLAIN.items()}
        slopes = tuple(-0.5 if number == place else 0.0 for number in range(len(UPLIFT_NAMES)))
        return msgspec.structs.replace(one, **{**wider, "coefficients": slopes})

    return msgspec.structs.replace(
        document,
        schema=UPLIFT_SCHEMA,
        features=UPLIFT_NAMES,
        ways=known,
        model=against(document.model),  # type: ignore[arg-type]  # a sum
        replicas=tuple(map(against, document.replicas)),  # type: ignore[arg-type]  # two sums
    )


_PLAIN: dict[str, Any] = {"fills": 0.0, "logs": False, "means": 0.0, "scales": 1.0, "missing": 0.0}


@pytest.mark.usefixtures("rule")
@pytest.mark.parametrize(("against", "is_refused"), [("balloon", True), ("chat", False)])
def test_beat__model_is_against_one_way__keeps_rules_that_help_so_from_acting(
    against: str, is_refused: bool, settings: Any
) -> None:
    settings.OSCAR_ENGAGE = {"SHOP_HOLDOUT": 0, "QUIET_SECONDS": 0, "LEARNING_EXPLORES": 0}
    document = tells_ways(against)
    speak(document)
    invite(Browser())
    assert ScoredVector.objects.filter(occasion="moment").exists() is not is_refused
    assert (Decision.objects.get().reason == "advised_against") is is_refused
    for row in ScoredVector.objects.all():
        assert row.way == ("balloon" if row.occasion == "moment" else "chat"), "as it was asked: by the rule, or by nobody"
        assert (row.uplift, row.uplift_low, row.uplift_high) == score(document, with_way(row.values, row.way))


@pytest.mark.usefixtures("rule")
def test_beat__way_of_which_too_little_is_known__is_decided_by_the_rule_alone(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"SHOP_HOLDOUT": 0, "QUIET_SECONDS": 0, "LEARNING_EXPLORES": 0}
    speak(tells_ways("balloon", known=("note",)))
    invite(Browser())
    moment = ScoredVector.objects.get(occasion="moment")
    looks = ScoredVector.objects.exclude(occasion="moment")
    assert (moment.way, moment.uplift, moment.versions) == ("balloon", None, {})
    assert {(one.way, one.uplift) for one in looks} == {("note", 0.1)}, "asked about what it knows"


def test_speaker__model_fitted_before_there_were_ways__says_the_same_of_all() -> None:
    speak(says(0.2, 0.01))
    instant = Instant(begin(NOW), "product", NOW, 5.0, 5.0, is_known=True)
    foreteller = Foreteller(instant, may_ask=True)
    said = {action: foreteller.scored(action).scores["uplift"] for action in ("", "invite.chat", "show.balloon", "of.no.kind")}
    assert len(set(said.values())) == 1
    assert foreteller.scored("show.balloon").way == "balloon"


NARROW = msgspec.structs.replace(HARMFUL, format=2, reach=((0.0, 0.0), *[(-1e9, 1e9)] * (len(HARMFUL.features) - 1)))
"""Learnt from visits without a signal: from no visit that there is."""


@pytest.mark.usefixtures("rule")
@pytest.mark.parametrize(
    "document",
    [make_fitted("propensity"), make_fitted("exit"), says(-0.2, 0.3), NARROW],
    ids=["propensity", "exit", "unsure", "far from what it learnt"],
)
def test_beat__model_that_may_refuse_nothing__refuses_nothing(document: Document, settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"SHOP_HOLDOUT": 0, "QUIET_SECONDS": 0, "LEARNING_EXPLORES": 0}
    speak(document)
    invite(Browser())
    row = ScoredVector.objects.get(occasion="moment")
    assert (row.is_explored, row.explored_share) == (False, None)


@pytest.mark.usefixtures("rule")
def test_beat__model_fails__nothing_is_foretold_and_rules_go_on(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.OSCAR_ENGAGE = {"SHOP_HOLDOUT": 0, "QUIET_SECONDS": 0, "LEARNING_EXPLORES": 0}
    speak(HARMFUL)
    asked: list[int] = []

    def fail(now: datetime) -> Models:
        asked.append(1)
        raise ZeroDivisionError

    monkeypatch.setattr(foretelling, "live_models", fail)
    before = snapshot().get("fault:foretell", 0)
    browser = Browser()
    for beat in range(6):
        browser.beat("page.viewed", idle=46_000 if beat else 0)
    assert snapshot()["fault:foretell"] - before == len(asked) == 3, "the breaker keeps later beats from asking"
    assert Decision.objects.get().arm in {"treated", "control"}
    assert set(ScoredVector.objects.values_list("uplift", flat=True)) == {None}


@pytest.mark.usefixtures("rule")
@pytest.mark.parametrize("number", [1, 3])
def test_beat__more_models__cost_no_query_and_are_asked_once(
    number: int, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OSCAR_ENGAGE = {"SHOP_HOLDOUT": 0, "QUIET_SECONDS": 0, "LEARNING_EXPLORES": 0}

    def count(browser: Browser) -> int:
        browser.beat("page.viewed")
        with CaptureQueriesContext(connection) as found:
            browser.beat(after=0.5, idle=46_000)
        return len(found)

    count(Browser())
    alone = count(Browser())
    for document in (says(0.2, 0.01), make_fitted("propensity"), make_fitted("exit"))[:number]:
        speak(document)
    bars.live_bars(NOW)  # read by a thread, which here is the beat's own
    times: list[int] = []
    ask = foretelling.foretell

    def once(instant: Instant) -> Says:
        times.append(1)
        return ask(instant)

    monkeypatch.setattr(foretelling, "foretell", once)
    Browser().beat("page.viewed")
    times.clear()
    assert count(Browser()) == alone
    assert len(times) == 2, "once in each of the two beats"


def test_foreteller__rules_read_it__is_what_the_log_has() -> None:
    speak(says(0.2, 0.01))
    speak(make_fitted("propensity"))
    instant = Instant(begin(NOW), "product", NOW, 5.0, 5.0, is_known=True)
    foreteller = Foreteller(instant, may_ask=True)
    told, scored = foreteller.foretold(), foreteller.scored(explored=frozenset({3}))
    assert (told.propensity, told.exit) == (scored.scores["propensity"][0], None)
    assert (told.uplift, told.lead, scored.explored) == (0.2, "hot", {3})
    closed = Foreteller(instant, may_ask=False)
    assert (closed.foretold(), closed.advice("invite.chat"), closed.scored().scores) == (NOTHING_FORETOLD, None, {})
