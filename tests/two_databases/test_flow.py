"""From a shopper's first beat to the report of what it brought, with our tables in another database than the shop's."""

import re
import uuid
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oscar_engage.analytics.lift.count import LIFT
from oscar_engage.analytics.rollups.fill import fill
from oscar_engage.analytics.words import say_money
from oscar_engage.desk.practice.models import Practice, PracticeLine
from oscar_engage.jobs.run import run_due
from oscar_engage.models import Agent, BasketMail, Conversation, Conversion, Decision, Engagement, Rule, SignalRecord, Visitor
from oscar_engage.rules.life.publish import publish, save_draft
from oscar_engage.rules.live import forget_live_rules
from oscar_engage.visitors.page import PageFacts
from oscar_engage.widgets.live import forget_engagements
from tests.reminders.conftest import HOUR, leave, make_customer
from tests.reminders.conftest import SHOP as MAILS
from tests.storefront.beats import body, known_shopper, send, signal
from tests.storefront.journeys import add_to_basket, stock_shop, walk_to_preview
from tests.storefront.shopping import ask

pytestmark = pytest.mark.django_db(databases=["default", "engage"], transaction=True)

CHECKOUT = PageFacts(kind="checkout", step="shipping-address")
DOCUMENT = {
    "schema": 1,
    "branches": [
        {
            "when": {"combinator": "and", "rules": [{"field": "page.kind", "operator": "=", "value": "checkout"}]},
            "then": [{"do": "show.balloon", "with": {"engagement": "delivery"}}],
        }
    ],
    "unknown": "skip",
}


@pytest.fixture(autouse=True)
def _fresh_process(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "QUIET_SECONDS": 0}
    forget_live_rules()
    forget_engagements()


@pytest.fixture
def staff() -> Any:
    return get_user_model().objects.create_superuser("mia", "mia@example.com", "secret", first_name="Mia", last_name="Moor")


@pytest.fixture
def desk(staff: Any) -> Client:
    client = Client()
    client.force_login(staff, backend="oscar.apps.customer.auth_backends.EmailBackend")
    return client


@pytest.fixture
def rule(staff: Any) -> Rule:
    Engagement.objects.create(slug="delivery", widget="balloon", title="Delivery times", body="Two days.")
    made, now, known = Rule.objects.create(name="Delivery", holdout_share=0), timezone.now(), {"delivery": "balloon"}
    save_draft(made, DOCUMENT, user=staff, now=now, engagements=known)
    publish(made, user=staff, now=now, engagements=known)
    return made


def shown(response: Any) -> str:
    assert response.status_code == 200, response
    return str(response.content.decode())


def test_tables__each_database__has_its_own_alone() -> None:
    ours, shops = (set(connections[alias].introspection.table_names()) for alias in ("engage", "default"))

    assert {name for name in ours if name.startswith("oscar_engage_")} >= {"oscar_engage_visitor", "oscar_engage_job"}
    assert not {name for name in ours if not name.startswith(("oscar_engage_", "django_"))}
    assert not {name for name in shops if name.startswith("oscar_engage_")}
    assert {"auth_user", "order_order"} <= shops


def test_checks__router_in_place__silent() -> None:
    assert not {"oscar_engage.E005", "oscar_engage.E006", "oscar_engage.W009"} & {check.id for check in run_checks()}


def test_shopper__helped_and_buying__is_in_the_report(rule: Rule, desk: Client) -> None:
    product, client = stock_shop(), known_shopper()
    add_to_basket(client, product)

    offer = shown(send(client, body(signal(), page=CHECKOUT)))
    decision = re.search(r'data-engage-decision="([^"]+)"', offer)
    assert decision is not None
    send(client, body(signal("widget.accepted", data={"decision": decision[1]}), fetch=False))
    walk_to_preview(client, product)
    client.post(reverse("checkout:preview"), {"action": "place_order"})
    ran = run_due(now=timezone.now())

    assert (ran.failed, ran.dead) == (0, 0)
    assert Decision.objects.get().accepted_at is not None
    assert Conversion.objects.get().visitor_id == Visitor.objects.get().pk
    assert SignalRecord.objects.filter(kind="order.placed").exists()
    fill(LIFT, now=timezone.now())
    page = shown(desk.get(reverse("engage_dashboard:engage-report", args=[rule.pk])))
    assert say_money(100 * float(Conversion.objects.get().total), "GBP") in page


def test_note__answered_at_the_desk__reaches_the_shopper_by_mail(desk: Client) -> None:
    client = known_shopper()
    note = ask(client, email="ann@example.com")
    page = reverse("engage_dashboard:engage-conversation", args=[note.public_id])
    client_id = re.search(r'name="client_id" value="([^"]+)"', shown(desk.get(page)))
    assert client_id is not None

    reply = reverse("engage_dashboard:engage-conversation-reply", args=[note.public_id])
    desk.post(reply, {"body": "Yes, to Malta too.", "client_id": client_id[1]})
    run_due(now=timezone.now())

    assert [message.to for message in mail.outbox] == [["ann@example.com"]]
    assert "Yes, to Malta too." in shown(client.get(f"/engage/note/{note.public_id}/"))
    desk.post(reverse("engage_dashboard:engage-conversation-close", args=[note.public_id]))
    assert Conversation.objects.get().status == "closed"


def test_person__named_by_our_rows__is_found_in_the_shops_database(rule: Rule, desk: Client, staff: Any) -> None:
    shown(desk.get(reverse("engage_dashboard:engage-desk")))

    assert Agent.objects.get().user == staff
    assert "Mia Moor" in shown(desk.get(reverse("engage_dashboard:engage-rule-edit", args=[rule.pk])))
    staff.delete()
    assert Agent.objects.exists()


@pytest.mark.parametrize(
    "name",
    [
        *(
            "engage-rules",
            "engage-rules-import",
            "engage-segments",
            "engage-segment-create",
            "engage-promises",
            "engage-engagements",
        ),
        *("engage-desk", "engage-board", "engage-reports", "engage-health", "engage-practice", "engage-practice-agents"),
    ],
)
def test_dashboard__each_list__opens(name: str, rule: Rule, desk: Client) -> None:
    shown(desk.get(reverse(f"engage_dashboard:{name}")))


def test_practice__begun_answered_and_stopped__is_all_in_our_database(desk: Client) -> None:
    begun = desk.post(reverse("engage_dashboard:engage-practice-begin"), {"size": 1, "difficulty": "easy", "language": "en"})
    practice = Practice.objects.get()
    assert practice.public_id in begun.headers["Location"]
    Practice.objects.update(started_at=timezone.now() - timedelta(seconds=5))
    shown(desk.get(begun.headers["Location"]))
    about = [practice.chats.get().public_id]
    desk.post(reverse("engage_dashboard:engage-practice-line", args=about), {"body": "Hello!", "client_id": uuid.uuid4()})
    assert PracticeLine.objects.filter(move="").count() == 1
    desk.post(reverse("engage_dashboard:engage-practice-close", args=about))
    shown(desk.get(reverse("engage_dashboard:engage-practice-result", args=[practice.public_id])))
    shown(desk.get(reverse("engage_dashboard:engage-practice-agents")))


def test_history__of_a_rule__names_its_author_from_the_other_database(rule: Rule, desk: Client) -> None:
    page = desk.get(reverse("engage_dashboard:engage-rule-history", args=[rule.pk]))
    shown(page)
    desk.post(reverse("engage_dashboard:engage-rule-archive", args=[rule.pk]))
    assert Rule.objects.get(pk=rule.pk).status == "archived"


def test_withdrawal__job_of_ours__erases_in_our_database() -> None:
    client = known_shopper()
    client.cookies["consent"] = "none"
    send(client, body(signal()))
    run_due(now=timezone.now())

    assert not Visitor.objects.exists()


def test_privacy__account_in_the_shops_database__is_found_handed_out_and_erased(staff: Any) -> None:
    shopper = known_shopper()
    note = ask(shopper, email="Mia@Example.com")
    Visitor.objects.update(customer=staff.pk)
    out = StringIO()

    call_command("engage_export", "--customer", "mia@example.com", stdout=out)
    call_command("engage_erase", "--customer", str(staff.pk), stdout=StringIO())

    assert note.reference in out.getvalue()
    assert not Visitor.objects.exists()
    assert not Conversation.objects.exists()
    assert get_user_model().objects.filter(pk=staff.pk).exists()


def test_basket_left_behind__of_who_asked_for_it__one_mail(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, **MAILS}
    customer, now = make_customer(), timezone.now()
    left = leave(customer)

    for hours in range(4):
        run_due(now=now + hours * HOUR)

    assert BasketMail.objects.get(basket_id=left.basket_id).state == "sent"
    assert [sent.recipients() for sent in mail.outbox] == [["ada@example.com"]]
