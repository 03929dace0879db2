"""Does a question begin with everything the answer needs, and with nothing that somebody else slipped in?"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import override_settings

from oscar_engage.decisions.models import Decision
from oscar_engage.desk.flood import CONVERSATIONS_PER_ADDRESS, CONVERSATIONS_PER_HOUR, BusyError, TooManyError
from oscar_engage.desk.models import Conversation, ConversationKind, ConversationStatus, Role
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.place import Place
from oscar_engage.rules.models import Rule, RuleVersion
from oscar_engage.visitors.models import Visit, Visitor

pytestmark = pytest.mark.django_db
MakeVisitor = Callable[[], Visitor]
NOTE, CHAT = ConversationKind.NOTE, ConversationKind.CHAT


@pytest.fixture
def visitor(make_visitor: MakeVisitor) -> Visitor:
    return make_visitor()


def offer_to(visitor: Visitor, now: datetime) -> Decision:
    visit = Visit.objects.create(visitor=visitor, started_at=now, last_at=now)
    version = RuleVersion.objects.create(rule=Rule.objects.create(name="help"), number=1, document={})
    return Decision.objects.create(
        visitor_id=visitor.pk,
        visit=visit,
        version=version,
        branch=0,
        action="offer.note",
        arm="treated",
        reason="offered",
        eligible_at=now,
        offered_at=now,
    )


def test_open_conversation__question__waits_with_the_promised_time(visitor: Visitor, now: datetime) -> None:
    with override_settings(OSCAR_ENGAGE={"PROMISED_MINUTES": 25}):
        note = open_conversation(NOTE, visitor_id=visitor.pk, body="Do you ship to Malta?", now=now)

    assert (note.kind, note.status, note.due_at) == ("note", ConversationStatus.WAITING, now + timedelta(minutes=25))
    assert [(m.seq, m.role, m.body) for m in note.messages.all()] == [(1, Role.SHOPPER, "Do you ship to Malta?")]


def test_open_conversation__same_client_id__one_note(visitor: Visitor, now: datetime) -> None:
    client_id = uuid.uuid4()
    notes = {open_conversation(NOTE, visitor_id=visitor.pk, body="Hello", client_id=client_id, now=now) for _ in range(2)}

    assert len(notes) == 1
    assert Conversation.objects.count() == 1


def test_open_conversation__another_visitors_client_id__a_note_of_its_own(make_visitor: MakeVisitor, now: datetime) -> None:
    client_id = uuid.uuid4()
    notes = {
        open_conversation(NOTE, visitor_id=make_visitor().pk, body="Hello", client_id=client_id, now=now) for _ in range(2)
    }

    assert len(notes) == 2


def test_open_conversation__too_many_in_an_hour__refused_until_it_is_over(visitor: Visitor, now: datetime) -> None:
    for _ in range(CONVERSATIONS_PER_HOUR):
        open_conversation(NOTE, visitor_id=visitor.pk, body="Hello", now=now)

    with pytest.raises(TooManyError):
        open_conversation(CHAT, visitor_id=visitor.pk, body="Hello", now=now + timedelta(minutes=59))
    open_conversation(CHAT, visitor_id=visitor.pk, body="Hello", now=now + timedelta(minutes=61))


def test_open_conversation__same_address_from_many_browsers__refused_until_the_hour_is_over(
    make_visitor: MakeVisitor, now: datetime
) -> None:
    def ask(email: str, minutes: int = 0) -> Conversation:
        later = now + timedelta(minutes=minutes)
        return open_conversation(NOTE, visitor_id=make_visitor().pk, body="Hello", email=email, now=later)

    for _ in range(CONVERSATIONS_PER_ADDRESS):
        ask("victim@example.com")

    with pytest.raises(TooManyError):
        ask("Victim@Example.com", minutes=59)
    ask("somebody.else@example.com")
    ask("")
    ask("victim@example.com", minutes=61)


def test_open_conversation__queue_is_full__busy_for_that_kind_alone(make_visitor: MakeVisitor, now: datetime) -> None:
    def ask(kind: ConversationKind) -> Conversation:
        return open_conversation(kind, visitor_id=make_visitor().pk, body="Hello", now=now)

    with override_settings(OSCAR_ENGAGE={"QUEUE_LIMIT": 2}):
        first, _second = ask(NOTE), ask(NOTE)
        with pytest.raises(BusyError):
            ask(NOTE)
        ask(CHAT)
        Conversation.objects.filter(pk=first.pk).update(status=ConversationStatus.OPEN)
        ask(NOTE)


def test_open_conversation__own_offer__recorded_as_accepted(visitor: Visitor, now: datetime) -> None:
    decision = offer_to(visitor, now)

    chat = open_conversation(CHAT, visitor_id=visitor.pk, body="Hello", decision_id=decision.pk, now=now)

    decision.refresh_from_db()
    assert (chat.decision_id, decision.accepted_at) == (decision.pk, now)


def test_open_conversation__offer_of_another_visitor__ignored(make_visitor: MakeVisitor, now: datetime) -> None:
    decision = offer_to(make_visitor(), now)

    note = open_conversation(NOTE, visitor_id=make_visitor().pk, body="Hello", decision_id=decision.pk, now=now)

    decision.refresh_from_db()
    assert (note.decision_id, decision.accepted_at) == (None, None)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("/catalogue/boot_1/?email=a@b.c#x", "/catalogue/boot_1/"),
        ("https://shop.example/basket/?a=1", "/basket/"),
        ("//evil.example/x", "/x"),
        ("/\\evil.example", ""),
        ("/\u202a/evil.example", ""),
        ("/\t/evil.example", ""),
        ("javascript:alert(1)", ""),
        ("http://[", ""),
        ("/" + "x" * 900, "/" + "x" * 499),
    ],
)
def test_open_conversation__page_path__kept_only_if_a_link_to_it_stays_in_the_shop(
    given: str, kept: str, visitor: Visitor, now: datetime
) -> None:
    assert open_conversation(NOTE, visitor_id=visitor.pk, body="Hello", place=Place(page_path=given), now=now).page_path == kept


@pytest.mark.attack("I04")
def test_open_conversation__card_number_in_every_field__masked_in_all(visitor: Visitor, now: datetime) -> None:
    card = "4111 1111 1111 1111"
    note = open_conversation(
        NOTE,
        visitor_id=visitor.pk,
        body=card,
        name=card,
        place=Place(page_title=card, page_path=f"/{card}", anchor_label=card),
        now=now,
    )

    note.refresh_from_db()
    stored = [note.name, note.page_title, note.page_path, note.anchor_label, note.messages.get().body]
    assert stored == ["[card]", "[card]", "/[card]", "[card]", "[card]"]
