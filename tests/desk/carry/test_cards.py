"""Is a card a kind and a key and no more, shown as the shop is at the moment, and called gone when it is?"""

import uuid
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import pytest
from django.core.mail import EmailMessage

from oscar_engage.desk.carry.cards import (
    CARDS,
    CardRefusedError,
    Choice,
    Sight,
    find_cards,
    read_card,
    show_cards,
    sight_of,
)
from oscar_engage.desk.carry.files import CheckedFile, kept
from oscar_engage.desk.carry.load import Card, Carried, Load, Shown, ShownFile
from oscar_engage.desk.carry.show import carried_for, in_words
from oscar_engage.desk.mailbox.transcript import request_transcript
from oscar_engage.desk.models import Agent, Conversation, Message, Role
from oscar_engage.desk.post import post_message
from oscar_engage.desk.take import take
from oscar_engage.jobs.run import run_due
from oscar_engage.visitors.models import Visitor

pytestmark = pytest.mark.django_db


class Shelf:
    """A kind of card with two things in it; one of them breaks."""

    label = "Shelf"

    def find(self, text: str, sight: Sight) -> Sequence[Choice]:
        if text == "broken":
            raise RuntimeError("the shop's own code")
        return [Choice("a", f"The {text} shelf")]

    def check(self, key: str, conversation: Conversation, sight: Sight) -> None:
        if key != "a":
            raise CardRefusedError("No such shelf.")

    def show(self, keys: Collection[str], sight: Sight) -> Mapping[str, Shown]:
        if "broken" in keys:
            raise RuntimeError("the shop's own code")
        return {"a": Shown(title=f"Shelf for {sight.customer_id}"), "unasked": Shown(title="x")}


@pytest.fixture(autouse=True)
def _shelf() -> Iterator[None]:
    CARDS.register("shelf", Shelf())
    yield
    del CARDS._entries["shelf"]


def send(chat: Conversation, agent: Agent, card: Card, now: datetime) -> Message:
    said = {"role": Role.AGENT, "agent": agent, "body": "", "client_id": uuid.uuid4()}
    return post_message(chat, now=now, load=Load(card), **said)  # type: ignore[arg-type]  # keywords of several types


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("shelf:a", Card("shelf", "a")),
        ("shelf:a:b", Card("shelf", "a:b")),
        ("shelf:", None),
        ("shelf", None),
        ("", None),
        ("<script>:a", None),
        ("shelf:" + "a" * 65, None),
        ("shelf:a\x00", None),
    ],
)
def test_read_card__what_a_form_sends__is_a_known_kind_with_a_key_or_nothing(text: str, card: Card | None) -> None:
    assert read_card(text) == card


def test_post_message__card_alone__is_stored_as_kind_and_key(chat: Conversation, agent: Agent, now: datetime) -> None:
    take(chat, agent, now=now)
    message = send(chat, agent, Card("shelf", "a"), now)

    stored = Message.objects.get(pk=message.pk)
    assert (stored.body, stored.card) == ("", {"kind": "shelf", "key": "a"})


def test_post_message__card_that_may_not_be_sent__is_refused(chat: Conversation, agent: Agent, now: datetime) -> None:
    take(chat, agent, now=now)
    with pytest.raises(CardRefusedError):
        send(chat, agent, Card("shelf", "z"), now)

    assert not chat.messages.filter(role="agent").exists()


def test_carried_for__customer_known__sees_the_shop_as_the_customer(
    chat: Conversation, agent: Agent, now: datetime, django_user_model: Any
) -> None:
    customer = django_user_model.objects.create_user(username="ada")
    Visitor.objects.filter(pk=chat.visitor_id).update(customer=customer)
    take(chat, agent, now=now)
    send(chat, agent, Card("shelf", "a"), now)

    shown = [message.carried for message in carried_for(chat, chat.messages.order_by("seq"))]

    assert shown[-1] == Carried(Shown(title=f"Shelf for {customer.pk}"))
    assert set(shown[:-1]) == {None}
    assert sight_of(chat) == Sight(customer_id=customer.pk)


def test_with_carried__words_alone__cost_no_query(chat: Conversation, django_assert_num_queries: Any) -> None:
    messages = list(chat.messages.all())
    with django_assert_num_queries(0):
        assert [message.carried for message in carried_for(chat, messages)] == [None]


def test_show_cards__gone_unknown_and_broken__are_called_gone_and_cost_no_other() -> None:
    stored = [{"kind": kind, "key": key} for kind, key in (("shelf", "a"), ("shelf", "z"), ("no-kind", "a"))]
    shown = show_cards(stored, Sight())
    assert {pair: card.is_gone for pair, card in shown.items()} == {
        ("shelf", "a"): False,
        ("shelf", "z"): True,
        ("no-kind", "a"): True,
    }
    (broken,) = show_cards([{"kind": "shelf", "key": "broken"}], Sight()).values()
    assert broken.is_gone


def test_find_cards__every_kind__says_what_a_form_sends() -> None:
    found = {str(kind.label): choices for kind, choices in find_cards("red", Sight())}

    assert found["Shelf"] == [("shelf:a", "The red shelf")]
    assert set(found) == {"Product", "Voucher", "Shelf"}
    assert {str(kind.label): choices for kind, choices in find_cards("broken", Sight())}["Shelf"] == []


def test_in_words__card_and_files__are_plain_lines() -> None:
    card = Shown(title="Boots", price="£20.00", lines=("In stock",), path="/catalogue/boots_1/")

    words = in_words(Carried(card, (ShownFile("x", "size.pdf", 9),)), address="https://shop.example")

    assert words == "Boots\n£20.00\nIn stock\nhttps://shop.example/catalogue/boots_1/\n[size.pdf]"
    assert in_words(None, address="https://shop.example") == ""


def test_mails__of_a_card_and_a_file__say_what_was_sent(
    note: Conversation, agent: Agent, now: datetime, mailoutbox: list[EmailMessage], engage: Callable[..., None]
) -> None:
    engage(SITE_URL="https://shop.example", MAIL_ANSWER_TEXT=True)
    with kept((CheckedFile(name="size.txt", kind="text", content=b"42"),), now=now) as files:
        said = {"role": Role.AGENT, "agent": agent, "body": "", "client_id": uuid.uuid4()}
        post_message(note, now=now, load=Load(Card("shelf", "a"), files=files), **said)  # type: ignore[arg-type]  # keywords of several types
    request_transcript(note, now=now)
    run_due(now=now)
    answer, transcript = mailoutbox
    for mail in (answer, transcript):
        assert "\nShelf for None\n[size.txt]\n" in mail.body
