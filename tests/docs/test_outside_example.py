"""Is the adapter on docs/outside-desk.md one: do a chat, its answer and its end go both ways through it?"""

import json
import re
import sys
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest

from docs.generate import FOLDER
from oscar_engage.checks.outside import check_outside
from oscar_engage.desk.models import Agent, Conversation, Role
from oscar_engage.desk.post import post_message
from oscar_engage.jobs.run import run_due
from oscar_engage.outside.adapter import get_desk
from oscar_engage.outside.facts import SENDS
from oscar_engage.outside.models import OutsideConversation
from oscar_engage.outside.port import ForeignError, OutsideDesk
from oscar_engage.outside.receive import receive
from oscar_engage.webhooks.signature import sign, write_secret
from tests.desk.conftest import NOW, MakeAgent, chat, make_agent, make_chat, make_visitor  # noqa: F401 - fixtures
from tests.outside.conftest import allowed

PAGE = (FOLDER / "outside-desk.md").read_text()
(EXAMPLE,) = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
SECRET = write_secret(b"a key of the tickets")


@dataclass
class Answered:
    id: str
    text: str
    email: str


@dataclass
class Ticket:
    key: str
    entries: list[tuple[str, str, str]] = field(default_factory=list)
    answers: list[Answered] = field(default_factory=list)
    owner: str = ""
    is_closed: bool = False


class Store:
    """What the page's adapter talks to."""

    def __init__(self) -> None:
        self.tickets: dict[str, Ticket] = {}

    def find(self, key: str) -> str | None:
        return next((number for number, ticket in self.tickets.items() if ticket.key == key), None)

    def create(self, key: str, name: str, text: str) -> str:
        self.tickets[str(len(self.tickets) + 1)] = Ticket(key)
        return str(len(self.tickets))

    def find_entry(self, number: str, key: str) -> str | None:
        return next((entry[0] for entry in self.tickets[number].entries if entry[0] == key), None)

    def add(self, number: str, key: str, author: str, text: str) -> str:
        self.tickets[number].entries.append((key, author, text))
        return key

    def give(self, number: str, email: str) -> bool:
        self.tickets[number].owner = email
        return True

    def close(self, number: str) -> None:
        self.tickets[number].is_closed = True

    def read(self, number: str, *, after: str) -> Ticket:
        ticket = self.tickets[number]
        later = [one for one in ticket.answers if int(one.id) > int(after or 0)]
        return Ticket(ticket.key, answers=later, owner=ticket.owner, is_closed=ticket.is_closed)

    def delete(self, number: str) -> None:
        self.tickets.pop(number, None)


@pytest.fixture
def store(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Store:
    module = ModuleType("engage_page_example")
    exec(EXAMPLE, module.__dict__)  # noqa: S102 - the page's own code
    monkeypatch.setitem(sys.modules, "engage_page_example", module)
    found = Store()
    desk = {"ADAPTER": "engage_page_example.Tickets", "URL": "https://tickets.example", "STORE": found, "SECRET": SECRET}
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "OUTSIDE_DESK": {**desk, "AGENT": "mia@shop.example"}}
    return found


def desk() -> OutsideDesk:
    found = get_desk()
    assert found is not None
    return found


def work(now: Any) -> None:
    for _round in range(6):
        run_due(now=now)


def test_adapter__of_the_page__is_one(store: Store) -> None:
    assert check_outside(None) == []


@pytest.mark.django_db
def test_adapter__of_the_page__goes_both_ways(store: Store, chat: Conversation, make_agent: MakeAgent) -> None:  # noqa: F811 - fixtures
    mia: Agent = allowed(make_agent("mia", presence="offline"))
    work(NOW + timedelta(minutes=1))
    ticket = store.tickets["1"]
    assert [author for _key, author, _text in ticket.entries] == ["note", "shopper"]
    ticket.answers.append(Answered("1", "Yes", "mia@shop.example"))
    body = json.dumps({"ticket": "1"}).encode()
    now = NOW + timedelta(minutes=2)
    headers = {name.lower(): value for name, value in sign([SECRET], "msg", body, at=now).items()}
    assert receive(desk(), headers, body, now=now) == 1
    work(now)
    chat.refresh_from_db()
    assert (chat.agent, chat.messages.filter(role="agent").get().body) == (mia, "Yes")
    post_message(chat, role=Role.SHOPPER, body="Thanks", client_id=uuid.uuid4(), now=now)
    work(NOW + timedelta(minutes=3))
    assert [text for _key, author, text in ticket.entries if author == "shopper"] == ["Is this in stock?", "Thanks"]
    ticket.is_closed = True
    work(NOW + timedelta(minutes=20))
    chat.refresh_from_db()
    assert chat.status == "closed"
    chat.delete()
    work(NOW + timedelta(minutes=21))
    assert not store.tickets
    assert not OutsideConversation.objects.exists()


@pytest.mark.django_db
def test_adapter__of_the_page__refuses_a_forger(store: Store) -> None:
    with pytest.raises(ForeignError):
        receive(desk(), {}, b"{}", now=NOW)


def test_page__names_every_key(store: Store) -> None:
    for name in ("ADAPTER", "URL", "ACCOUNT", "INBOX", "TOKEN", "SECRET", "AGENT", "QUEUES", "SENDS", "PRIVATE"):
        assert f"`{name}`" in PAGE
    assert all(f'"{name}"' in PAGE for name in SENDS)
