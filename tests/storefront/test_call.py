"""Can a shopper ask for a call, read when it comes, and call it off, with and without JavaScript, and only their own?"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_engage.desk.calls.models import CallState, CallTerms, PhoneCall
from oscar_engage.desk.models import Conversation, Queue
from oscar_engage.desk.promises.models import OpeningHours
from oscar_engage.jobs.models import Job
from oscar_engage.jobs.run import run_due
from oscar_engage.signals.models import SignalRecord
from tests.storefront.shopping import FRAGMENT, submit, text_of

pytestmark = pytest.mark.django_db
NUMBER = "020 7946 0018"


@pytest.fixture(autouse=True)
def terms() -> CallTerms:
    """Return the terms of a queue that calls day and night, in the shop's two countries."""
    country = get_model("address", "Country")
    for code, place in (("GB", 2), ("DE", 1), ("FR", 0)):
        name = {"printable_name": code, "name": code, "display_order": place}
        country.objects.create(iso_3166_1_a2=code, is_shipping_country=code != "FR", **name)
    hours = OpeningHours.objects.create(name="Always", time_zone="Europe/London", weekly={})
    return CallTerms.objects.create(queue=Queue.objects.create(slug="all", name="All", is_default=True), opening_hours=hours)


def slots_in(page: Any) -> list[str]:
    return re.findall(r'value="(\d{8}T\d{4}Z)"', text_of(page))


def ask_call(client: Client, **fields: Any) -> Any:
    page = client.get("/engage/call/new/")
    when = fields.pop("when", None) or slots_in(page)[30]
    return submit(client, page, **{"number": NUMBER, "when": when, **fields})


def test_call__plain_page__asked_for_shown_and_called_off(client: Client) -> None:
    response = ask_call(client, about="Does the lamp fit?", email="ada@example.com")
    call = PhoneCall.objects.get()
    page = text_of(client.get(response.url))

    assert (call.number, call.state) == ("+442079460018", CallState.PLANNED)
    assert response.url == f"/engage/call/{call.conversation.public_id}/"
    assert "between" in page
    assert "+44 … 18" in page
    assert "Does the lamp fit?" in page
    assert "7946" not in page
    client.post(f"{response.url}cancel/")
    call.refresh_from_db()
    assert (call.state, call.seat) == (CallState.CANCELLED, None)
    assert "The call was called off." in text_of(client.get(response.url))


def test_call__fragment__panel_with_the_receipt(client: Client) -> None:
    page = client.get("/engage/call/new/?fragment=1")
    panel = text_of(submit(client, page, headers=FRAGMENT, number=NUMBER, when="now"))

    assert "as soon as somebody is free" in panel
    assert "data-engage-receipt" in panel
    assert "<html" not in panel


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Type the number under which we can call you."),
        ("call me", "This is no telephone number. Type digits, such as +44 121 234 5678."),
        ("+33 1 42 68 53 00", "We do not call this country."),
        ("+44 909 8790000", "no service numbers"),
        ("020 7946", "There is no such number."),
    ],
)
def test_number__wrong__says_what_to_type(typed: str, words: str, client: Client) -> None:
    response = ask_call(client, number=typed)

    assert words in text_of(response)
    assert not PhoneCall.objects.exists()


def test_slot__gone_meanwhile_or_made_up__choose_another(client: Client) -> None:
    wanted = slots_in(client.get("/engage/call/new/"))[30]
    ask_call(Client(), when=wanted)

    for when in (wanted, "20200101T0000Z", "nonsense"):
        response = ask_call(client, number="020 7946 0143", when=when)
        assert "This time is not free any more. Choose another one." in text_of(response)
    assert PhoneCall.objects.count() == 1


@pytest.mark.attack("G10")
def test_second_call_of_the_day__guest_confirms_by_mail_a_get_does_nothing(client: Client) -> None:
    client.post(f"{ask_call(client).url}cancel/")

    refused = ask_call(Client())
    assert "Type your e-mail address" in text_of(refused)
    asked = ask_call(Client(), email="ada@example.com")
    assert asked.status_code == 302
    run_due(now=timezone.now())
    link = re.search(r"https?://[^/]+(/engage/call/confirm/\S+)", mail.outbox[0].body)
    assert link is not None
    call = PhoneCall.objects.latest("pk")
    Client().head(link[1])
    assert "Shall we call" in text_of(Client().get(link[1]))
    call.refresh_from_db()
    assert call.state == CallState.UNCONFIRMED
    assert "Thank you. We call" in text_of(Client().post(link[1]))
    call.refresh_from_db()
    assert call.state == CallState.PLANNED
    assert Client().get("/engage/call/confirm/?token=made-up").status_code == 410


def test_second_call_of_the_day__customer_needs_no_mail(client: Client) -> None:
    client.post(f"{ask_call(client).url}cancel/")
    customer = Client()
    user = get_user_model().objects.create_user("cleo", "cleo@example.com")
    customer.force_login(user, backend="oscar.apps.customer.auth_backends.EmailBackend")

    assert ask_call(customer).status_code == 302
    assert PhoneCall.objects.latest("pk").state == CallState.PLANNED


@pytest.mark.attack("G10")
def test_mailed_link__get_asks_post_calls_off_without_login(client: Client) -> None:
    ask_call(client, email="ada@example.com")
    run_due(now=timezone.now())
    link = re.search(r"https?://[^/]+(/engage/call/cancel/\S+)", mail.outbox[0].body)
    assert link is not None

    for _scan in range(2):
        assert "Shall the call be called off?" in text_of(Client().get(link[1]))
    assert PhoneCall.objects.get().state == CallState.PLANNED
    answer = Client().post(link[1])
    assert "The call was called off." in text_of(answer)
    assert answer["Referrer-Policy"] == "no-referrer"
    assert PhoneCall.objects.get().state == CallState.CANCELLED
    assert Client().post(f"{link[1]}x").status_code == 410


def test_others_call__not_here(client: Client) -> None:
    address = ask_call(client).url

    assert Client().get(address).status_code == 404
    assert Client().post(f"{address}cancel/").status_code == 404
    assert PhoneCall.objects.get().state == CallState.PLANNED


def test_no_queue_takes_calls__said_and_not_on_the_help_page(client: Client) -> None:
    assert "/engage/call/new/" in text_of(client.get("/engage/help/"))
    CallTerms.objects.update(is_active=False)

    assert "/engage/call/new/" not in text_of(client.get("/engage/help/"))
    assert "No calls can be asked for just now." in text_of(client.get("/engage/call/new/"))
    assert client.post("/engage/call/", {"number": NUMBER}).status_code == 409


@pytest.mark.attack("G11")
def test_number__in_no_job_signal_message_or_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        ask_call(client, email="ada@example.com", about="Please call")
        run_due(now=timezone.now())

    kept = [
        *(str(job.payload) + job.key for job in Job.objects.all()),
        *(str(signal.payload) for signal in SignalRecord.objects.all()),
        *Conversation.objects.values_list("messages__body", flat=True),
        *(letter.body + letter.subject for letter in mail.outbox),
        caplog.text,
    ]
    assert mail.outbox
    assert not [text for text in kept if text and ("79460018" in text or "7946 0018" in text)]


def test_times__of_a_queue_elsewhere__by_its_clock_and_said(client: Client) -> None:
    OpeningHours.objects.update(time_zone="Asia/Tokyo", weekly={"mon-sun": "9:00-10:00"})
    page = client.get("/engage/call/new/")

    first = datetime.strptime(slots_in(page)[0], "%Y%m%dT%H%MZ").replace(tzinfo=UTC)
    assert first.hour == 0, "nine o'clock in Tokyo"
    assert first - timezone.now() < timedelta(days=2)
    assert "Times by the clock of Asia/Tokyo." in text_of(page)
    assert "09:00 to 09:15" in text_of(page)
