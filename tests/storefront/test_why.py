"""Does the shopper who asks why read plain words about their own offer, and nobody else anything?"""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from oscar_engage.learning.registry.models import ModelVersion
from oscar_engage.learning.vectors.models import ScoredVector
from oscar_engage.models import Decision, Visitor
from oscar_engage.rules.models import RuleVersion
from tests.learning.registry.speaking import looking_at, models_that_speak
from tests.learning.words.test_spoken import looked
from tests.storefront.beats import body, send, shopper, signal
from tests.storefront.shopping import text_of
from tests.storefront.test_offer import CHECKOUT, _everybody_is_treated, offered, rule  # noqa: F401 - fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rule")]
FRAGMENT = {"HX-Request": "true"}


def address(decision: object) -> str:
    return f"/engage/why/{decision}/"


def paragraphs(client: Client, decision: object) -> list[str]:
    page = text_of(client.get(address(decision), headers=FRAGMENT))
    return [re.sub(r"<[^>]+>", "", one) for one in re.findall(r"<p[^>]*>(.*?)</p>", page)]


def asks_about(*fields: str) -> None:
    """Have the published version say that it looked at these, whatever it did."""
    rules = [{"field": field, "operator": "notNull", "value": None} for field in fields]
    version = RuleVersion.objects.latest("pk")
    document = {**version.document}
    document["branches"] = [{**document["branches"][0], "when": {"combinator": "and", "rules": rules}}]
    RuleVersion.objects.filter(pk=version.pk).update(document=document)


def test_offer__in_the_page__leads_to_its_reasons() -> None:
    client = shopper()
    send(client, body(signal(), page=CHECKOUT))
    page = text_of(send(client, body(page=CHECKOUT, idle=46_000)))
    decision = Decision.objects.get(offered_at__isnull=False)
    assert f'href="{address(decision.pk)}" target="_blank" rel="noopener"' in page
    assert "Why do I see this?" in page


def test_why__own_offer__says_what_the_rule_looked_at() -> None:
    client = shopper()
    decision = offered(client)
    assert paragraphs(client, decision) == [
        "We showed you this because of the page you were on.",
        "A rule of the shop chose it by itself; nobody looked at you for it.",
    ]
    whole = client.get(address(decision))
    assert whole["Cache-Control"] == "private, no-store"
    assert "<html" in text_of(whole)
    assert "Delivery" not in text_of(client.get(address(decision), headers=FRAGMENT))  # the rule's name is the shop's


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        (("basket.total", "basket.lines", "struggle.rage_clicks"), "what was in your basket and how you got on with the page"),
        (
            ("help.searches", "visit.pages", "time.hour"),
            "what you looked for in our help, what you did during this visit and the time of day",
        ),
    ],
)
def test_why__several_things_looked_at__are_told_once_each(
    fields: tuple[str, ...],
    what: str,
) -> None:
    client = shopper()
    decision = offered(client)
    asks_about(*fields)
    assert paragraphs(client, decision)[0] == f"We showed you this because of {what}."


@pytest.mark.parametrize("change", [{"document": {"schema": 99}}, {"branch": -1}, {"branch": 7}])
def test_why__what_was_looked_at_is_not_known__says_what_is(change: dict[str, Any]) -> None:
    client = shopper()
    decision = offered(client)
    (RuleVersion if "document" in change else Decision).objects.update(**change)
    assert paragraphs(client, decision)[0] == "We showed you this because of what you did during this visit."


def foretold(decision: str, version: ModelVersion, **columns: Any) -> None:
    visit = Decision.objects.get(pk=decision).visit
    ScoredVector.objects.filter(decision_id=decision).delete()
    looked(version, visit=visit, occasion="moment", decision_id=uuid.UUID(decision), **columns)


def test_why__a_model_was_asked__says_what_spoke_for_help() -> None:
    client = shopper()
    decision = offered(client)
    with models_that_speak(looking_at("uplift", visit_number=1.0, idle_seconds=0.9)) as versions:
        foretold(decision, versions["uplift"])
        told = paragraphs(client, decision)
    assert told[1] == "It seemed to be of use to you because you have been here before."
    assert not any(re.search(r"\d", words) for words in told)


@pytest.mark.parametrize("columns", [{}, {"uplift": None}])
def test_why__nothing_may_be_told_of_the_model__is_silent_about_it(columns: dict[str, Any]) -> None:
    client = shopper()
    decision = offered(client)
    with models_that_speak(looking_at("uplift", idle_seconds=0.9)) as versions:
        foretold(decision, versions["uplift"], **columns)
        assert len(paragraphs(client, decision)) == 2


def test_why__consent_to_personalisation_withdrawn__says_nothing_of_the_model() -> None:
    client = shopper()
    decision = offered(client)
    with models_that_speak(looking_at("uplift", visit_number=1.0)) as versions:
        foretold(decision, versions["uplift"])
        Visitor.objects.update(consent=2)
        assert len(paragraphs(client, decision)) == 2


def test_why__offer_on_a_customers_second_device__is_told_there() -> None:
    client = shopper()
    decision = offered(client)
    Visitor.objects.filter(pk=Decision.objects.get(pk=decision).visitor_id).update(unit_of=uuid.uuid4())
    assert client.get(address(decision)).status_code == 200


def test_why__anothers_unknown_or_never_shown__is_not_here() -> None:
    client, other = shopper(), shopper()
    decision = offered(client)
    send(other, body(signal(), page=CHECKOUT))
    answers = [other.get(address(decision)), Client().get(address(decision)), client.get(address(uuid.uuid4()))]
    Decision.objects.update(offered_at=None)
    answers.append(client.get(address(decision)))
    assert [answer.status_code for answer in answers] == [404] * 4
    assert len({answer.content for answer in answers}) == 1
    assert client.post(address(decision)).status_code == 405


@pytest.mark.parametrize("conditions", [1, 3])
def test_why__however_much_was_looked_at__takes_the_same_queries(
    conditions: int,
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    client = shopper()
    decision = offered(client)
    asks_about(*("basket.total", "visit.pages", "time.hour")[:conditions])
    client.get(address(decision), headers=FRAGMENT)
    with django_assert_num_queries(5):  # the savepoint (2), visitor, decision, vector
        client.get(address(decision), headers=FRAGMENT)
