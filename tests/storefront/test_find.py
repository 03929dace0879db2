"""Does a guest find their questions by e-mail, and does nobody learn anything else by it?"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oscar_engage.desk import find_by_address
from oscar_engage.desk.find_by_address import MOST_IN_A_DAY, asked_with, find_url, is_same_address, send_link
from oscar_engage.desk.link import answer_url
from oscar_engage.desk.models import Conversation
from oscar_engage.jobs.models import Job
from oscar_engage.jobs.run import run_due
from oscar_engage.storefront import views_questions
from oscar_engage.storefront.rate import Rate
from tests.storefront.shopping import ask, submit, text_of

pytestmark = pytest.mark.django_db
URL = "/engage/questions/find/"
ADA = "ada@example.com"
GLOBAL = {"REMOTE_ADDR": "8.8.8.8"}


@pytest.fixture(autouse=True)
def _fresh_rate(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[None]:
    monkeypatch.setattr(views_questions, "FINDERS", Rate(seconds=3600))
    settings.OSCAR_ENGAGE = {"SITE_URL": "https://shop.example"}
    return


def request_link(address: str, client: Client | None = None) -> Any:
    return (client or Client()).post(URL, {"email": address}, **GLOBAL)


def link_in(mail: Any) -> str:
    found = re.search(r"https://shop\.example(\S+)", mail.body)
    assert found is not None
    return found[1]


def test_find__address_that_asked__gets_a_link_to_all_of_it(mailoutbox: list[Any]) -> None:
    first, second = ask(Client(), email=ADA), ask(Client(), email="ADA@example.com")
    other = ask(Client(), email="bob@example.com")
    submit(Client(), Client().get(URL), email=ADA)
    run_due(now=timezone.now())

    [mail] = [mail for mail in mailoutbox if "questions/found" in mail.body]
    html = text_of(Client().get(link_in(mail)))

    assert [to.lower() for to in mail.to] == [ADA]
    assert first.reference in html
    assert second.reference in html
    assert other.reference not in html
    assert ADA not in link_in(mail)


@pytest.mark.attack("O08")
def test_o08__known_and_unknown_address__are_answered_alike_in_as_many_steps() -> None:
    ask(Client(), email=ADA)
    seen = []
    for address in (ADA, "nobody@example.com"):
        with CaptureQueriesContext(connection) as queries:
            response = request_link(address)
        said = re.sub(r'value="[^"]*"|nonce="[^"]*"', "", text_of(response))
        seen.append((response.status_code, said, sorted(response.headers.items()), [q["sql"].split(" ")[0] for q in queries]))

    assert seen[0] == seen[1]
    assert Job.objects.filter(kind=find_by_address.KIND).count() == 2


@pytest.mark.attack("O08")
def test_o08__nobody_asked_with_it__no_mail_goes_out(mailoutbox: list[Any]) -> None:
    request_link("nobody@example.com")
    run_due(now=timezone.now())

    assert mailoutbox == []


@pytest.mark.attack("O08")
def test_o08__form_and_job__hold_no_address() -> None:
    ask(Client(), email=ADA)
    request_link(ADA)

    job = Job.objects.get(kind=find_by_address.KIND)
    assert "ada" not in f"{job.key}{job.payload}".lower().replace(find_by_address.KIND, "")


def test_find__asked_for_again_and_again__sends_three_in_a_day(mailoutbox: list[Any]) -> None:
    ask(Client(), email=ADA)
    for _ in range(MOST_IN_A_DAY + 3):
        assert request_link(ADA).status_code == 200
    run_due(now=timezone.now())

    assert len([mail for mail in mailoutbox if "questions/found" in mail.body]) == MOST_IN_A_DAY


def test_find__many_from_one_network__are_refused_whatever_the_address() -> None:
    answers = [request_link(f"x{number}@example.com").status_code for number in range(views_questions.MOST_FROM_NETWORK + 1)]

    assert answers == [200] * views_questions.MOST_FROM_NETWORK + [429]


@pytest.mark.parametrize("address", ["", "ada", "ada@", "a@b\n.example", "x" * 300 + "@example.com"])
def test_find__no_address__is_said(address: str) -> None:
    assert request_link(address).status_code == 422
    assert not Job.objects.filter(kind=find_by_address.KIND).exists()


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (ADA, "ADA@Example.com", True),
        (ADA, "ada@example.org", False),
        ("mike@example.com", "m\u0131ke@example.com", False),
        ("kim@example.com", "\u212aim@example.com", False),
        ("m\u0131ke@example.com", "m\u0131ke@example.com", True),
    ],
)
@pytest.mark.attack("O08")
def test_o08__addresses_that_a_database_takes_for_one__are_two(one: str, other: str, expected: bool) -> None:
    asked = ask(Client(), email=one if one.isascii() else ADA)
    Conversation.objects.filter(pk=asked.pk).update(email=one)

    assert is_same_address(one, other) is expected
    assert (asked in asked_with(other)) is expected


@pytest.mark.attack("B06")
def test_b06__link_to_all_questions__ends_after_a_day_and_opens_nothing_else() -> None:
    asked = ask(Client(), email=ADA)
    link, answer = find_url(asked), answer_url(asked)
    token = link.partition("token=")[2]
    guest = Client()

    assert guest.get(link.removeprefix("https://shop.example")).status_code == 200
    assert guest.get(f"/engage/answer/?token={token}").status_code == 404
    assert guest.get(f"/engage/questions/found/?token={answer.partition('token=')[2]}").status_code == 404
    assert guest.get(f"/engage/note/{asked.public_id}/").status_code == 404
    assert guest.post(f"/engage/chat/{asked.public_id}/messages/", {"body": "Hi"}).status_code == 404
    assert guest.get("/engage/questions/found/?token=x").status_code == 404
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(find_by_address, "VALID_FOR", timedelta(seconds=-1))
        assert guest.get(link.removeprefix("https://shop.example")).status_code == 410


def test_found__question_is_gone__says_so() -> None:
    asked = ask(Client(), email=ADA)
    link = find_url(asked).removeprefix("https://shop.example")
    asked.delete()

    assert Client().get(link).status_code == 410


def test_found__page__is_to_read_alone_and_in_no_index() -> None:
    asked = ask(Client(), email=ADA)
    response = Client().get(find_url(asked).removeprefix("https://shop.example"))
    html = text_of(response)

    assert (response["Referrer-Policy"], response["X-Robots-Tag"]) == ("no-referrer", "noindex")
    assert f"/engage/note/{asked.public_id}/" not in html
    assert "Go on writing" not in html


def test_job__question_was_erased__sends_nothing(mailoutbox: list[Any]) -> None:
    send_link({"conversation": 4711, "language": "en"}, now=timezone.now())

    assert mailoutbox == []


@pytest.mark.parametrize("count", [1, 3])
def test_found__queries__same_for_any_number(count: int, django_assert_num_queries: Callable[[int], Any]) -> None:
    asked = [ask(Client(), email=ADA) for _ in range(count)]
    link = find_url(asked[0]).removeprefix("https://shop.example") + "&fragment=1"
    guest = Client()
    guest.get(link)

    with django_assert_num_queries(6):  # a savepoint around, its address, the spellings, conversations, messages
        guest.get(link)
