"""What else may happen to the desk in miniature: invitations, handing on, resting, proposals, erasure; and what must hold then.

A part of ``machine.Machine``, which has agents, shoppers, a clock and what was accepted.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Count, Q, Sum
from django.http import HttpRequest

from oscar_engage.decisions.models import Arm, Decision, Reason
from oscar_engage.desk.acts.answer import answer
from oscar_engage.desk.acts.models import Proposal, ProposalState
from oscar_engage.desk.acts.propose import withdraw, write_proposal
from oscar_engage.desk.dialer.answer import hear, note_answer, note_left
from oscar_engage.desk.dialer.held import open_holds
from oscar_engage.desk.dialer.models import Hold
from oscar_engage.desk.dialer.offer import keep_place
from oscar_engage.desk.dialer.purge import erase_holds
from oscar_engage.desk.erase import erase_conversations
from oscar_engage.desk.mailbox.rest import rest, rest_if_left
from oscar_engage.desk.models import Agent, Conversation, ConversationKind, ConversationStatus, Message, Queue, Role
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.oversight.send_off import send_off
from oscar_engage.desk.post import lock_conversation, say
from oscar_engage.desk.promises.course import owes_answer
from oscar_engage.desk.read import mark_read_by_shopper
from oscar_engage.desk.transfer.claim import where_is
from oscar_engage.desk.transfer.deed import Deed
from oscar_engage.desk.transfer.hand_on import hand_to_agent, hand_to_queue, take_over
from oscar_engage.desk.transfer.move import move_seen
from oscar_engage.personal.person import make_person
from oscar_engage.rules.models import Rule, RuleVersion
from oscar_engage.visitors.models import Visitor

GOING_ON = Q(status__in=(ConversationStatus.WAITING, ConversationStatus.OPEN))


@dataclass
class MoreSteps:
    """``once``: what was seen to be settled, which must stay as it was: ends of holds, proposals and escalations."""

    seed: int
    now: datetime
    chance: random.Random = field(init=False)
    agents: list[Agent] = field(default_factory=list)
    visitors: list[Visitor] = field(default_factory=list)
    accepted: dict[int, dict[uuid.UUID, str]] = field(default_factory=dict)
    archive: dict[int, dict[uuid.UUID, str]] = field(default_factory=dict)
    outboxes: dict[int, list[tuple[uuid.UUID, str]]] = field(default_factory=dict)
    once: dict[tuple[str, int], object] = field(default_factory=dict)
    queues: list[Queue | None] = field(default_factory=list)
    version: RuleVersion = field(init=False)

    def prepare(self) -> None:
        """Make what these steps need."""
        tag = uuid.uuid4().hex[:6]
        self.queues = [None, *(Queue.objects.create(slug=f"{name}-{tag}", name=name) for name in ("returns", "size"))]
        self.version = RuleVersion.objects.create(rule=Rule.objects.create(name=f"Help {tag}"), number=1, document={})

    # Invitations.

    def invite(self) -> None:
        visitor = self.chance.choice(self.visitors)
        with transaction.atomic():  # as the beat
            decision = Decision.objects.create(
                visitor_id=visitor.pk,
                version=self.version,
                branch=0,
                action="invite.chat",
                arm=Arm.TREATED,
                reason=Reason.OFFERED,
                eligible_at=self.now,
                offered_at=self.now,
            )
            keep_place(decision_id=decision.pk, visitor_id=visitor.pk, now=self.now)

    def react(self) -> None:
        """The invited browser is heard, or says what was done."""
        if hold := self.hold():
            what, decision = self.chance.choice(["stays", "accepted", "dismissed", "ignored", "leaves"]), hold.decision_id
            with transaction.atomic():
                if what == "stays":
                    hear(hold.visitor_id, [str(decision), "panel"], now=self.now)
                elif what == "leaves":
                    note_left(hold.visitor_id, [str(decision)], now=self.now)
                else:
                    note_answer(hold.visitor_id, decision, what, now=self.now)

    def ask_invited(self) -> None:
        """The form is sent, in time or long after."""
        if self.is_full():
            return
        if hold := self.hold(is_any=self.chance.random() < 0.3):
            client_id = uuid.uuid4()
            for _time in range(self.chance.choice([1, 2])):
                chat = open_conversation(
                    ConversationKind.CHAT,
                    visitor_id=hold.visitor_id,
                    decision_id=hold.decision_id,
                    body="Is it blue?",
                    client_id=client_id,
                    now=self.now,
                )
                self.accepted.setdefault(chat.pk, {})[client_id] = "Is it blue?"

    # From hand to hand.

    def hand_on(self) -> None:
        if chat := self.pick():
            seen = where_is(chat)
            if self.chance.random() < 0.2:  # somebody else is quicker
                with suppress(ValueError), transaction.atomic():
                    move_seen(chat, self.chance.choice(self.queues), seen=seen, user=None, now=self.now)
            if self.chance.random() < 0.5:
                hand_to_agent(chat, self.agent(), self.deed(), seen=seen)
            else:
                hand_to_queue(chat, self.chance.choice(self.queues), self.deed(), seen=seen)

    def take_over(self) -> None:
        if chat := self.pick():
            take_over(chat, self.agent(), seen=where_is(chat), user=None, now=self.now)

    def move(self) -> None:
        if chat := self.pick():
            move_seen(chat, self.chance.choice(self.queues), seen=where_is(chat), user=None, now=self.now)

    def send_off(self) -> None:
        send_off(self.agent(), self.deed(), to=self.chance.choice([*self.queues, *self.agents]))

    # Shoppers who leave, come back, write by mail, answer proposals, and want to be forgotten.

    def read(self) -> None:
        if chat := self.pick():
            mark_read_by_shopper(chat, chat.last_seq)

    def leave_address(self) -> None:
        if chat := self.pick():
            Conversation.objects.filter(pk=chat.pk).update(email=f"{uuid.uuid4().hex}@example.com")

    def rest(self) -> None:
        """The job that looks whether a shopper was shown an answer comes, on time or late."""
        said = Message.objects.filter(conversation__in=self.accepted, role=Role.AGENT).select_related("conversation")
        if pks := list(said.order_by("pk").values_list("pk", flat=True)):
            rest(said.get(pk=self.chance.choice(pks)), now=self.now)

    def mail(self) -> None:
        chat = self.pick()
        if chat is not None and chat.email:
            with transaction.atomic():
                rest_if_left(chat, now=self.now)
                self.say(chat, Role.SHOPPER, item := (uuid.uuid4(), "By mail."), is_repeat=True)
            self.accepted[chat.pk].setdefault(*item)

    def propose(self) -> None:
        chat = self.pick()
        if chat is None or chat.agent is None or chat.kind != ConversationKind.CHAT:
            return
        with transaction.atomic():
            locked = lock_conversation(chat)
            if locked.status == ConversationStatus.OPEN and locked.agent_id == chat.agent_id:
                asked = say(locked, lambda: "Shall I?", now=self.now)
                write_proposal(locked, chat.agent, act="gone", message=asked, client_id=uuid.uuid4(), now=self.now, params={})

    def answer(self) -> None:
        """Yes, no or taken back, to any there ever was."""
        proposals = Proposal.objects.filter(conversation__in=self.accepted).select_related("conversation")
        if pks := list(proposals.order_by("pk").values_list("pk", flat=True)):
            proposal, what = proposals.get(pk=self.chance.choice(pks[-6:])), self.chance.choice(["yes", "no", "back"])
            if what == "back":
                withdraw(proposal.conversation, proposal.public_id, user=AnonymousUser(), now=self.now)
            else:
                asked: dict[str, Any] = {"is_yes": what == "yes", "request": HttpRequest(), "now": self.now}
                answer(proposal.conversation, proposal.public_id, **asked)

    def erase(self) -> None:
        visitor = self.chance.choice(self.visitors)
        person = make_person(visitor_ids=[visitor.pk])
        gone = list(Conversation.objects.filter(visitor_id=visitor.pk).values_list("pk", flat=True))
        with transaction.atomic():
            erase_conversations(Conversation.objects.filter(visitor_id=visitor.pk), person, now=self.now)
            erase_holds(Hold.objects.filter(visitor_id=visitor.pk), person, now=self.now)
        for pk in gone:
            for kept in (self.accepted, self.archive, self.outboxes):
                kept.pop(pk, None)

    # What must hold.

    def broken_more(self) -> Iterator[str]:
        """Say what of all this does not hold."""
        yield from self._slots()
        yield from self._settled()
        for chat in Conversation.objects.filter(GOING_ON, pk__in=self.accepted):
            yield from self._promise(chat)
        late = Proposal.objects.filter(conversation__status=ConversationStatus.CLOSED, state=ProposalState.WAITING)
        if late.exists():
            yield "a closed chat waits for a yes"

    def _slots(self) -> Iterator[str]:
        places = dict(open_holds().exclude(agent=None).order_by().values_list("agent").annotate(Count("pk")))
        for agent in Agent.objects.annotate(held=Sum("conversations__weight")):
            weight, kept = agent.held or 0, places.get(agent.pk, 0)
            if agent.used_tenths != weight + 10 * kept:
                yield f"{agent} uses {agent.used_tenths} tenths, its chats weigh {weight}, {kept} places are kept"

    def _promise(self, chat: Conversation) -> Iterator[str]:
        owes = owes_answer(chat)
        if chat.status == ConversationStatus.WAITING and not owes:
            yield f"{chat} waits, and nothing is owed"
        if chat.kind == ConversationKind.NOTE and chat.status == ConversationStatus.OPEN and owes:
            yield f"note {chat} is answered and owes an answer"
        if owes and chat.breached_at is None and chat.watch_at is None:
            yield f"{chat} owes an answer that nobody watches over"
        if not owes and chat.watch_at is not None and (chat.resolve_by is None or chat.paused_at is not None):
            yield f"{chat} is watched for nothing"

    def _settled(self) -> Iterator[str]:
        ends = Hold.objects.filter(ended_at__isnull=False).values_list("pk", "ended_as", "ended_at")
        seen: list[tuple[tuple[str, int], object]] = [(("hold", pk), (how, at)) for pk, how, at in ends]
        settled = Proposal.objects.exclude(state__in=(ProposalState.WAITING, ProposalState.AGREED))
        seen += [(("proposal", pk), state) for pk, state in settled.values_list("pk", "state")]
        escalated = Conversation.objects.filter(escalated_at__isnull=False).values_list("pk", "escalated_at")
        seen += [(("escalation", pk), at) for pk, at in escalated]
        for what, how in seen:
            if self.once.setdefault(what, how) != how:
                yield f"{what} was {self.once[what]} and is {how}"

    # Helpers.

    def is_full(self) -> bool:
        raise NotImplementedError

    def agent(self) -> Agent:
        raise NotImplementedError

    def pick(self) -> Conversation | None:
        raise NotImplementedError

    def say(self, chat: Conversation, role: str, item: tuple[uuid.UUID, str], *, is_repeat: bool = False) -> None:
        raise NotImplementedError

    def hold(self, *, is_any: bool = False) -> Hold | None:
        """Return a place of ours, mostly one that is still kept."""
        holds = Hold.objects.all() if is_any else open_holds()
        pks = list(holds.filter(visitor_id__in=[one.pk for one in self.visitors]).order_by("pk").values_list("pk", flat=True))
        return Hold.objects.get(pk=self.chance.choice(pks)) if pks else None

    def deed(self) -> Deed:
        return Deed(by=self.agent(), user=None, reason="You know this.", now=self.now)


MORE_STEPS = {
    **{"invite": 10, "react": 10, "ask_invited": 6, "hand_on": 6, "take_over": 3, "move": 2, "send_off": 1},
    **{"read": 6, "leave_address": 3, "rest": 4, "mail": 4, "propose": 4, "answer": 5, "erase": 1},
}
"""How often each comes, in proportion to those of ``machine``."""
