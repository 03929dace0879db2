"""Can an agent send products, vouchers and files, with and without htmx, and fetch what shoppers sent?"""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from oscar.test.factories import VoucherFactory, create_product

from oscar_engage.audit.models import AuditEntry
from oscar_engage.desk.carry.files import attach, check_files, kept
from oscar_engage.desk.carry.models import Attachment
from oscar_engage.desk.models import Conversation
from tests.desk.carry.conftest import _empty_storage, engage  # noqa: F401 - fixtures
from tests.desk.carry.contents import picture
from tests.storefront.shopping import text_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def agent(client_of: Callable[[str], Client]) -> Client:
    return client_of("agent")


def url(name: str, conversation: Conversation) -> str:
    return reverse(f"engage_dashboard:engage-conversation{name}", args=[conversation.public_id])


def send(agent: Client, conversation: Conversation, *, headers: Any = None, **typed: Any) -> Any:
    data = {"body": "", "client_id": str(uuid.uuid4()), **typed}
    return agent.post(url("-reply", conversation), data, headers=headers or {})


def photo(name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture("JPEG"))


def test_find__product_or_voucher__is_offered_and_what_was_typed_stays(agent: Client, note: Conversation) -> None:
    boots = create_product(title="Red boots", upc="R1")
    voucher = VoucherFactory(name="Boots for sorry", code="SORRY", usage="Single use")

    page = text_of(agent.post(url("-compose", note), {"do": "find", "find": "boots", "body": "Dear Ada", "is_question": "on"}))

    assert f'value="product:{boots.pk}"' in page
    assert f'value="voucher:{voucher.pk}"' in page
    assert "Red boots · R1" in page
    assert "Dear Ada" in page
    assert note.messages.count() == 1


def test_find__nothing_there__says_so(agent: Client, note: Conversation) -> None:
    page = text_of(agent.post(url("-compose", note), {"do": "find", "find": "boots"}, headers=HTMX))

    assert page.count("Nothing found.") == 2


def radios(page: str) -> dict[str, bool]:
    """Return what can be chosen, and whether it is."""
    found = re.findall(r'<input class="form-check-input" type="radio" name="card" value="([^"]*)"[^>]*?( checked)?>', page)
    return {value: bool(checked) for value, checked in found}


def test_find__one_hit__is_chosen(agent: Client, note: Conversation) -> None:
    boots = create_product(title="Red boots")
    page = text_of(agent.post(url("-compose", note), {"do": "find", "find": "boots"}, headers=HTMX))
    assert radios(page) == {"": False, f"product:{boots.pk}": True}


def test_find__several_hits__leave_the_choice_open(agent: Client, note: Conversation) -> None:
    both = [create_product(title=f"{colour} boots").pk for colour in ("Red", "Blue")]
    page = text_of(agent.post(url("-compose", note), {"do": "find", "find": "boots"}, headers=HTMX))
    assert radios(page) == {"": False, **{f"product:{pk}": False for pk in both}}


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_reply__nothing_chosen_of_what_was_found__asks_for_a_choice_and_offers_it_again(
    headers: dict[str, str], agent: Client, note: Conversation
) -> None:
    both = [create_product(title=f"{colour} boots").pk for colour in ("Red", "Blue")]

    page = text_of(send(agent, note, body="For you: boots", find="boots", offered="1", headers=headers))

    assert "Choose what to send, or “None of them”." in page
    assert set(radios(page)) == {"", *(f"product:{pk}" for pk in both)}
    assert "For you: boots" in page
    assert note.messages.count() == 1
    send(agent, note, body="No boots after all", find="boots", offered="1", card="")
    assert note.messages.latest("seq").card is None


def test_reply_box__its_buttons_that_ask__disable_what_there_is(agent: Client, note: Conversation) -> None:
    """The script reads the form's "find button" below the very element that asks, and a button has no button in it."""
    page = text_of(agent.post(url("-compose", note), {"do": "find", "find": "boots"}, headers=HTMX))
    asking = re.findall(r"<button[^>]*hx-post[^>]*>", page)
    assert len(asking) > 1
    assert all('hx-disabled-elt="this"' in button for button in asking)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_reply__with_a_card_and_no_words__is_sent_and_shown(headers: dict[str, str], agent: Client, note: Conversation) -> None:
    boots = create_product(title="Red boots", price=20, num_in_stock=3)

    response = send(agent, note, card=f"product:{boots.pk}", headers=headers)

    assert note.messages.latest("seq").card == {"kind": "product", "key": str(boots.pk)}
    page = text_of(response) if headers else text_of(agent.get(url("", note)))
    assert f'<a href="{boots.get_absolute_url()}" target="_blank" rel="noopener">Red boots</a>' in page
    assert "£20.00" in page


@pytest.mark.attack("A08")
@pytest.mark.parametrize("card", ["product:999999", "product:", "nothing:1", "javascript:alert(1)", '{"kind": "x"}', "x" * 300])
def test_reply__card_that_cannot_be_sent__is_refused_with_the_reason(card: str, agent: Client, note: Conversation) -> None:
    response = send(agent, note, card=card, body="Look")

    assert 'class="engage-wrong"' in text_of(response)
    assert note.messages.count() == 1


def test_reply__empty__asks_for_an_answer(agent: Client, note: Conversation) -> None:
    assert "Type an answer." in text_of(send(agent, note))
    assert note.messages.count() == 1


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_reply__with_files__are_sent_and_fetched_by_agents_alone(
    headers: dict[str, str], agent: Client, note: Conversation, client_of: Callable[[str], Client]
) -> None:
    response = send(agent, note, uploads=[photo(), photo("back.jpg")], headers=headers)

    page = text_of(response) if headers else text_of(agent.get(url("", note)))
    first = Attachment.objects.order_by("pk").first()
    assert first is not None
    link = reverse("engage_dashboard:engage-attachment", args=[first.public_id])
    assert link in page
    fetched = agent.get(link)
    assert fetched["Content-Disposition"] == 'attachment; filename="photo.jpg"'
    assert fetched["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in fetched["Cache-Control"]
    assert AuditEntry.objects.filter(action="conversation.file_fetched", object_id=str(note.pk)).count() == 1
    assert client_of("staff").get(link).status_code == 403
    assert agent.get(reverse("engage_dashboard:engage-attachment", args=["x" * 24])).status_code == 404


def test_reply__file_refused__says_why_and_that_files_have_to_be_chosen_again(agent: Client, note: Conversation) -> None:
    page = text_of(send(agent, note, body="Look", uploads=[photo("x.svg")]))

    assert "“x.svg” is of a type that is not taken." in page
    assert "Choose your files once more" in page
    assert "Look" in page
    assert not Attachment.objects.exists()


def test_reply__no_storage__offers_no_files(agent: Client, note: Conversation, engage: Callable[..., None]) -> None:  # noqa: F811 - the fixture
    engage(ATTACHMENT_STORAGE="")

    assert 'type="file"' not in text_of(agent.get(url("", note)))


@pytest.mark.attack("A16", "A05")
def test_a16__name_of_a_file__is_text_in_the_transcript(agent: Client, note: Conversation) -> None:
    with kept(check_files([photo("<img src=x onerror=alert(1)>.jpg")]), now=timezone.now()) as files:
        attach(note.messages.get(), files)

    page = text_of(agent.get(url("", note)))

    assert "&lt;img src=x onerror=alert(1)&gt;.jpg" in page
    assert "<img src=x" not in page


def test_compose__choice_made_before__stays_chosen(agent: Client, note: Conversation) -> None:
    boots = create_product(title="Red boots")

    page = text_of(agent.post(url("-compose", note), {"do": "insert", "canned": "", "card": f"product:{boots.pk}"}))

    assert f'value="product:{boots.pk}" id="engage-card-{note.public_id}-chosen" checked' in page
