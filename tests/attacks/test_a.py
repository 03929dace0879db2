"""Markup from visitors stays text: a page with it has the very elements of the page with a harmless word."""

from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from oscar_engage.desk.models import Conversation, Message
from oscar_engage.jobs.run import run_due
from oscar_engage.models import Engagement, SignalRecord
from tests.attacks.payloads import LINKS, XSS, links_in, outline_of
from tests.attacks.readers import Reader
from tests.attacks.storage import all_text_stored
from tests.storefront.beats import URL, body, known_shopper, send, signal
from tests.storefront.shopping import FRAGMENT, ask, text_of

pytestmark = pytest.mark.django_db

HARMLESS = "plain"


def assert_text_alone(reader: Reader, column: str) -> None:
    """Assert that what stands in ``column`` is shown letter by letter and makes no element, link or attribute anywhere."""
    *hostile, queue = reader.pages()
    for page, (_client, conversation) in zip(hostile[::3], reader.asked, strict=True):
        text = getattr(conversation, column)
        assert text in unescape(page)
        assert text not in page.partition("</title>")[0]
    Conversation.objects.update(**{column: HARMLESS})
    *plain, plain_queue = reader.pages(most=1)
    for number, page in enumerate(hostile):
        assert outline_of(page) == outline_of(plain[number % 3]), reader.asked[number // 3]
    assert outline_of(queue) == outline_of(plain_queue)


@pytest.mark.attack("A01", "A13", "A14")
def test_a01__address_of_a_page__is_text(reader: Reader) -> None:
    for payload in XSS:
        assert reader.ask(page_path=f"/x{payload}").page_path.startswith("/x")

    assert_text_alone(reader, "page_path")


@pytest.mark.attack("A01")
def test_a01__address_in_a_beat__is_answered_with_nothing() -> None:
    shopper = known_shopper()
    for payload in XSS:
        response = send(shopper, body(signal(), path=f"/{payload}"))

        assert (response.status_code, response.content) == (204, b"")


@pytest.mark.attack("A02", "A13")
def test_a02__referrer__is_text_in_the_form_and_kept_without_its_query(reader: Reader) -> None:
    def form_from(referrer: str) -> str:
        return text_of(Client().get("/engage/note/new/", headers={"Referer": referrer, **FRAGMENT}))

    plain = outline_of(form_from(f"http://testserver/{HARMLESS}"))
    for payload in XSS:
        for sent in (payload, quote(payload)):
            assert outline_of(form_from(f"http://testserver/x/{sent}?q={sent}")) == plain, payload
        assert "?" not in reader.ask(page_path=f"http://testserver/x{payload}?q={payload}").page_path

    assert_text_alone(reader, "page_path")


@pytest.mark.attack("A03", "A13", "A14")
def test_a03__title_of_the_page__is_text_and_cut(reader: Reader) -> None:
    for payload in XSS:
        assert len(reader.ask(page_title=payload + "x" * 500).page_title) == 200

    assert_text_alone(reader, "page_title")


@pytest.mark.attack("A03", "A13")
def test_a03__searched_phrase__is_text_in_the_journey_and_cut(reader: Reader, product: Any) -> None:
    shopper = known_shopper()
    for payload in XSS:
        shopper.get(reverse("search:search"), {"q": payload + "x" * 300})
    asked = ask(shopper)
    records = SignalRecord.objects.filter(kind="search.made")
    phrases = [record.payload["query"] for record in records]

    hostile = reader.desk(asked)

    assert (len(phrases), max(map(len, phrases))) == (len(XSS), 200)
    assert all(phrase in unescape(hostile) for phrase in phrases)
    records.update(payload={"query": HARMLESS, "results": 0})
    assert outline_of(hostile) == outline_of(reader.desk(asked))


@pytest.mark.attack("A03")
@pytest.mark.parametrize("header", ["User-Agent", "Accept-Language"])
def test_a03__browsers_own_words_and_campaign__are_kept_nowhere(header: str) -> None:
    shopper = known_shopper()
    for payload in XSS[:3]:
        marked = {header: f"{payload} engagemarker"}
        path = f"/x/?utm_source=engagemarker{payload}"
        send(shopper, body(signal(), path=path), **{"Sec-Fetch-Site": "same-origin"}, **marked)
        shopper.get(path, headers=marked)
        shopper.post("/engage/note/", {"question": "Hello?", "page_path": path}, headers=marked)

    assert Conversation.objects.count() == 3
    assert set(Conversation.objects.values_list("language", flat=True)) <= {"en", "de"}
    assert "engagemarker" not in all_text_stored()


@pytest.mark.attack("A04", "A13", "A14")
def test_a04__name__is_text(reader: Reader) -> None:
    for payload in XSS:
        reader.ask(name=payload[:60])

    assert_text_alone(reader, "name")


@pytest.mark.attack("A04")
def test_a04__address_with_markup__is_refused_or_text(reader: Reader) -> None:
    for payload in XSS:
        for email in (payload, f"{payload}@example.com", f"ann@{payload}"):
            Client().post("/engage/note/", {"question": "Hello?", "email": email})

    kept = Conversation.objects.values_list("email", flat=True)
    assert not [email for email in kept if set(email) & set("<>\"' ")]
    assert [email in unescape(reader.desk(Conversation.objects.get(email=email))) for email in kept]


@pytest.mark.attack("A04")
def test_a04__name__is_plain_text_in_the_mail(reader: Reader, mailoutbox: list[EmailMessage]) -> None:
    for number, payload in enumerate(XSS):
        reader.reply(reader.ask(name=payload[:60], email=f"ann{number}@example.com"), "Yes.")
    run_due(now=Message.objects.latest("at").at)

    assert len(mailoutbox) == len(XSS)
    for mail, (_client, asked) in zip(mailoutbox, reader.asked, strict=True):
        assert mail.message().get_content_type() == "text/plain"
        assert f"Hello {asked.name}," in str(mail.body)
        assert asked.name not in mail.subject


@pytest.mark.attack("A05", "A06", "A13", "A14")
@pytest.mark.parametrize("kind", ["note", "chat"])
def test_a05__words_of_both_sides__are_text_at_the_desk_and_in_the_shop(reader: Reader, kind: str) -> None:
    asked = reader.ask(kind, **{"question" if kind == "note" else "message": XSS[0]})
    client = reader.asked[0][0]
    for payload in XSS[1:]:
        client.post(f"/engage/chat/{asked.public_id}/messages/", {"body": payload})
    for payload in XSS:
        reader.reply(asked, payload)

    hostile = reader.pages()

    assert asked.messages.filter(role="agent").count() == asked.messages.filter(role="shopper").count() == len(XSS)
    assert all(payload.strip("\u2028") in unescape(page) for payload in XSS for page in hostile[:-1])
    Message.objects.update(body=HARMLESS)
    assert [outline_of(page) for page in hostile] == [outline_of(page) for page in reader.pages()]


@pytest.mark.attack("A05")
def test_a05__message__is_the_same_html_in_the_poll_as_in_the_page(reader: Reader) -> None:
    asked = reader.ask("chat", message=" ".join(XSS))
    client = reader.asked[0][0]
    reader.reply(asked, "\n".join(XSS))

    polled = text_of(client.get(f"/engage/chat/{asked.public_id}/events/?after=0"))

    assert polled.count("<li") == 3
    assert polled in text_of(client.get(f"/engage/chat/{asked.public_id}/"))


@pytest.mark.attack("A08")
def test_a08__disguised_link__is_no_link(reader: Reader) -> None:
    for link in LINKS:
        reader.ask(question=f'{link} <a href="{link}">x</a> [x]({link})', page_path=link, name=link[:60], page_title=link)

    for page in reader.pages():
        for address in links_in(page):
            assert not [link for link in LINKS if link.strip("\x01")[:8].lower() in address.lower()], address


@pytest.mark.attack("A08")
def test_a08__disguised_link_in_an_engagement__leads_nowhere(client_of: Callable[[str], Client]) -> None:
    merchandiser = client_of("merchandiser")
    for number, link in enumerate(LINKS):
        words = {"title": link, "body": link, "button": link[:40], "anchor": link[:64]}
        fields = {"slug": f"e{number}", "widget": "balloon", "is_active": "on", **words}
        refused = text_of(merchandiser.post(reverse("engage_dashboard:engage-engagement-create"), fields))
        assert not [address for address in links_in(refused) if address == link], link
        merchandiser.post(reverse("engage_dashboard:engage-engagement-create"), {**fields, "anchor": ""})

    assert Engagement.objects.count() == len(LINKS)


@pytest.mark.attack("A18")
@pytest.mark.parametrize("payload", XSS)
def test_a18__what_cannot_be_read__does_not_come_back(payload: str) -> None:
    client = known_shopper()
    answers = [
        send(client, payload),
        send(client, body(signal(payload))),
        send(client, f'{{"v": 1, "page": ["{payload!r}"]}}'),
        client.post(URL, {"body": payload}, headers={"Sec-Fetch-Site": "cross-site"}),
    ]

    assert [answer.content for answer in answers] == [b""] * 4
