"""What a beat keeps of a visit in numbers: of whom, when, at what price, and what happens when it cannot."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oscar_engage.decisions.models import Arm
from oscar_engage.learning.features.instant import Instant
from oscar_engage.learning.features.schema import NAMES, SCHEMA
from oscar_engage.learning.features.vector import read_vector, take_vector
from oscar_engage.learning.vectors import write
from oscar_engage.learning.vectors.models import ScoredVector
from oscar_engage.learning.vectors.write import BREAKER, Scored, keep_vectors
from oscar_engage.models import Decision, Rule, SignalRecord, Visit, Visitor
from oscar_engage.signals.counters import snapshot
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.stored import read_state
from tests.learning.vectors.browser import CHECKOUT, PRODUCT, Browser, basket, occasions
from tests.storefront.beats import body, send, shopper, signal

pytestmark = pytest.mark.django_db


def counted(name: str) -> int:
    return snapshot().get(name, 0)


def numbers(row: ScoredVector) -> dict[str, float | None]:
    vector = read_vector(row.values)
    assert vector is not None
    return dict(zip(NAMES, vector, strict=True))


def idle_until_invited(browser: Browser) -> None:
    browser.beat("page.viewed")
    browser.beat(after=60, idle=46_000)


def test_beat__first_of_a_visit__keeps_one_vector() -> None:
    browser = Browser()

    browser.beat("page.viewed", page=PRODUCT, visible=700)

    row = ScoredVector.objects.get()
    assert (row.occasion, row.schema, row.at, row.visit, row.visitor_id) == (
        *("product", SCHEMA, browser.now),
        *(browser.visit, browser.visitor.pk),
    )
    assert (row.decision_id, row.rule_id, row.arm, row.probability, row.versions) == (None, None, "none", None, {})
    assert (row.propensity, row.exit, row.uplift, row.uplift_low, row.uplift_high) == (None,) * 5
    found = numbers(row)
    assert [found[name] for name in ("pages", "product_views", "on_product", "visible_seconds", "from_search", "is_phone")] == [
        *(1.0, 1.0, 1.0, 0.7, 1.0, 1.0)
    ]


def test_beat__visit_goes_on__keeps_a_few() -> None:
    browser = Browser()
    browser.beat("page.viewed", page=PRODUCT)
    for _turn in range(5):
        browser.beat("page.exit_intent")
    browser.on_server(basket(12.5))
    assert occasions() == ["product", "signal", "signal"], "what the server sees waits for the next beat"

    browser.beat(idle=5_000)
    browser.beat(idle=31_000)
    browser.beat(idle=36_000)

    assert occasions() == ["product", "signal", "signal", "basket", "idle"]


def test_beat__farewell__keeps_none() -> None:
    browser = Browser()
    browser.beat("page.viewed")

    browser.beat("page.left", "page.exit_intent", "page.exit_intent", fetch=False)

    assert occasions() == ["signal"]


@pytest.mark.usefixtures("everybody_treated")
def test_beat__arm_drawn__keeps_the_moment_with_its_decision(rule: Rule) -> None:
    browser = Browser()

    idle_until_invited(browser)

    decision = Decision.objects.get()
    row = ScoredVector.objects.get(occasion="moment")
    assert (row.decision_id, row.rule_id, row.arm, row.probability) == (
        *(decision.pk, rule.pk),
        *(decision.arm, decision.probability),
    )
    assert row.arm in {Arm.TREATED, Arm.CONTROL}
    assert (row.at, row.is_explored) == (decision.eligible_at, False)
    assert numbers(row)["idle_seconds"] == 46.0
    assert occasions() == ["signal", "idle", "moment"]


@pytest.mark.parametrize("share", [0.5, 0.0])
def test_beat__held_out__is_kept_as_control(rule: Rule, settings: Any, share: float) -> None:
    settings.OSCAR_ENGAGE = {"SHOP_HOLDOUT": share, "QUIET_SECONDS": 0}
    Rule.objects.update(holdout_share=0.5)
    while set(ScoredVector.objects.filter(occasion="moment").values_list("arm", flat=True)) != {"treated", "control"}:
        idle_until_invited(Browser())
        assert Decision.objects.count() < 200, "one in four is treated, or one in two"

    kept = set(ScoredVector.objects.filter(occasion="moment").values_list("decision_id", "arm", "probability"))
    assert kept == set(Decision.objects.values_list("pk", "arm", "probability"))


@pytest.mark.attack("J04")
@pytest.mark.parametrize(
    ("consent", "kept", "number"),
    [
        (ConsentLevel.NONE, 0, None),
        (ConsentLevel.FUNCTIONAL, 0, None),
        (ConsentLevel.STATISTICS, 1, None),
        (ConsentLevel.PERSONALISATION, 1, 1.0),
    ],
)
def test_beat__each_consent_level__keeps_what_it_allows(consent: ConsentLevel, kept: int, number: float | None) -> None:
    Browser(consent).beat("page.viewed")

    rows = list(ScoredVector.objects.all())
    assert len(rows) == kept
    assert [numbers(row)["visit_number"] for row in rows] == [number] * kept


@pytest.mark.attack("J04")
@pytest.mark.parametrize(("consent", "asked"), [(ConsentLevel.STATISTICS, 0), (ConsentLevel.PERSONALISATION, 1)])
def test_keep_vectors__consent_to_statistics_alone__asks_no_model(consent: ConsentLevel, asked: int) -> None:
    browser = Browser(consent)
    browser.beat("page.viewed")
    ScoredVector.objects.all().delete()
    calls = []

    def foretell(instant: Instant, _action: str) -> Scored:
        calls.append(instant)
        return Scored(take_vector(instant), {"propensity": (0.5, 0.5, 0.5)}, {"propensity": 1})

    keep(browser, foretell=foretell, state_of_old=True)

    assert len(calls) == asked
    assert ScoredVector.objects.filter(propensity=0.5).count() == asked


def keep(browser: Browser, *, state_of_old: bool = False, **more: Any) -> None:
    """Keep what is due of the browser's visit now; ``state_of_old`` forgets what was kept already."""
    visit, state = browser.visit, read_state(browser.visit)
    if state_of_old:
        visit.state.pop("snapshots", None)
        state = read_state(visit)
    instant = Instant(state, "home", browser.now, 0.0, 0.0, browser.consent >= ConsentLevel.PERSONALISATION)
    keep_vectors(browser.visitor, visit, instant, consent=browser.consent, **more)


def test_keep_vectors__models_speak__what_they_said_is_kept() -> None:
    browser = Browser()
    browser.beat("page.viewed")
    ScoredVector.objects.all().delete()
    scores = {"propensity": (0.3, 0.3, 0.3), "exit": (0.6, 0.6, 0.6), "uplift": (0.02, -0.01, 0.05)}

    keep(
        browser,
        foretell=lambda instant, _action: Scored(take_vector(instant), scores, {"propensity": 3, "exit": 4, "uplift": 9}),
        state_of_old=True,
    )

    row = ScoredVector.objects.get()
    assert (row.propensity, row.exit, row.uplift, row.uplift_low, row.uplift_high) == (0.3, 0.6, 0.02, -0.01, 0.05)
    assert row.versions == {"propensity": 3, "exit": 4, "uplift": 9}


@pytest.mark.parametrize(("explored", "is_explored"), [(frozenset({7}), True), (frozenset({8}), False)])
def test_keep_vectors__model_not_heeded__the_moment_says_so(explored: frozenset[int], is_explored: bool) -> None:
    browser = Browser()
    browser.beat("page.viewed")
    drawn = write.Drawn(uuid.uuid4(), 7, Arm.CONTROL, 0.2)

    keep(browser, drawn=drawn, foretell=lambda instant, _action: Scored(take_vector(instant), explored=explored))

    assert ScoredVector.objects.get(occasion="moment").is_explored is is_explored


@pytest.mark.attack("K04")
@pytest.mark.parametrize("mark", ["is_staff", "is_automaton"])
def test_beat__staff_or_automaton__keeps_none(mark: str) -> None:
    browser = Browser()
    browser.beat("page.viewed")
    Visitor.objects.update(**{mark: True})
    ScoredVector.objects.all().delete()

    browser.beat("page.viewed", "page.exit_intent", idle=70_000)

    assert occasions() == []


def test_beat__learning_off__keeps_none(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"MODULES_OFF": ["learning"]}

    Browser().beat("page.viewed")

    assert occasions() == []
    assert Visit.objects.get().state.get("snapshots") is None


@pytest.mark.attack("J05")
def test_erase__of_the_visitor__reaches_the_vectors() -> None:
    browser, other = Browser(), Browser()
    browser.beat("page.viewed")
    other.beat("page.viewed")

    browser.visitor.delete()

    assert list(ScoredVector.objects.values_list("visitor_id", flat=True)) == [other.visitor.pk]


def test_beat__nothing_due__asks_nothing_more() -> None:
    client = shopper()
    send(client, body(signal()))
    send(client, body(*[signal("page.exit_intent") for _turn in range(3)]))

    with CaptureQueriesContext(connection) as queries:
        send(client, body(signal("page.exit_intent"), signal("page.exit_intent")))
        send(client, body())

    asked = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"] or "engage_vectors" in query["sql"]]
    assert [sql for sql in asked if "scoredvector" in sql or "engage_vectors" in sql] == []
    assert len(asked) <= 6 + 3, asked


def test_beat__snapshot_due__costs_one_insert_and_one_update() -> None:
    client = shopper()
    send(client, body(signal()))
    send(client, body(signal("page.exit_intent"), signal("page.exit_intent")))

    with CaptureQueriesContext(connection) as queries:
        send(client, body(signal("page.exit_intent")))

    asked = [query["sql"] for query in queries if "engage_vectors" in query["sql"] or "scoredvector" in query["sql"]]
    alone = 1 if connection.vendor == "postgresql" else 3
    assert len(asked) == alone, asked
    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) <= 8


@pytest.fixture
def broken_table(db: None) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE oscar_engage_scoredvector RENAME TO oscar_engage_gone")
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE oscar_engage_gone RENAME TO oscar_engage_scoredvector")


@pytest.mark.attack("L01")
@pytest.mark.usefixtures("broken_table", "everybody_treated")
def test_beat__vectors_cannot_be_written__all_else_goes_on(rule: Rule) -> None:
    before, browser = counted("fault:vectors"), Browser()

    browser.beat("page.viewed")
    answers = [browser.beat("page.exit_intent", after=60, idle=46_000 + number) for number in range(4)]

    assert SignalRecord.objects.filter(kind="page.exit_intent").count() == 4
    assert Decision.objects.count() == 1
    assert any(answer.fragments for answer in answers) == (Decision.objects.get().arm == "treated")
    assert counted("fault:vectors") == before + 3, "after three failures it is tried no more for a while"
    assert BREAKER.is_open()
    state = read_state(browser.visit)
    assert (state.exit_intents, state.snapshots.signals) == (4, 0)


def test_keep_vectors__foretelling_fails__the_vector_is_kept_without_it() -> None:
    browser = Browser()
    browser.beat("page.viewed")
    ScoredVector.objects.all().delete()
    before = counted("fault:foretell")

    keep(browser, foretell=lambda instant, _action: Scored(take_vector(instant), {"uplift": {}["gone"]}), state_of_old=True)

    assert counted("fault:foretell") == before + 1
    assert ScoredVector.objects.get().uplift is None


def test_keep_vectors__what_is_foretold_cannot_be_kept__the_beat_goes_on() -> None:
    browser = Browser()
    browser.beat("page.viewed")
    ScoredVector.objects.all().delete()
    before = counted("fault:vectors")

    keep(browser, foretell=lambda instant, _action: Scored((1.0,), {"uplift": 1}), state_of_old=True)  # type: ignore[dict-item]  # wrong on purpose

    assert counted("fault:vectors") == before + 1
    assert occasions() == []


def test_row__in_the_log__is_small() -> None:
    Browser().beat("page.viewed", page=PRODUCT)

    assert len(json.dumps(ScoredVector.objects.get().values)) <= 260
    assert len(json.dumps(Visit.objects.get().state["snapshots"])) <= 60


def test_beat__page_of_the_checkout__is_told_by_the_signed_facts() -> None:
    Browser().beat("page.viewed", page=CHECKOUT)

    assert numbers(ScoredVector.objects.get())["on_checkout"] == 1.0
