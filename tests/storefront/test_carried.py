"""Can shoppers send files and fetch what is theirs, with and without the script, and see cards?"""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse
from oscar.test.factories import create_product

from oscar_engage.desk.carry.models import Attachment
from oscar_engage.desk.carry.storage import remove, walk
from oscar_engage.desk.link import answer_url
from oscar_engage.desk.models import Conversation, Message, Role
from oscar_engage.storefront import uploads
from oscar_engage.storefront.poll import serve_poll
from oscar_engage.storefront.rate import Rate
from oscar_engage.storefront.uploads import is_too_large
from oscar_engage.visitors.models import Visitor
from tests.desk.carry.conftest import _empty_storage, engage  # noqa: F401 - fixtures
from tests.desk.carry.contents import PDF, picture
from tests.storefront.shopping import FRAGMENT, ask, new_id, text_of

pytestmark = pytest.mark.django_db


def photo(name: str = "photo.jpg", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture("JPEG") if content is None else content)


def post(
    client: Client, conversation: Conversation, *files: SimpleUploadedFile, headers: Any = FRAGMENT, body: str = ""
) -> Any:
    url = reverse("engage:chat-messages", args=[conversation.public_id])
    return client.post(url, {"body": body, "client_id": new_id(), "uploads": list(files)}, headers=headers)


@pytest.mark.parametrize("headers", [{}, FRAGMENT])
def test_post__file_without_words__is_a_message_with_a_link(client: Client, headers: dict[str, str]) -> None:
    chat = ask(client, "chat")

    post(client, chat, photo(), headers=headers)

    link = reverse("engage:attachment", args=[Attachment.objects.get().public_id])
    page = text_of(client.get(reverse("engage:chat-detail", args=[chat.public_id])))
    assert link in page
    assert "photo.jpg" in page


@pytest.mark.parametrize("kind", ["note", "chat"])
def test_ask__with_files__the_question_has_them(client: Client, kind: str) -> None:
    asked = ask(client, kind, uploads=[photo(), photo("bill.pdf", PDF)])  # type: ignore[arg-type]  # files, as the client takes them

    assert [one.name for one in Attachment.objects.filter(message__conversation=asked)] == ["photo.jpg", "bill.pdf"]


def test_ask__file_refused__keeps_the_words_and_says_what_is_taken(client: Client) -> None:
    response = client.post("/engage/note/", {"question": "It broke", "uploads": [photo("page.html", b"<b>x</b>")]})

    assert response.status_code == 200
    assert "“page.html” is of a type that is not taken. Up to 3 files of 5 MB each: JPG, PNG, WEBP, GIF, PDF, TXT." in text_of(
        response
    )
    assert "It broke" in text_of(response)
    assert not Conversation.objects.exists()


def test_post__nothing_at_all__asks_for_words(client: Client) -> None:
    chat = ask(client, "chat")

    assert "Write a message first." in text_of(post(client, chat))
    assert chat.messages.count() == 1


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([photo(), photo("b.jpg"), photo("c.jpg"), photo("d.jpg")], "These are too many files at once."),
        ([photo("x.png")], "is not what the ending of its name says."),
        ([photo("x.jpg", picture("JPEG")[:50])], "seems to be damaged"),
        ([photo("x.txt", b"")], "is empty"),
        ([photo("x.pdf", PDF + b"/JavaScript")], "runs something by itself"),
    ],
)
def test_post__file_refused__says_why_and_keeps_nothing(client: Client, files: list[Any], words: str) -> None:
    chat = ask(client, "chat")

    response = post(client, chat, *files, body="Look")

    assert words in text_of(response)
    assert chat.messages.count() == 1
    assert list(walk()) == []


def test_form__no_storage__offers_no_files_and_ignores_what_is_sent(client: Client, engage: Callable[..., None]) -> None:  # noqa: F811 - the fixture
    engage(ATTACHMENT_STORAGE="")
    chat = ask(client, "chat")

    assert 'type="file"' not in text_of(client.get(reverse("engage:chat-detail", args=[chat.public_id])))
    post(client, chat, photo(), body="Look")
    assert not Attachment.objects.exists()
    assert chat.messages.count() == 2


@pytest.mark.attack("A16")
def test_attachment__fetched__is_a_download_and_nothing_else(client: Client) -> None:
    chat = ask(client, "chat")
    post(client, chat, photo("größe 42.jpg"))
    response = client.get(reverse("engage:attachment", args=[Attachment.objects.get().public_id]))

    assert response.status_code == 200
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''gr%C3%B6%C3%9Fe%2042.jpg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Type"] == "image/jpeg"
    assert response.content[:3] == b"\xff\xd8\xff"


@pytest.mark.attack("A16", "B05")
def test_attachment__of_somebody_else__is_the_same_404_as_none_and_no_address_serves_the_storage(client: Client) -> None:
    chat, other = ask(client, "chat"), Client()
    ask(other)
    post(client, chat, photo())
    attachment = Attachment.objects.get()
    answers = [other.get(reverse("engage:attachment", args=[one])) for one in (attachment.public_id, "x" * 24)]
    anonymous = Client().get(reverse("engage:attachment", args=[attachment.public_id]))

    assert [answer.status_code for answer in (*answers, anonymous)] == [404, 404, 404]
    assert answers[0].content == answers[1].content
    assert client.get(f"{django_settings.MEDIA_URL}{attachment.path}").status_code == 404


def test_attachment__lost_in_the_storage__is_gone(client: Client) -> None:
    chat = ask(client, "chat")
    post(client, chat, photo())
    remove(Attachment.objects.get().path)

    response = client.get(reverse("engage:attachment", args=[Attachment.objects.get().public_id]))

    assert (response.status_code, response["Content-Type"]) == (410, "text/plain")


@pytest.mark.attack("B06")
def test_attachment__by_a_mailed_link__is_that_conversations_alone(client: Client) -> None:
    note, other = ask(client, "note", uploads=photo()), ask(client, "note", uploads=photo("other.jpg"))  # type: ignore[arg-type]  # files
    path = answer_url(note).removeprefix("https://example.com")
    page = text_of(Client().get(path))
    own, foreign = (one.messages.get().attachments.get() for one in (note, other))
    token = path.partition("?")[2]

    link = f"{reverse('engage:attachment', args=[own.public_id])}?{token}"
    assert link in page.replace("%3A", ":") or link in page
    assert Client().get(link).status_code == 200
    assert Client().get(f"{reverse('engage:attachment', args=[foreign.public_id])}?{token}").status_code == 404
    assert Client().get(f"{reverse('engage:attachment', args=[own.public_id])}?token=forged").status_code == 404
    note.delete()
    assert Client().get(link).status_code == 410


@pytest.mark.attack("H13")
@pytest.mark.parametrize("path", ["/engage/note/", "/engage/chat/", "messages"])
@pytest.mark.parametrize("headers", [{}, FRAGMENT])
def test_h13__upload_of_200_megabytes__is_refused_before_any_of_it_is_read(client: Client, path: str, headers: Any) -> None:
    chat = ask(client, "chat")
    url = reverse("engage:chat-messages", args=[chat.public_id]) if path == "messages" else path

    class Endless:
        def read(self, size: int = -1) -> bytes:
            raise AssertionError("it was read")

        readline = read

    more = {"CONTENT_LENGTH": str(200 * 1024 * 1024), "wsgi.input": Endless()}
    response = client.generic("POST", url, b"", content_type="multipart/form-data; boundary=x", headers=headers, **more)  # type: ignore[arg-type]  # of the environment

    assert response.status_code == (200 if headers else 413)  # htmx shows nothing else
    assert "What you sent is too large" in text_of(response)


@pytest.mark.parametrize(
    ("length", "is_refused"),
    [
        ("", False),
        ("100", False),
        (str(15 * 1024 * 1024), False),
        (str(16 * 1024 * 1024), True),
        ("-1", True),
        ("9" * 30, True),
    ],
)
def test_is_too_large__by_the_length_it_names(length: str, is_refused: bool) -> None:
    assert is_too_large(RequestFactory().post("/", CONTENT_LENGTH=length)) is is_refused


def test_limited__one_network_with_more_files_than_people_send__is_told_to_wait(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = ask(client, "chat")
    monkeypatch.setattr(uploads, "UPLOADS", Rate(seconds=3600))
    monkeypatch.setattr(uploads, "UPLOADS_PER_NETWORK", 2)
    url = reverse("engage:chat-messages", args=[chat.public_id])
    text = b"x" * 300 * 1024

    answers = []
    for address in ("198.51.100.7", "93.184.216.34", "93.184.216.35", "93.184.216.36", "8.8.8.8"):
        sent = {"body": "Look", "client_id": new_id(), "uploads": [photo("a.txt", text)]}
        answers.append(client.post(url, sent, REMOTE_ADDR=address).status_code)
    small = client.post(url, {"body": "Words", "client_id": new_id()}, REMOTE_ADDR="93.184.216.34")

    assert answers == [302, 302, 302, 429, 302]
    assert small.status_code == 302


@pytest.mark.attack("C01")
@pytest.mark.parametrize("path", ["/engage/note/", "/engage/chat/", "/engage/chat/x/messages/"])
def test_limited__token_missing__is_still_refused(path: str) -> None:
    client = Client(enforce_csrf_checks=True)

    assert client.post(path, {"question": "Hello?"}).status_code == 403


def give_card(conversation: Conversation, product: Any) -> None:
    conversation.last_seq += 1
    conversation.save()
    Message.objects.create(
        conversation=conversation,
        seq=conversation.last_seq,
        role=Role.AGENT,
        body="",
        card={"kind": "product", "key": str(product.pk)},
        at=conversation.created_at,
    )


def test_card__in_page_poll_and_list__is_the_same_and_leads_to_the_product(client: Client) -> None:
    boots, chat = create_product(title="Boots & <b>laces</b>", price=20, num_in_stock=3), ask(client, "chat")
    give_card(chat, boots)

    page = text_of(client.get(reverse("engage:chat-detail", args=[chat.public_id]), headers=FRAGMENT))
    polled = text_of(client.get(reverse("engage:chat-events", args=[chat.public_id]), {"after": "1"}))
    listed = text_of(client.get(reverse("engage:questions")))

    assert f'<a href="{boots.get_absolute_url()}">Boots &amp; &lt;b&gt;laces&lt;/b&gt;</a>' in polled
    assert "£20.00" in polled
    assert polled in page
    assert polled in listed


def test_card__product_deleted__is_called_gone(client: Client) -> None:
    boots, chat = create_product(title="Boots", price=20, num_in_stock=3), ask(client, "chat")
    give_card(chat, boots)
    boots.delete()

    page = text_of(client.get(reverse("engage:chat-detail", args=[chat.public_id])))

    assert "This is not in the shop any more." in page


def test_poll__outside_the_shops_middleware__shows_a_card_by_the_shops_strategy(client: Client, rf: RequestFactory) -> None:
    boots, chat = create_product(title="Boots", price=20, num_in_stock=3), ask(client, "chat")
    give_card(chat, boots)
    url = reverse("engage:chat-events", args=[chat.public_id])
    response = serve_poll(rf.get(url, {"after": "1"}), key=Visitor.objects.get(pk=chat.visitor_id).key)

    assert "£20.00" in text_of(response)


@pytest.mark.parametrize("carrying", [1, 3])
def test_page__any_number_of_files_and_cards__takes_the_same_queries(
    carrying: int, client: Client, django_assert_num_queries: Any
) -> None:
    boots, chat = create_product(title="Boots", price=20, num_in_stock=3), ask(client, "chat")
    for _ in range(carrying):
        post(client, chat, photo())
        give_card(Conversation.objects.get(pk=chat.pk), boots)
    url = reverse("engage:chat-events", args=[chat.public_id])

    with django_assert_num_queries(8):
        assert text_of(client.get(url, {"after": "0"})).count("engage-file") == carrying
