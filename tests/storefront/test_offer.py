"""From a beat to an offer in the page and back to its outcome; and what else a beat brings along."""

import re
import time
import uuid
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from oscar_engage.desk.models import ConversationKind
from oscar_engage.desk.open import open_conversation
from oscar_engage.models import Conversation, Decision, Engagement, Rule, SignalRecord, Visitor
from oscar_engage.rules.engine.values import Value
from oscar_engage.rules.life.publish import publish, save_draft
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.types import Integer
from oscar_engage.rules.variables import COSTLY, VARIABLES, variable
from oscar_engage.storefront.beat import BUDGET_RETRY
from oscar_engage.visitors.page import PageFacts
from tests.storefront.beats import body, known_shopper, send, shopper, signal

pytestmark = pytest.mark.django_db

CHECKOUT = PageFacts(kind="checkout", step="shipping-address")


@pytest.fixture(autouse=True)
def _everybody_is_treated(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"CONSENT": "tests.consent.consent_from_cookie", "SHOP_HOLDOUT": 0, "QUIET_SECONDS": 0}


@pytest.fixture
def rule(db: None) -> Rule:
    """Return a live rule: a balloon after 45 idle seconds in the checkout."""
    Engagement.objects.create(slug="delivery", widget="balloon", title="Delivery <b>times</b>", body="Two days.")
    idle = {"field": "page.idle_seconds", "operator": ">", "value": 45}
    in_checkout = {"field": "page.kind", "operator": "=", "value": "checkout"}
    document = {
        "schema": 1,
        "branches": [
            {
                "when": {"combinator": "and", "rules": [in_checkout, idle]},
                "then": [{"do": "show.balloon", "with": {"engagement": "delivery"}}],
            }
        ],
        "unknown": "skip",
    }
    user, now, known = get_user_model().objects.create_user("m", "m@example.com"), timezone.now(), {"delivery": "balloon"}
    rule = Rule.objects.create(name="Delivery", holdout_share=0)
    save_draft(rule, document, user=user, now=now, engagements=known)
    publish(rule, user=user, now=now, engagements=known)
    return rule


def offered(client: Client) -> str:
    """Idle in the checkout until the balloon comes, and return its decision's id."""
    send(client, body(signal(), page=CHECKOUT))
    response = send(client, body(page=CHECKOUT, idle=46_000))
    assert response.status_code == 200
    found = re.search(r'data-engage-decision="([^"]+)"', response.content.decode())
    assert found is not None
    return found[1]


def test_beat__clock_rule_not_yet_true__tells_when_to_come_back(rule: Rule) -> None:
    response = send(shopper(), body(signal(), page=CHECKOUT, idle=5_000))

    assert response.status_code == 204
    assert 40.0 <= float(response["Engage-Wake"]) <= 40.2


def test_beat__no_time_left_for_a_costly_variable__comes_back_to_ask_it(rule: Rule, settings: Any) -> None:
    before = dict(VARIABLES._entries)

    def slow(moment: Moment) -> Value:
        time.sleep(0.02)
        return 1

    for name in ("test.slow", "test.starved"):
        variable(name, type=Integer(), label="", group="", cost=COSTLY)(slow)
    try:
        settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "COSTLY_BUDGET_MS": 1}
        conditions = [{"field": name, "operator": "=", "value": 1} for name in ("test.slow", "test.starved")]
        then = [{"do": "show.balloon", "with": {"engagement": "delivery"}}]
        document = {
            "schema": 1,
            "branches": [{"when": {"combinator": "and", "rules": conditions}, "then": then}],
            "unknown": "skip",
        }
        user, now, known = get_user_model().objects.get(), timezone.now(), {"delivery": "balloon"}
        save_draft(rule, document, user=user, now=now, engagements=known)
        publish(rule, user=user, now=now, engagements=known)
        response = send(shopper(), body(signal()))
    finally:
        VARIABLES._entries = before

    assert response.status_code == 204
    assert float(response["Engage-Wake"]) == BUDGET_RETRY


def test_beat__rule_becomes_true__answers_with_the_escaped_fragment_once(rule: Rule) -> None:
    client = known_shopper()

    decision = Decision.objects.get(pk=offered(client))

    again = send(client, body(page=CHECKOUT, idle=60_000, showing=[str(decision.pk)]))
    assert again.status_code == 204
    assert (Decision.objects.count(), decision.reason) == (1, "offered")


def test_beat__panel_open__moment_waits_and_is_offered_once_it_is_closed(rule: Rule) -> None:
    client = known_shopper()
    send(client, body(signal(), page=CHECKOUT))

    for idle in (46_000, 50_000):
        assert send(client, body(page=CHECKOUT, idle=idle, showing=["panel"])).status_code == 204
    assert reasons() == ["busy_surface"]

    assert b"data-engage-decision" in send(client, body(page=CHECKOUT, idle=55_000)).content
    assert reasons() == ["busy_surface", "offered"]


def test_beat__names_of_nothing_in_what_shows__hold_nothing_back(rule: Rule) -> None:
    client = known_shopper()
    send(client, body(signal(), page=CHECKOUT))

    response = send(client, body(page=CHECKOUT, idle=46_000, showing=["", "Panel", "panel\x00", "<b>", "9" * 5000]))

    assert (response.status_code, reasons()) == (200, ["offered"])


def reasons() -> list[str]:
    """Return the reason of each decision, oldest first."""
    return list(Decision.objects.order_by("eligible_at").values_list("reason", flat=True))


def test_beat__engagement_with_markup__is_shown_as_text(rule: Rule) -> None:
    client = known_shopper()
    send(client, body(signal(), page=CHECKOUT))

    response = send(client, body(page=CHECKOUT, idle=46_000))

    assert b"<b>times" not in response.content
    assert b"&lt;b&gt;times" in response.content


@pytest.mark.parametrize("what", ["seen", "accepted", "dismissed"])
def test_beat__outcome_of_an_offer__is_recorded(rule: Rule, what: str) -> None:
    client = known_shopper()
    decision = offered(client)

    send(client, body(signal(f"widget.{what}", data={"decision": decision}), fetch=False))

    assert getattr(Decision.objects.get(), f"{what}_at") is not None


def test_beat__outcome_of_somebody_elses_offer__changes_nothing(rule: Rule) -> None:
    decision, other = offered(known_shopper()), known_shopper()

    send(other, body(signal("widget.accepted", data={"decision": decision})))
    send(other, body(signal("widget.accepted", data={"decision": "no-id"})))

    assert Decision.objects.get().accepted_at is None


def test_beat__sent_while_the_page_closes__decides_nothing(rule: Rule) -> None:
    client = known_shopper()

    response = send(client, body(signal(), page=CHECKOUT, idle=46_000, fetch=False))

    assert (response.status_code, Decision.objects.count()) == (204, 0)


@pytest.mark.attack("J04")
def test_beat__statistics_consent__gets_no_sales_offer(rule: Rule) -> None:
    client = known_shopper("statistics")

    response = send(client, body(signal(), page=CHECKOUT, idle=46_000))

    assert response.status_code == 204
    assert list(Decision.objects.values_list("reason", flat=True)) == ["no_consent"]


def test_beat__card_number_in_the_address__is_masked_in_the_decision(rule: Rule) -> None:
    client = known_shopper()

    send(client, body(signal(), page=CHECKOUT, idle=46_000, path="/find/4111111111111111/?q=1"))

    assert "4111" not in Decision.objects.get().page_path


def open_a_chat(visitor_id: uuid.UUID) -> str:
    now = timezone.now()
    chat = open_conversation(ConversationKind.CHAT, visitor_id=visitor_id, body="Is it in stock?", now=now)
    return str(chat.public_id)


def test_beat__answer_not_read_yet__comes_with_the_words_a_small_screen_shows_instead() -> None:
    client = known_shopper()
    public_id = open_a_chat(Visitor.objects.get().pk)
    Conversation.objects.update(kind="note", first_reply_at=timezone.now(), last_seq=2, shopper_read_seq=1)

    answer = send(client, body(signal())).content.decode()

    assert f'data-engage-widget="answer" data-engage-open="/engage/note/{public_id}/?fragment=1"' in answer
    assert ">Your answer is here</div>" in answer


@pytest.mark.parametrize("consent", ["personalisation", "none"])
def test_beat__open_chat__comes_back_on_the_next_page_whatever_the_consent(consent: str) -> None:
    client = known_shopper()
    public_id = open_a_chat(Visitor.objects.get().pk)
    client.cookies["consent"] = consent
    before = SignalRecord.objects.count()

    first, later = send(client, body(signal())), send(client, body())

    assert f"/engage/chat/{public_id}/?fragment=1" in first.content.decode()
    assert later.status_code == 204
    assert (SignalRecord.objects.count() > before) is (consent != "none")
