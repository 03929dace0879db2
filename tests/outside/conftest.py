"""A shop with an outside desk, which is a stand-in for a Chatwoot that is asked over real HTTPS."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from oscar_engage.desk.calls import wire
from oscar_engage.desk.models import Agent, Conversation
from oscar_engage.jobs.models import Job, JobState
from oscar_engage.jobs.periodic import RECURRING, Recurring
from oscar_engage.jobs.run import run_due
from oscar_engage.outside.chatwoot import client as chatwoot_client
from oscar_engage.outside.models import OutsideConversation
from oscar_engage.outside.sweep import KIND as SWEEP
from tests.desk.conftest import NOW, MakeAgent, chat, make_agent, make_chat, make_visitor, note, now  # noqa: F401 - fixtures
from tests.outside.stand_in import ACCOUNT, INBOX, SECRET, TOKEN, StandIn, make_certificate, running, signed

ADDRESS = "/engage/outside/"
__all__ = ["ADDRESS", "NOW", "Shop", "allowed", "connect", "dead_jobs"]


@pytest.fixture(scope="session")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    made = make_certificate(tmp_path_factory.mktemp("chatwoot"))
    if made is None:
        pytest.skip("the certificate of the test's server is made with openssl, which is not installed")
    with running(*made) as found:
        yield found


def connect(stand_in: StandIn, settings: Any, monkeypatch: pytest.MonkeyPatch, **more: Any) -> StandIn:
    """Have the shop's outside desk be ``stand_in``; its name is resolved here."""
    stand_in.reset()
    desk = {
        "ADAPTER": "oscar_engage.outside.chatwoot.Chatwoot",
        "URL": stand_in.url,
        "ACCOUNT": ACCOUNT,
        "INBOX": INBOX,
        "TOKEN": TOKEN,
        "SECRET": SECRET,
        "AGENT": "outside@shop.example",
        "PRIVATE": True,
        **more,
    }
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "OUTSIDE_DESK": desk, "SITE_URL": "https://shop.example"}
    stand_in.inbox["webhook_url"] = f"https://shop.example{ADDRESS}"

    def to_stand_in(*args: Any, **how: Any) -> wire.Answer:
        return wire.ask(*args, **{**how, "find": lambda *_to: ["127.0.0.1"], "context": stand_in.context})

    monkeypatch.setattr(chatwoot_client, "ask", to_stand_in)
    return stand_in


@pytest.fixture
def desk(stand_in: StandIn, settings: Any, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    return connect(stand_in, settings, monkeypatch)


def allowed(found: Agent) -> Agent:
    """Return an agent who may see conversations."""
    permissions = Permission.objects.filter(codename__in=("view_conversation", "change_conversation"))
    get_user_model().objects.get(pk=found.user_id).user_permissions.add(*permissions)
    return found


@pytest.fixture
def agent(make_agent: MakeAgent) -> Agent:  # noqa: F811 - the fixture
    """Return an agent who stays online, however much time passes in a test."""
    found = make_agent()
    Agent.objects.filter(pk=found.pk).update(lease_until=NOW + timedelta(days=1))
    return allowed(found)


@pytest.fixture
def outsider(make_agent: MakeAgent) -> Agent:  # noqa: F811 - the fixture
    """Return the agent who stands for all there whom nobody here knows; never present here."""
    return allowed(make_agent("outside", presence="offline"))


@pytest.fixture
def mia(make_agent: MakeAgent) -> Agent:  # noqa: F811 - the fixture
    """Return an agent here who has the same address there; not present here."""
    return allowed(make_agent("mia", presence="offline"))


class Shop:
    """What happens in the shop while time passes: its worker, and what the outside desk tells it."""

    def __init__(self, desk: StandIn, client: Client) -> None:
        self.desk, self.client, self.now = desk, client, NOW

    def work(self, seconds: float = 60) -> None:
        """Let time pass, and a worker do all that is due, what recurs as well."""
        self.now += timedelta(seconds=seconds)
        with RECURRING.only(SWEEP, Recurring(SWEEP, 60)):  # what recurs elsewhere has nothing to do with it, and takes long
            for _round in range(8):
                if not run_due(now=self.now).total:
                    break

    def tell(self, bodies: list[bytes] | None = None, *, at: datetime | None = None, secret: str = SECRET) -> list[int]:
        """Have the outside desk send what it has to tell, and return what we answered."""
        answers = []
        with patch("django.utils.timezone.now", lambda: self.now):
            for body in self.desk.take_events() if bodies is None else bodies:
                headers = signed(body, at=at or self.now, secret=secret)
                kind = headers.pop("content-type")
                answers.append(self.client.post(ADDRESS, body, content_type=kind, headers=headers).status_code)
        return answers

    def round(self) -> None:
        """Let each side hear of the other until nothing is left to say."""
        for _round in range(3):
            self.work()
            self.tell()
        self.work()

    def there(self, conversation: Conversation) -> int:
        """Return the number of ``conversation`` there."""
        return int(OutsideConversation.objects.get(conversation=conversation).outside_id)


@pytest.fixture
def shop(desk: StandIn, client: Client, db: None) -> Shop:
    return Shop(desk, client)


def dead_jobs() -> list[str]:
    return [f"{job.kind}: {job.last_error}" for job in Job.objects.filter(state=JobState.DEAD)]


@pytest.fixture(autouse=True)
def _no_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count the requests of each test anew."""
    from oscar_engage.storefront.rate import Rate  # noqa: PLC0415 - beside its use

    monkeypatch.setattr("oscar_engage.storefront.views_outside.OUTSIDE", Rate(seconds=60.0))
