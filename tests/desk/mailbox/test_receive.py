"""Does a reply continue its conversation, does other mail begin one, and does what is forged change nothing at all?"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.test import override_settings

from oscar_engage.desk.flood import BusyError
from oscar_engage.desk.link import answer_url
from oscar_engage.desk.mailbox.models import Mailbox, MailThread, Outcome, Reason, ReceivedMail
from oscar_engage.desk.mailbox.receive import receive
from oscar_engage.desk.mailbox.token import find_tokens, make_token, reply_address, thread_id
from oscar_engage.desk.models import Agent, Conversation, Message, Role
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.post import post_message
from oscar_engage.desk.take import close
from oscar_engage.jobs.models import Job
from oscar_engage.jobs.run import run_due
from oscar_engage.models import Visitor
from tests.desk.mailbox.conftest import SHOP
from tests.desk.mailbox.letters import mail, reply

pytestmark = pytest.mark.django_db
CARD = "4111 1111 1111 1111"


def bodies(conversation: Conversation) -> list[str]:
    return list(conversation.messages.order_by("seq").values_list("body", flat=True))


def answer(conversation: Conversation, agent: Agent, now: datetime, body: str = "Yes, in 3 days.") -> Message:
    return post_message(conversation, role=Role.AGENT, agent=agent, body=body, client_id=uuid.uuid4(), now=now)


def test_reply__to_the_signed_address__continues_and_waits_for_an_answer(
    note: Conversation, agent: Agent, now: datetime
) -> None:
    answer(note, agent, now)
    got = receive(reply(note, "And to Gozo?\n\nOn 4 May 2026 at 9:30, Shop wrote:\n> Yes, in 3 days."), None, now=now)

    assert (got.outcome, got.reason, got.conversation) == (Outcome.CONTINUED, Reason.NONE, note)
    assert bodies(note) == ["Do you ship to Malta?", "Yes, in 3 days.", "And to Gozo?"]
    note.refresh_from_db()
    assert (note.status, note.agent, note.messages.get(seq=3).role) == ("waiting", agent, Role.SHOPPER)


def test_reply__plus_lost_on_the_way__is_found_by_the_thread(note: Conversation, now: datetime) -> None:
    raw = mail(to="answers@shop.example", References=f"<1@x.example> {thread_id(note, 'shop.example')}")
    assert receive(raw, None, now=now).conversation == note


def test_reply__address_in_other_case_and_with_idna__is_the_same(note: Conversation, now: datetime) -> None:
    Conversation.objects.update(email="Ada@bücher.example")
    raw = reply(note, sender="ADA@xn--bcher-kva.example", to=f"ANSWERS+{make_token(note).upper()}@SHOP.EXAMPLE")
    assert receive(raw, None, now=now).outcome == Outcome.CONTINUED


def test_reply__the_same_mail_twice__is_one_message(note: Conversation, now: datetime) -> None:
    first, second = receive(reply(note), None, now=now), receive(reply(note), None, now=now)

    assert first == second
    assert Message.objects.count() == 2
    receive(reply(note, message_id="<2@mail.example>"), None, now=now)
    assert Message.objects.count() == 3


def test_reply__without_a_message_id__is_known_by_its_text(note: Conversation, now: datetime) -> None:
    for body in ("One", "One", "Two"):
        receive(reply(note, body, message_id=""), None, now=now)
    assert bodies(note) == ["Do you ship to Malta?", "One", "Two"]


def test_reply__key_was_changed__still_goes_by_the_old_one(note: Conversation, now: datetime) -> None:
    raw = reply(note)
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert receive(raw, None, now=now).outcome == Outcome.CONTINUED


def forged(note: Conversation) -> dict[str, bytes]:
    token = make_token(note)
    reference, _hyphen, signature = token.partition("-")
    return {
        "signature changed": mail(to=f"answers+{token[:-1]}{'a' if token[-1] != 'a' else 'b'}@shop.example"),
        "signature short": mail(to=f"answers+{token[:-2]}@shop.example"),
        "signature empty": mail(to=f"answers+{reference}-@shop.example"),
        "reference alone": mail(to=f"answers+{reference}@shop.example"),
        "other reference": mail(to=f"answers+22222222-{signature}@shop.example"),
        "public id": mail(to=f"answers+{note.public_id}@shop.example"),
        "link's token": mail(to=f"answers+{answer_url(note).rpartition('token=')[2]}@shop.example"),
        "reference in the thread": mail(References=f"<engage-thread-{reference}@shop.example>"),
        "subject": mail(to="answers@shop.example", subject=f"Re: {note.reference}"),
        "another host's address": mail(to=f"answers+{token}@evil.example"),
    }


@pytest.mark.attack("G07")
def test_reply__forged__is_not_taken_is_written_down_and_nobody_is_told(
    note: Conversation, now: datetime, mailoutbox: list[EmailMessage]
) -> None:
    for number, (name, raw) in enumerate(forged(note).items()):
        got = receive(raw.replace(b"<1@", b"<%d@" % number), None, now=now)
        assert got.outcome == Outcome.REFUSED, name
        assert got.reason in {Reason.FORGED, Reason.NO_THREAD}, name
        assert got.conversation is None, name

    run_due(now=now)
    assert bodies(note) == ["Do you ship to Malta?"]
    assert ReceivedMail.objects.filter(outcome=Outcome.REFUSED).count() == len(forged(note))
    assert mailoutbox == []


@pytest.mark.attack("G07")
def test_reply__genuine_token_from_another_address__is_refused(note: Conversation, now: datetime) -> None:
    for number, sender in enumerate(
        ("eve@example.com", "ada@evil.example", "ada+1@example.com", '"ada@example.com" <eve@x.example>')
    ):
        got = receive(reply(note, sender=sender, message_id=f"<{number}@x.example>"), None, now=now)
        assert (got.outcome, got.reason) == (Outcome.REFUSED, Reason.STRANGER)
    Conversation.objects.update(email="")
    assert receive(reply(note), None, now=now).reason == Reason.STRANGER
    assert bodies(note) == ["Do you ship to Malta?"]


def test_reply__refused__does_not_stand_in_the_way_of_the_genuine_one(note: Conversation, now: datetime) -> None:
    receive(mail(to="answers+x@shop.example"), None, now=now)
    assert receive(reply(note), None, now=now).outcome == Outcome.CONTINUED


def test_reply__to_a_closed_or_forgotten_conversation__is_refused(note: Conversation, agent: Agent, now: datetime) -> None:
    late = now + timedelta(days=30, minutes=1)
    assert receive(reply(note), None, now=late).reason == Reason.EXPIRED
    close(note, agent, now=now)
    assert receive(reply(note), None, now=now).reason == Reason.CLOSED
    note.delete()
    assert receive(mail(to=f"answers+{make_token(note)}@shop.example"), None, now=now).reason == Reason.FORGED
    assert Message.objects.count() == 0


@pytest.mark.parametrize(
    ("results", "outcome"),
    [
        ("mx.shop.example; dmarc=pass header.from=example.com", Outcome.CONTINUED),
        ("mx.shop.example; dmarc=fail header.from=example.com", Outcome.REFUSED),
        ("mx.evil.example; dmarc=pass header.from=example.com", Outcome.REFUSED),
    ],
)
def test_reply__server_has_to_vouch__only_what_it_found_genuine(
    results: str, outcome: Outcome, note: Conversation, now: datetime
) -> None:
    with override_settings(OSCAR_ENGAGE={**SHOP, "TRUSTED_MAIL_SERVER": "mx.shop.example"}):
        assert receive(reply(note, Authentication_Results=results), None, now=now).outcome == outcome


@pytest.mark.attack("G05")
@pytest.mark.parametrize(
    "machine",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"Return_Path": "<>"},
        {"sender": "answers@shop.example"},
        {"sender": "support+x@shop.example"},
        {"sender": "shop@shop.example"},
    ],
    ids=str,
)
def test_mail__of_a_machine_or_our_own__begins_nothing_and_is_never_answered(
    machine: dict[str, str], mailbox: Mailbox, note: Conversation, now: datetime, mailoutbox: list[EmailMessage]
) -> None:
    for raw in (mail("<script>", **machine), reply(note, **machine)):  # type: ignore[arg-type]  # headers alone
        assert receive(raw, mailbox, now=now).outcome == Outcome.IGNORED
    run_due(now=now)

    assert (Message.objects.count(), len(mailoutbox)) == (1, 0)


def test_mail__to_a_mailbox__becomes_a_note_in_its_queue_with_a_promise(mailbox: Mailbox, now: datetime) -> None:
    got = receive(mail("It broke.\n\n-- \nAda", subject="Kettle broken"), mailbox, now=now)

    [opened] = Conversation.objects.all()
    assert (got.outcome, got.conversation) == (Outcome.OPENED, opened)
    assert (opened.kind, opened.status, opened.queue, opened.language) == ("note", "waiting", mailbox.queue, "en")
    assert (opened.name, opened.email, opened.due_at) == ("Ada", "ada@example.com", now + timedelta(minutes=40))
    assert bodies(opened) == ["Subject: Kettle broken\n\nIt broke."]
    thread = MailThread.objects.get()
    assert (thread.conversation, thread.mailbox, thread.subject) == (opened, mailbox, "Kettle broken")
    assert thread.message_id == "<1@mail.example>"


def test_mail__of_a_known_customer__is_not_tied_to_their_browser(
    mailbox: Mailbox, note: Conversation, now: datetime, make_visitor: Callable[[], Visitor]
) -> None:
    visitor = make_visitor()
    opened = receive(mail(), mailbox, now=now).conversation
    assert opened is not None
    assert opened.visitor_id not in {visitor.pk, note.visitor_id}
    assert not Visitor.objects.filter(pk=opened.visitor_id).exists()


@pytest.mark.attack("I04", "A04", "A05")
def test_mail__card_numbers_and_markup__are_masked_and_kept_as_text(mailbox: Mailbox, now: datetime) -> None:
    text = "x" * 3690 + f" {CARD}"
    raw = mail(f"My card {CARD} <b>CVV 123</b>", subject=f"Card {CARD}", sender=f"<script> {CARD} <ada@example.com>")
    receive(raw.replace(b"From: ", b'From: "', 1).replace(b" <ada@", b'" <ada@', 1), mailbox, now=now)
    receive(mail(text, sender="bob@example.com", message_id="<2@x.example>"), mailbox, now=now)

    kept = str(list(Conversation.objects.values_list())) + str(list(Message.objects.values_list("body")))
    kept += str(list(MailThread.objects.values_list("subject"))) + str(list(Job.objects.values_list("payload")))
    assert "4111" not in kept
    assert "My card [card] <b>CVV [cvv]</b>" in kept


def test_mail__attachments_and_length__are_told_in_the_conversations_language(mailbox: Mailbox, now: datetime) -> None:
    receive(mail("x" * 9000, attachments=2), mailbox, now=now)
    receive(mail("", subject="", attachments=1, message_id="<2@x.example>", sender="b@x.example"), mailbox, now=now)
    first, second = Message.objects.order_by("pk")
    assert "(2 attachments were not taken over.)" in first.body
    assert "(The mail is longer; the rest was not taken over.)" in first.body
    assert len(first.body) <= 4000
    assert second.body == "(1 attachment was not taken over.)"


@pytest.mark.parametrize("body", ["", " \n\u200b\n"])
def test_mail__nothing_in_it__is_refused(body: str, mailbox: Mailbox, note: Conversation, now: datetime) -> None:
    assert receive(mail(body, subject=""), mailbox, now=now).reason == Reason.EMPTY
    assert receive(reply(note, body, subject="Re: x"), mailbox, now=now).reason == Reason.EMPTY
    assert Message.objects.count() == 1


@pytest.mark.attack("H07")
def test_mail__flood_of_one_sender__is_refused_and_of_all_is_to_come_again(mailbox: Mailbox, now: datetime) -> None:
    got = [receive(mail(message_id=f"<{n}@x.example>"), mailbox, now=now).reason for n in range(5)]
    assert got == [Reason.NONE] * 3 + [Reason.FLOOD] * 2
    with override_settings(OSCAR_ENGAGE={**SHOP, "QUEUE_LIMIT": 3}), pytest.raises(BusyError):
        receive(mail(sender="bob@example.com", message_id="<9@x.example>"), mailbox, now=now)
    assert Conversation.objects.count() == 3
    assert not ReceivedMail.objects.filter(sender_hint="b…@example.com").exists()


@pytest.mark.attack("H07", "I04")
def test_log__of_refused_mails__holds_no_text_no_address_and_not_all_of_a_flood(
    mailbox: Mailbox, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oscar_engage.desk.mailbox.log.MOST_REFUSED_IN_AN_HOUR", 3)
    for number in range(6):
        receive(mail("secret words", sender="eve@evil.example", message_id=f"<{number}@x.example>"), None, now=now)
    receive(b"junk", None, now=now)

    kept = str(list(ReceivedMail.objects.values()))
    assert ReceivedMail.objects.count() == 3
    assert "secret" not in kept
    assert "eve@" not in kept
    assert "e…@evil.example" in kept


@pytest.mark.attack("G01")
def test_mail__header_injection__reaches_no_header_of_the_answer(
    mailbox: Mailbox, agent: Agent, now: datetime, mailoutbox: list[EmailMessage]
) -> None:
    raw = (
        b"From: Ada =?utf-8?q?=E2=80=A8Bcc=3A_v=40x.example?= <ada@example.com>\r\n"
        b"Subject: =?utf-8?q?Hi=0D=0ABcc=3A_victim=40example.com?=\r\n"
        b"Message-ID: <a@x.example>\r\n Bcc: v@x.example\r\nReferences: <ref@x.example>\r\n\tX: <b@x\r\n\r\nHello"
    )
    opened = receive(raw, mailbox, now=now).conversation
    assert opened is not None
    answer(opened, agent, now)
    assert run_due(now=now).failed == 0

    for sent in mailoutbox:
        wire = sent.message()
        assert wire["Bcc"] is None
        assert sent.recipients() == ["ada@example.com"]
        assert "\n" not in sent.subject + opened.name


def test_thread__question_receipt_answer_reply__refer_to_each_other(
    mailbox: Mailbox, agent: Agent, now: datetime, mailoutbox: list[EmailMessage]
) -> None:
    opened = receive(mail(subject="Kettle", References="<old@x.example>"), mailbox, now=now).conversation
    assert opened is not None
    run_due(now=now)
    answer(opened, agent, now)
    run_due(now=now)

    _receipt, told = mailoutbox
    root = thread_id(opened, "shop.example")
    assert (told.from_email, told.to, told.subject) == (
        "support@shop.example",
        ["ada@example.com"],
        f"Re: Kettle [{opened.reference}]",
    )
    assert told.reply_to == [reply_address("support@shop.example", opened)]
    assert told.extra_headers["In-Reply-To"] == "<1@mail.example>"
    assert told.extra_headers["References"] == f"<old@x.example> {root} <1@mail.example>"
    assert told.extra_headers["Auto-Submitted"] == "auto-generated"
    assert "Yes, in 3 days." in told.body
    assert len(told.reply_to[0].partition("@")[0]) <= 64

    raw = mail("Thanks", message_id="<3@x.example>", References=f"{told.extra_headers['References']} <x@shop.example>")
    assert receive(raw, mailbox, now=now).conversation == opened
    answer(opened, agent, now, "You are welcome.")
    run_due(now=now + timedelta(hours=1))
    assert mailoutbox[-1].extra_headers["In-Reply-To"] == "<3@x.example>"
    assert mailoutbox[-1].extra_headers["References"].count(root) == 1


def test_mailbox__without_plus__answers_go_to_it_bare(
    mailbox: Mailbox, agent: Agent, now: datetime, mailoutbox: list[EmailMessage]
) -> None:
    Mailbox.objects.update(takes_plus=False, sends_receipts=False)
    opened = receive(mail(), mailbox, now=now).conversation
    assert opened is not None
    answer(opened, agent, now)
    run_due(now=now)
    assert mailoutbox[0].reply_to == ["support@shop.example"]


def test_reply_address__local_part_too_long_or_none__is_none(note: Conversation) -> None:
    assert reply_address("", note) == ""
    assert reply_address("a" * 40 + "@shop.example", note) == ""


@pytest.mark.attack("G02")
@pytest.mark.parametrize(
    "sender", ["a@b_c.example", "a@" + "b" * 64 + ".example", '"a b"@x', "a" * 300 + "@x.example", "<script>@x.example"]
)
def test_mail__sender_that_is_no_address__is_refused(sender: str, mailbox: Mailbox, now: datetime) -> None:
    raw = mail().replace(b"Ada <ada@example.com>", f"<{sender}>".encode())
    assert receive(raw, mailbox, now=now).outcome == Outcome.REFUSED
    assert not Conversation.objects.exists()


def test_find_tokens__only_behind_an_address_of_ours() -> None:
    ours = ["answers@shop.example"]
    assert find_tokens(
        ["answers+a@shop.example", "answers+b@x.example", "other+c@shop.example", "answers@shop.example"], [], ours
    ) == ["a"]


def test_continued_note__of_a_browser__keeps_no_mailbox(mailbox: Mailbox, note: Conversation, now: datetime) -> None:
    receive(reply(note), mailbox, now=now)
    assert MailThread.objects.get().mailbox is None
    open_conversation("note", visitor_id=uuid.uuid4(), body="x", now=now)  # type: ignore[arg-type]  # a plain word does
    assert MailThread.objects.count() == 1
