"""What is private stays with the shopper: card numbers are kept nowhere, no code of ours runs where they are typed."""

import logging
import re
import unicodedata
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse
from django.utils import timezone

from oscar_engage.jobs.run import run_due
from oscar_engage.models import Conversation, Decision, Message, SignalRecord
from tests.attacks.readers import Reader
from tests.attacks.storage import all_text_stored
from tests.storefront.beats import body, known_shopper, send, signal
from tests.storefront.journeys import walk_to_preview

pytestmark = pytest.mark.django_db

CARDS = (
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "4111111111111111",
    "4111.1111.1111.1111",
    "3782 822463 10005",
    "5555 5555 5555 4444",
    "6011 1111 1111 1117".translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)}),  # full width
    "4\u200b111\u200b1111\u200b1111\u200b1111",
    "4111\u00a01111\u00a01111\u00a01111",
    "4111\u00ad1111\u00ad1111\u00ad1111",
)
HARMLESS = ("4006381333931", "100042", "K7Q2-9FMX", "01632 960 983")


def digits_in(text: str) -> str:
    """Return all digits of ``text`` as ASCII, without what stands between them."""
    return "".join(str(unicodedata.digit(letter)) for letter in unicodedata.normalize("NFKC", text) if letter.isdigit())


@pytest.mark.attack("I04")
@pytest.mark.parametrize("card", CARDS)
def test_i04__card_number__is_in_no_row_mail_log_or_job(
    card: str, reader: Reader, product: Any, mailoutbox: list[EmailMessage], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    shopper = known_shopper()
    shopper.get(reverse("search:search"), {"q": f"boots {card}"})
    send(shopper, body(signal(), path=f"/x/{card}/", title=card))
    words = {"question": f"my card {card} ok", "name": card[:60], "page_title": card, "page_path": f"/x/{card}"}
    asked = reader.ask(email="ann@example.com", **words, anchor=card, anchor_path=card, anchor_label=card)
    chat = reader.ask("chat", message=f"{card}?", name=card[:60])
    reader.asked[1][0].post(f"/engage/chat/{chat.public_id}/messages/", {"body": f"again {card}"})
    reader.reply(asked, f"You wrote {card}")
    run_due(now=timezone.now())

    kept = all_text_stored() + "".join(str(mail.message()) for mail in mailoutbox) + caplog.text
    number = digits_in(card)
    assert number not in kept
    assert not [line for line in kept.splitlines() if number in digits_in(line)]
    assert Message.objects.filter(body="my card [card] ok").exists()
    assert SignalRecord.objects.filter(kind="search.made", payload__query="boots [card]").exists()
    assert len(mailoutbox) == 1


@pytest.mark.attack("I04")
@pytest.mark.parametrize("text", HARMLESS)
def test_i04__article_and_order_numbers__survive(text: str) -> None:
    Client().post("/engage/note/", {"question": text, "name": text})

    assert Message.objects.get().body == Conversation.objects.get().name == text


@pytest.mark.attack("I03")
def test_i03__every_page_on_which_one_pays__carries_no_script_of_ours(product: Any) -> None:
    client = known_shopper()
    walk_to_preview(client, product)
    paying = [reverse(name) for name in ("checkout:payment-details", "checkout:preview")]
    for path in paying:
        answer = client.get(path)
        html = answer.content.decode()
        assert answer.status_code == 200
        assert "oscar_engage/dist/engage.css" in html
        assert not re.search(r"<script[^>]*(engage|htmx)|data-engage-|engage-root", html)
    assert b"data-engage-beat" in client.get(reverse("checkout:shipping-address")).content
    assert not Decision.objects.filter(page_path__in=paying).exists()


@pytest.mark.attack("I03")
def test_i03__own_payment_page_of_a_shop__carries_none_either(product: Any) -> None:
    own = {"CONSENT": "tests.consent.consent_from_cookie", "PAYMENT_VIEWS": ["catalogue:detail"]}
    with override_settings(OSCAR_ENGAGE=own):
        html = known_shopper().get(product.get_absolute_url()).content.decode()

    assert "engage-help" in html
    assert "data-engage-beat" not in html
