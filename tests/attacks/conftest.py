"""A shop with something in every list, people of every role, and a shopper who asked two questions."""

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from oscar_engage.analytics.costs.models import CostPeriod
from oscar_engage.desk.carry.files import attach
from oscar_engage.desk.carry.load import KeptFile
from oscar_engage.desk.carry.models import Attachment, CannedReply
from oscar_engage.desk.carry.storage import write
from oscar_engage.desk.models import Conversation
from oscar_engage.jobs.models import Job
from oscar_engage.keys.models import ApiKey
from oscar_engage.learning.registry.models import ModelVersion
from oscar_engage.learning.registry.store import keep
from oscar_engage.privacy.models import Erasure, Origin
from oscar_engage.rules.models import Rule, Segment
from oscar_engage.sharing.models import LiveSession
from oscar_engage.storefront import admit
from oscar_engage.storefront.rate import Rate
from oscar_engage.surveys.models import Survey
from oscar_engage.visitors.models import Visit
from oscar_engage.webhooks.models import WebhookSubscription
from oscar_engage.widgets.models import Engagement
from tests.attacks.readers import Reader
from tests.dashboard.conftest import client_of, dead_job, engagements, rule  # noqa: F401 - fixtures
from tests.learning.registry.fitted import make_fitted
from tests.rules.moments import condition, group
from tests.storefront.beats import known_shopper
from tests.storefront.conftest import _fresh_process, product  # noqa: F401 - fixtures
from tests.storefront.shopping import ask

needs_postgres = pytest.mark.skipif(os.environ.get("ENGAGE_TEST_DB") != "postgres", reason="needs locks of rows and tables")


@dataclass(frozen=True)
class Scene:
    """What the tests of whole addresses need."""

    client_of: Callable[[str], Client]
    shopper: Client
    note: Conversation
    chat: Conversation
    rule: Rule
    engagement: Engagement
    job: Job
    erasure: Erasure
    segment: Segment
    canned: CannedReply
    attachment: Attachment
    survey: Survey
    costs: CostPeriod
    model: ModelVersion
    live: LiveSession
    webhook: WebhookSubscription
    key: ApiKey

    @property
    def visit(self) -> Visit:
        """The shopper's visit that runs."""
        return Visit.objects.latest("last_at")

    def arguments(self, name: str) -> dict[str, dict[str, Any]]:
        """Return what the address called ``name`` may be asked for, by the name of its argument."""
        is_chat = "chat" in name or "conversation" in name or name == "engage:act"
        conversation: Any = self.chat if is_chat else self.note
        if "attachment" in name:
            conversation = self.attachment
        things = {
            "job": self.job,
            "engage-engagement": self.engagement,
            "erasure": self.erasure,
            "visit": self.visit,
            "engage-segment": self.segment,
            "canned": self.canned,
            "engage-survey": self.survey,
            "engage-cost": self.costs,
            "engage-model": self.model,
            "engage-webhook": self.webhook,
            "engage-key": self.key,
        }
        thing = next((thing for part, thing in things.items() if part in name), self.rule)
        return {
            "public_id": {"public_id": conversation.public_id},
            "live_id": {"live_id": self.live.public_id},
            "handle": {"handle": f"visitor-{self.note.visitor_id.hex}"},
            "proposal_id": {"proposal_id": "x" * 24},
            "pk": {"pk": thing.pk},
            "slot": {"slot": "size-table"},
            "decision_id": {"decision_id": uuid.uuid4()},
            "step": {"step": "chat"},
            "language": {"language": "en"},
            "task": {"task": "propensity"},
        }


@pytest.fixture
def scene(
    client_of: Callable[[str], Client],  # noqa: F811 - the fixture
    rule: Rule,  # noqa: F811 - the fixture
    engagements: list[Engagement],  # noqa: F811 - the fixture
    dead_job: Job,  # noqa: F811 - the fixture
) -> Scene:
    shopper = known_shopper()
    now = timezone.now()
    erased = Erasure.objects.create(origin=Origin.REQUEST, person={}, begun_at=now, finished_at=now)
    segment = Segment.objects.create(slug="busy", name="Busy", document=group(condition("visit.pages", ">", 5)))
    canned = CannedReply.objects.create(shortcut="hello", title="Hello", texts={"en": "Hello {{ customer.name }}!"})
    note, chat = ask(shopper), ask(shopper, "chat")
    sent = KeptFile(name="note.txt", kind="text", size=5, path=write(b"Malta", now=now))
    (attachment,) = attach(note.messages.get(), [sent])
    survey = Survey.objects.create(engagement=engagements[-1])
    costs = CostPeriod.objects.create(starts_on=now.date(), currency="GBP", agent_hour=30)
    model = keep(make_fitted(), samples=900, events=60, now=now)
    ended = {"state": "ended", "ended": "shopper", "ended_at": now, "begun_at": now}
    live = LiveSession.objects.create(conversation=chat, starter="agent", asked_at=now, shopper_at=now, **ended)
    told = {"url": "https://10.0.0.1/", "events": ["rule.published"], "created_at": now}
    webhook = WebhookSubscription.objects.create(name="CRM", **told)
    key = ApiKey.objects.create(user_id=0, name="CRM", prefix="0", digest="", created_at=now)
    things = (rule, engagements[0], dead_job, erased, segment, canned, attachment, survey, costs, model, live)
    return Scene(client_of, shopper, note, chat, *things, webhook, key)


@pytest.fixture
def reader(client_of: Callable[[str], Client]) -> Reader:  # noqa: F811 - the fixture
    return Reader(client_of("agent"))


@pytest.fixture
def fresh_rates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Networks that nobody came from yet: what a process counts lasts longer than a test."""
    monkeypatch.setattr(admit, "BEATS_OF_NETWORK", Rate(seconds=60))
    monkeypatch.setattr(admit, "VISITORS", Rate(seconds=60))


@pytest.fixture
def atomic_requests(request: pytest.FixtureRequest) -> Iterator[bool]:
    """``ATOMIC_REQUESTS`` as the parameter says."""
    with setting_of_database("ATOMIC_REQUESTS", request.param):
        yield request.param


@contextmanager
def setting_of_database(name: str, value: object) -> Iterator[None]:
    before = connection.settings_dict[name]
    connection.settings_dict[name] = value
    try:
        yield
    finally:
        connection.settings_dict[name] = before
