"""A desk in miniature, driven at random: what may happen to chats does, in any order, and after each step all must hold.

``Machine(seed).run(steps)``: the seed alone decides, so that a failure can be seen again.
"""

import random
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from unittest import mock

from django.contrib.auth import get_user_model
from django.db import transaction

from oscar_engage.desk import post, presence, slots, take
from oscar_engage.desk.acts.models import Proposal
from oscar_engage.desk.dialer import held, seat
from oscar_engage.desk.dialer.held import sweep_dead
from oscar_engage.desk.flood import BusyError, TooManyError
from oscar_engage.desk.line import take_next
from oscar_engage.desk.mailbox import rest
from oscar_engage.desk.models import Agent, Conversation, ConversationKind, ConversationStatus, Message, Presence, Role
from oscar_engage.desk.note_instead import leave_note_instead
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.post import ConversationClosedError, NotTakenError, post_message
from oscar_engage.desk.presence import expire_leases, heartbeat, rest_inactive, set_presence
from oscar_engage.desk.promises.sweep import watch_promises
from oscar_engage.desk.ratings.give import NotRateableError, rate
from oscar_engage.desk.slots import NoFreeSlotError, settle_silent
from oscar_engage.desk.take import TakenError, close
from oscar_engage.desk.take import take as take_chat
from oscar_engage.desk.transfer import hand_on
from oscar_engage.desk.transfer.claim import MovedError
from oscar_engage.visitors.models import Visitor
from tests.desk.machine_more import MORE_STEPS, MoreSteps

EXPECTED = (
    *(TakenError, NoFreeSlotError, ConversationClosedError, NotTakenError, TooManyError, BusyError, NotRateableError),
    *(MovedError, Proposal.DoesNotExist),
)
"""What the desk may answer to somebody who came too late or asked too much."""

MOST_OPEN = 8
"""Chats that go on at once; more only makes each of them see less."""


MOST_LOOKED_AT = 24
"""Conversations of which every word is looked at after each step."""


class KilledError(Exception):
    """The process dies here."""


@dataclass
class Machine(MoreSteps):
    """Agents, shoppers and a clock. ``accepted``: what each conversation's server said yes to, by client id, in its order."""

    done: Counter[str] = field(default_factory=Counter)
    killed: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        for number in range(3):
            user = get_user_model().objects.create_user(f"agent-{self.seed}-{number}-{uuid.uuid4().hex[:6]}")
            self.agents.append(Agent.objects.create(user=user, display_name=f"Agent {number}", capacity=number + 1))
        self.visitors = [Visitor.objects.create(created_at=self.now, last_seen_at=self.now, consent=1) for _ in range(6)]
        self.prepare()

    def run(self, steps: int) -> None:
        """Take so many steps; raise ``AssertionError`` with seed and step where something does not hold."""
        names = list(STEPS)
        weights = [STEPS[name] for name in names]
        for number in range(steps):
            name = self.chance.choices(names, weights)[0]
            self.step(name)
            wrong = list(self.broken())
            assert not wrong, f"seed {self.seed}, step {number} ({name}): {wrong}"
            self.put_away()
        self.accepted |= self.archive
        wrong = list(self.broken())
        assert not wrong, f"seed {self.seed}, at the end: {wrong}"

    def put_away(self) -> None:
        """Look at what has been over for long no more until the end: each step would take longer than the one before."""
        if len(self.accepted) > MOST_LOOKED_AT:
            over = Conversation.objects.filter(pk__in=self.accepted, status=ConversationStatus.CLOSED).order_by(
                "closed_at", "pk"
            )
            for pk in over.values_list("pk", flat=True)[: MOST_LOOKED_AT // 2]:
                self.archive[pk] = self.accepted.pop(pk)

    def step(self, name: str) -> None:
        """Do it as a process would: whole, refused, or killed in the middle."""
        kill_at = self.chance.randrange(1, 4) if self.chance.random() < 0.25 else 0
        try:
            with dying(kill_at):
                getattr(self, name)()
            self.done[name] += 1
        except EXPECTED:
            self.done[f"{name} refused"] += 1
        except KilledError:
            self.killed += 1

    # What agents do.

    def come(self) -> None:
        set_presence(self.agent(), Presence.ONLINE, now=self.now)

    def pause(self) -> None:
        set_presence(self.agent(), Presence.AWAY, now=self.now, reason="break")

    def go(self) -> None:
        set_presence(self.agent(), Presence.OFFLINE, now=self.now)

    def beat(self) -> None:
        for agent in self.agents:
            if self.chance.random() < 0.8:
                heartbeat(agent, now=self.now)

    def take(self) -> None:
        if chat := self.pick():
            take_chat(chat, self.agent(), now=self.now)

    def race(self) -> None:
        """Two agents hold the same page; the second has not seen the first."""
        if chat := self.pick():
            first, second = self.chance.sample(self.agents, 2)
            for agent in (first, second):
                try:
                    with transaction.atomic():
                        take_chat(Conversation.objects.get(pk=chat.pk), agent, now=self.now)
                except (TakenError, NoFreeSlotError):
                    continue

    def take_next(self) -> None:
        take_next(self.agent(), now=self.now)

    def reply(self) -> None:
        if chat := self.pick():
            self.say(chat, Role.AGENT, (uuid.uuid4(), "Yes."), agent=chat.agent or self.agent())

    def end(self) -> None:
        if chat := self.pick():
            close(chat, chat.agent or self.agent(), now=self.now)

    # What shoppers do.

    def ask(self) -> None:
        if self.is_full():
            return
        client_id, visitor = uuid.uuid4(), self.chance.choice(self.visitors)
        for _time in range(self.chance.choice([1, 1, 2])):  # a form that is sent twice
            chat = open_conversation(
                ConversationKind.CHAT, visitor_id=visitor.pk, body="Is it green?", client_id=client_id, now=self.now
            )
            self.accepted.setdefault(chat.pk, {})[client_id] = "Is it green?"

    def write(self) -> None:
        """Put it into the outbox; it goes out with the next :meth:`deliver`, perhaps much later."""
        if chat := self.pick():
            text = "".join(self.chance.choices("abcdefghijkl", k=12)) + "."
            self.outboxes.setdefault(chat.pk, []).append((uuid.uuid4(), text))

    def deliver(self) -> None:
        """Send what a browser kept: in order, or as two tabs would, some of it twice and some of it early."""
        waiting = [pk for pk, items in self.outboxes.items() if items]
        if not waiting:
            return
        pk = self.chance.choice(waiting)
        if pk in self.archive:
            self.outboxes[pk] = []
            return
        chat, items = Conversation.objects.get(pk=pk), list(self.outboxes[pk])
        if self.chance.random() < 0.3:
            items = self.chance.sample(items, len(items))
        for item in items + items[: self.chance.randrange(len(items) + 1)]:
            try:
                self.say(chat, Role.SHOPPER, item)
            except ConversationClosedError:
                self.outboxes[pk] = []
                return
            self.outboxes[pk] = [kept for kept in self.outboxes[pk] if kept != item]

    def repeat(self) -> None:
        """An answer of ours got lost: the browser sends again what we have had for long."""
        if (chat := self.pick()) and self.accepted.get(chat.pk):
            client_id, text = self.chance.choice(list(self.accepted[chat.pk].items()))
            self.say(chat, Role.SHOPPER, (client_id, f"{text}!"), is_repeat=True)

    def hang_up(self) -> None:
        if chat := self.pick():
            close(chat, now=self.now)

    def leave_instead(self) -> None:
        if chat := self.pick():
            leave_note_instead(chat, email=self.chance.choice(["", "ada@example.com"]), now=self.now)

    def rate(self) -> None:
        answered = Conversation.objects.filter(pk__in=self.accepted, first_reply_at__isnull=False)
        if pks := list(answered.order_by("pk").values_list("pk", flat=True)):
            rate(answered.get(pk=self.chance.choice(pks)), score=self.chance.randrange(1, 6), comment="", now=self.now)

    # What time and the worker do.

    def wait_a_little(self) -> None:
        self.now += timedelta(seconds=self.chance.randrange(1, 25))

    def wait_long(self) -> None:
        self.now += timedelta(minutes=self.chance.randrange(1, 90))

    def clock_is_set_back(self) -> None:
        self.now -= timedelta(seconds=self.chance.randrange(1, 90))

    def sweep(self) -> None:
        self.chance.choice([expire_leases, rest_inactive, settle_silent, sweep_dead])(now=self.now)

    def watch(self) -> None:
        watch_promises({}, now=self.now)

    # What must hold.

    def broken(self) -> Iterator[str]:
        """Say what does not hold."""
        yield from self.broken_more()
        known = list(Conversation.objects.filter(pk__in=self.accepted).select_related("agent"))
        said: dict[int, list[tuple[int, uuid.UUID, str]]] = {chat.pk: [] for chat in known}
        rows = Message.objects.filter(conversation__in=said).order_by("seq")
        for pk, seq, client_id, body in rows.values_list("conversation_id", "seq", "client_id", "body"):
            said[pk].append((seq, client_id, body))
        for chat in known:
            yield from self._state(chat)
            yield from self._words(chat, said[chat.pk])
        if lost := set(self.accepted) - set(said):
            yield f"conversations are lost: {lost}"

    def _state(self, chat: Conversation) -> Iterator[str]:
        owner = chat.agent
        if chat.kind == ConversationKind.NOTE:
            if chat.weight:
                yield f"note {chat} holds a slot"
            return
        if chat.status == ConversationStatus.WAITING and (owner or chat.weight):
            yield f"{chat} waits, but is {owner}'s with weight {chat.weight}"
        if chat.status == ConversationStatus.OPEN and (owner is None or owner.presence == Presence.OFFLINE or not chat.weight):
            yield f"{chat} goes on with {owner}, weight {chat.weight}: nobody will ever answer"
        if chat.status == ConversationStatus.CLOSED and chat.weight:
            yield f"{chat} is closed and weighs {chat.weight}"

    def _words(self, chat: Conversation, said: list[tuple[int, uuid.UUID, str]]) -> Iterator[str]:
        if [seq for seq, _id, _body in said] != list(range(1, chat.last_seq + 1)):
            yield f"{chat}: {[seq for seq, _id, _body in said]} up to {chat.last_seq}"
        found = {client_id: body for _seq, client_id, body in said}
        for client_id, body in self.accepted[chat.pk].items():
            if found.get(client_id) != body:
                yield f"{chat}: “{body}” was accepted and is {found.get(client_id)!r}"

    # Helpers.

    def is_full(self) -> bool:
        going_on = Conversation.objects.filter(kind=ConversationKind.CHAT).exclude(status=ConversationStatus.CLOSED)
        return going_on.count() >= MOST_OPEN

    def agent(self) -> Agent:
        return self.chance.choice(self.agents)

    def pick(self) -> Conversation | None:
        """Return some conversation, rarely one that is over."""
        all_of_them = Conversation.objects.filter(pk__in=self.accepted)
        if self.chance.random() > 0.05:
            all_of_them = all_of_them.exclude(status=ConversationStatus.CLOSED)
        found = list(all_of_them.order_by("pk").values_list("pk", flat=True))
        return Conversation.objects.select_related("agent").get(pk=self.chance.choice(found)) if found else None

    def say(
        self, chat: Conversation, role: str, item: tuple[uuid.UUID, str], *, agent: Agent | None = None, is_repeat: bool = False
    ) -> None:
        client_id, text = item
        message = post_message(chat, role=role, body=text, client_id=client_id, now=self.now, agent=agent)
        assert message.client_id == client_id
        if not is_repeat:
            self.accepted[chat.pk].setdefault(client_id, text)


STEPS = {
    **{"come": 10, "pause": 2, "go": 3, "beat": 25, "take": 10, "race": 5, "take_next": 12, "reply": 18, "end": 4},
    **{"ask": 12, "write": 15, "deliver": 15, "repeat": 5, "hang_up": 2, "leave_instead": 3, "rate": 3},
    **{"wait_a_little": 20, "wait_long": 1, "clock_is_set_back": 1, "sweep": 8, "watch": 3},
    **MORE_STEPS,
}
"""How often each comes, in proportion."""

POINTS = (
    (post, "append"),
    (post, "wake"),
    (presence, "_return"),
    (presence, "give_back"),
    (take, "give_back"),
    (take, "use_slot"),
    (take, "say"),
    (slots, "give_back"),
    (hand_on, "give_back"),
    (hand_on, "use_room"),
    (hand_on, "write_note"),
    (rest, "give_back"),
    (rest, "say"),
    (seat, "use_room"),
    (seat, "say"),
    (held, "give_back_slot"),
)
"""Where a process can die: before one of these, inside the transaction."""


@contextmanager
def dying(kill_at: int) -> Iterator[None]:
    """Raise :class:`KilledError` at the ``kill_at``-th of :data:`POINTS` that is come by; 0: never."""
    if not kill_at:
        yield
        return
    passed = 0

    def dies(real: Callable[..., object]) -> Callable[..., object]:
        def run(*args: object, **kwargs: object) -> object:
            nonlocal passed
            passed += 1
            if passed == kill_at:
                raise KilledError
            return real(*args, **kwargs)

        return run

    patches = [mock.patch.object(module, name, dies(getattr(module, name))) for module, name in POINTS]
    for patch in patches:
        patch.start()
    try:
        yield
    finally:
        for patch in patches:
            patch.stop()
