"""A person of whom every table knows something, and another one beside."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zlib import compress

import pytest
from django.contrib.auth import get_user_model

from oscar_engage.decisions.matches.moments import pack
from oscar_engage.desk.acts.propose import write_proposal
from oscar_engage.desk.calls.models import CallTry, PhoneCall
from oscar_engage.desk.calls.number import digest_of
from oscar_engage.desk.carry.load import KeptFile, Load
from oscar_engage.desk.carry.storage import remove, walk, write
from oscar_engage.desk.mail import mailbox_digest
from oscar_engage.desk.models import Agent, AgentSkill, Conversation, ConversationKind, Look, Queue, QueueMember, Skill
from oscar_engage.desk.notes.write import write_note
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.pages.keep import keep_snapshot
from oscar_engage.desk.place import Place
from oscar_engage.desk.post import post_message, say
from oscar_engage.desk.presence import set_presence
from oscar_engage.desk.take import take
from oscar_engage.jobs.outbox import enqueue
from oscar_engage.models import (
    AgentDay,
    AgentHour,
    Assignment,
    AutoAnswer,
    BasketMail,
    Conversion,
    Decision,
    Engagement,
    GivenVoucher,
    Hold,
    KeptValue,
    LiveCode,
    LiveMessage,
    LiveSession,
    MailPermission,
    MailSuppression,
    MailThread,
    PlaceInLine,
    Practice,
    PracticeChat,
    PracticeLine,
    Rating,
    ReceivedMail,
    Rule,
    RuleVersion,
    ScoredVector,
    SignalRecord,
    StepRating,
    Survey,
    SurveyAnswer,
    VariantDraw,
    Visit,
    VisitMoments,
    Visitor,
    VisitorBasket,
    Watching,
)
from oscar_engage.privacy.withdraw import KIND as FORGET
from oscar_engage.reminders.digest import person_digests
from oscar_engage.widgets.live import forget_engagements
from tests.desk.pages.snapshots import sent

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
MUCH_LATER = NOW + timedelta(days=9999)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(autouse=True)
def _fresh_process() -> Iterator[None]:
    forget_engagements()
    for path in list(walk()):
        remove(path)
    yield
    forget_engagements()


def number_of(visitor_id: uuid.UUID) -> str:
    """Return the telephone number that this visitor left."""
    return f"+44207946{visitor_id.int % 10_000:04}"


@dataclass(frozen=True)
class Known:
    """Somebody with an account, a browser, a note and a chat that is going on."""

    user: Any
    visitor: Visitor
    note: Conversation
    chat: Conversation

    @property
    def traces(self) -> tuple[str, ...]:
        """What must be in no table any more, in every way of writing it."""
        visitor_id = self.visitor.pk
        return (
            str(visitor_id),
            visitor_id.hex,
            str(self.user.pk),
            self.user.email,
            self.user.first_name,
            f"SN-{self.user.pk}",
            number_of(visitor_id),
        )


@pytest.fixture
def agent(db: None) -> Agent:
    user = get_user_model().objects.create_user("mia", "mia@shop.example")
    return set_presence(Agent.objects.create(user=user, display_name="Mia Moor"), "online", now=NOW)


@pytest.fixture
def rule(db: None) -> Rule:
    Engagement.objects.create(slug="help", widget="balloon", title="Help")
    rule = Rule.objects.create(name="Help")
    RuleVersion.objects.create(rule=rule, number=1, document={})
    return rule


def make_known(first_name: str, user_id: int, *, rule: Rule, agent: Agent, signals: int = 3) -> Known:
    """Write something about somebody into every table."""
    email = f"{first_name.lower()}@example.com"
    user = get_user_model().objects.create_user(first_name, email, pk=user_id, first_name=first_name)
    visitor = Visitor.objects.create(customer=user, consent=3, created_at=NOW, last_seen_at=NOW)
    visit = Visit.objects.create(visitor=visitor, started_at=NOW, last_at=NOW, state={"last_search": f"gift for {first_name}"})
    moments = pack(iter([{"visit.last_search": f"gift for {first_name}"}]))
    VisitMoments.objects.create(visit=visit, ended_at=NOW, moments=moments)
    PlaceInLine.objects.create(visit=visit, path=f"/accounts/{user_id}/", since=NOW, heard_until=NOW)
    ScoredVector.objects.create(visit=visit, visitor_id=visitor.pk, at=NOW, occasion="signal", schema="5ca1ab1e", values=[1.0])
    VisitorBasket.objects.create(visitor=visitor, basket_id=user_id, seen_at=NOW)
    Assignment.objects.create(visitor_id=visitor.pk, rule=rule, arm="treated", probability=0.8, drawn_at=NOW)
    words = Engagement.objects.get(slug="help")
    VariantDraw.objects.create(visitor_id=visitor.pk, engagement=words, variant="B", probability=0.5, drawn_at=NOW)
    decision = Decision.objects.create(
        visitor_id=visitor.pk,
        visit=visit,
        version=rule.versions.get(),
        branch=0,
        action="show.balloon",
        engagement="help",
        arm="treated",
        reason="offered",
        page_path=f"/accounts/{user_id}/",
        eligible_at=NOW,
        offered_at=NOW,
        accepted_at=NOW,
    )
    Conversion.objects.create(
        order_id=user_id,
        order_number=f"SN-{user_id}",
        basket_id=user_id,
        visitor_id=visitor.pk,
        total=Decimal("49.90"),
        currency="GBP",
        placed_at=NOW + timedelta(hours=1),
    )
    answered: dict[str, Any] = {"choice": "other", "text": f"{first_name} has no money", "at": NOW}
    survey, _is_new = Survey.objects.get_or_create(engagement=Engagement.objects.get(slug="help"))
    SurveyAnswer.objects.create(survey=survey, decision_id=decision.pk, visitor_id=visitor.pk, **answered)
    StepRating.objects.create(step="article", subject="returns", visitor_id=visitor.pk, helped=True, at=NOW)
    of_theirs = {"decision_id": decision.pk, "visitor_id": visitor.pk, "voucher_id": user_id}
    GivenVoucher.objects.create(**of_theirs, given_at=NOW, ends_at=NOW + timedelta(hours=24))
    digests = person_digests(user.pk, email)
    MailPermission.objects.create(customer=user, digest=digests[0], asked_at=NOW, confirmed_at=NOW)
    MailSuppression.objects.create(digest=digests[0], created_at=NOW)
    BasketMail.objects.create(customer=user, basket_id=user_id, lines=[[1, 2]], created_at=NOW)
    told = {"visitor_id": visitor.pk, "variable": "crm.tier", "digest": email, "is_customer": True}
    KeptValue.objects.create(**told, value=f"gold for {first_name}", asked_at=NOW, told_at=NOW)
    SignalRecord.objects.bulk_create(
        SignalRecord(
            event_id=uuid.uuid4(),
            visitor_id=visitor.pk,
            visit_id=visit.pk,
            kind="search.made",
            source="server",
            payload={"query": first_name, "results": 0},
            at=NOW,
            received_at=NOW,
        )
        for _ in range(signals)
    )
    note = open_conversation(
        ConversationKind.NOTE,
        visitor_id=visitor.pk,
        visit_id=visit.pk,
        decision_id=decision.pk,
        body=f"I am {first_name}, {email}. Do you ship to Malta?",
        name=first_name,
        email=email,
        place=Place(page_path=f"/accounts/{user_id}/"),
        now=NOW,
    )
    MailThread.objects.create(conversation=note, subject=f"Kettle of {first_name}", message_id=f"<{email}>")
    told_by_mail = {"digest": email, "sender_digest": mailbox_digest(email), "sender_hint": email}
    ReceivedMail.objects.create(**told_by_mail, conversation=note, outcome="continued", at=NOW)
    chat = open_conversation(ConversationKind.CHAT, visitor_id=visitor.pk, body="Are you there?", name=first_name, now=NOW)
    take(chat, agent, now=NOW)
    post_message(chat, role="agent", body=f"Hello {first_name}, Mia Moor here.", client_id=uuid.uuid4(), agent=agent, now=NOW)
    chat.refresh_from_db()
    asked = say(chat, lambda: f"Mia Moor would like to engrave {first_name}.", now=NOW)
    act: dict[str, Any] = {"act": "myshop.engrave", "params": {"title": first_name}, "digest": "0" * 32}
    write_proposal(chat, agent, message=asked, client_id=uuid.uuid4(), now=NOW, **act)
    make_desk_traces(note, chat, agent, first_name=first_name)
    enqueue(FORGET, key=f"{FORGET}:{uuid.uuid4().hex}", payload={"visitor": visitor.pk.hex}, run_at=MUCH_LATER, now=NOW)
    return Known(user, visitor, note, chat)


def make_desk_traces(note: Conversation, chat: Conversation, agent: Agent, *, first_name: str) -> None:
    """Write what the desk keeps beside the messages: a file, a remark, a rating, an invitation, and who on the staff looked."""
    path = write(f"A letter to {first_name}".encode(), now=NOW)
    file = KeptFile(name=f"{first_name}.pdf", kind="pdf", size=20, path=path)
    shown: dict[str, Any] = {"role": "shopper", "body": "", "client_id": uuid.uuid4(), "now": NOW}
    post_message(chat, load=Load(files=(file,)), **shown)
    write_note(chat, agent, body=f"{first_name} has written before, says Mia Moor.", now=NOW)
    keep_snapshot(note, sent(f"<h1>The kettle of {first_name}</h1>", styles=[f"/static/{first_name}.css"]), now=NOW)
    AutoAnswer.objects.create(conversation=note, intent="stock", option=first_name[:20], outcome="refused", offered_at=NOW)
    number = number_of(note.visitor_id)
    times = {"call_at": NOW, "asked_at": NOW}
    call = PhoneCall.objects.create(conversation=note, number=number, digest=digest_of(number), state="missed", **times)
    CallTry.objects.create(call=call, agent=agent, begun_at=NOW, settled_at=NOW, outcome="no_answer")
    Rating.objects.create(conversation=note, agent=agent, score=4, comment=f"{first_name} is content.", at=NOW)
    shared = {"starter": "agent", "state": "ended", "asked_at": NOW, "begun_at": NOW, "ended_at": NOW, "shopper_at": NOW}
    live = LiveSession.objects.create(conversation=chat, agent=agent, page=first_name, keeps=True, **shared)
    recorded = compress(f'{{"events": ["Hello {first_name}"]}}'.encode(), 0)
    LiveMessage.objects.create(session=live, side="shopper", seq=1, body=recorded, at=NOW)
    LiveCode.objects.get_or_create(agent=agent, defaults={"digest": "0" * 64, "until": NOW})
    held = {"offered_at": NOW, "until": NOW, "lease_until": NOW, "ended_at": NOW, "ended_as": "ignored"}
    Hold.objects.create(decision_id=uuid.uuid4(), visitor_id=chat.visitor_id, agent=agent, **held)
    Look.objects.create(conversation=chat, agent=agent, at=NOW)
    Watching.objects.create(conversation=chat, watcher=agent, since=NOW, until=NOW)
    AgentHour.objects.get_or_create(agent=agent, hour=NOW.replace(minute=0, second=0, microsecond=0), defaults={"online": 60})
    AgentDay.objects.get_or_create(agent=agent, day=NOW.date(), defaults={"cells": [], "filled_at": NOW})
    sat = {"started_at": NOW, "seen_at": NOW, "ended_at": NOW, "promise": 60, "language": "en"}
    practice, _is_new = Practice.objects.get_or_create(agent=agent, defaults=sat)
    made_up, _is_new = PracticeChat.objects.get_or_create(practice=practice, script="return.en", defaults={"begins": 2})
    PracticeLine.objects.get_or_create(chat=made_up, seq=1, defaults={"body": "Hello!", "second": 3, "at": NOW})
    skill, _is_new = Skill.objects.get_or_create(slug="returns", defaults={"name": "Returns"})
    AgentSkill.objects.get_or_create(agent=agent, skill=skill)
    QueueMember.objects.get_or_create(agent=agent, queue=Queue.objects.get_or_create(slug="returns", name="Returns")[0])


@pytest.fixture
def ada(rule: Rule, agent: Agent) -> Known:
    return make_known("Adalovelace", 918273645, rule=rule, agent=agent)


@pytest.fixture
def bob(rule: Rule, agent: Agent) -> Known:
    return make_known("Bobkahn", 564738291, rule=rule, agent=agent)
