"""People in a database that a push process can open, and the process itself."""

import socket
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.auth.models import Permission
from django.core import signing
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from oscar_engage.desk.models import Conversation, ConversationKind, Role
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.post import post_message
from oscar_engage.push.send import REST
from oscar_engage.visitors.models import Visitor
from tests.push.process import SERVERS, URL, PushProcess, has

StartPush = Callable[..., PushProcess]
REDIS = "redis://127.0.0.1:6379/15"


@pytest.fixture(autouse=True)
def _rested() -> Iterator[None]:
    REST.end()
    yield
    REST.end()


@dataclass
class Shopper:
    """A browser with our cookie, and its chat."""

    visitor: Visitor
    chat: Conversation

    @property
    def cookie(self) -> str:
        return "engage_visitor=" + signing.Signer(salt="oscar_engage.visitor").sign(self.visitor.key)

    @property
    def path(self) -> str:
        return f"{URL}{self.chat.public_id}/"

    def say(self, body: str = "Hello?") -> int:
        """Write a message, as the shopper's POST does; returns its number."""
        return post_message(self.chat, role=Role.SHOPPER, body=body, client_id=uuid.uuid4(), now=timezone.now()).seq


def new_shopper() -> Shopper:
    now = timezone.now()
    visitor = Visitor.objects.create(created_at=now, last_seen_at=now, consent=1)
    return Shopper(visitor, open_conversation(ConversationKind.CHAT, visitor_id=visitor.pk, body="Is it in stock?", now=now))


@dataclass
class Staff:
    """Somebody at the desk, signed in."""

    user: Any
    session: Any

    @property
    def cookie(self) -> str:
        return f"{django_settings.SESSION_COOKIE_NAME}={self.session.session_key}"


def new_staff(*, may_answer: bool = True) -> Staff:
    name = uuid.uuid4().hex[:8]
    user = get_user_model().objects.create_user(name, f"{name}@shop.example", is_staff=True)
    if may_answer:
        user.user_permissions.add(Permission.objects.get(codename="view_conversation"))
    session: Any = import_module(django_settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return Staff(user, session)


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest) -> str:
    if not has(request.param):
        pytest.skip(f"NO {request.param.upper()}: pip install {request.param}; push was not tested under it")
    return str(request.param)


@pytest.fixture
def one_server() -> str:
    return next(name for name in SERVERS if has(name))


@pytest.fixture
def start_push(transactional_db: None, settings: Any) -> Iterator[StartPush]:
    """Start push processes on the tests' PostgreSQL; this process sends as a web process of the same shop."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: another process cannot open SQLite's memory")
    running: list[PushProcess] = []
    database = {"ENGAGE_TEST_DB": "postgres", "ENGAGE_TEST_DB_NAME": str(connection.settings_dict["NAME"])}

    def start(server: str, push: dict[str, Any], **environment: str) -> PushProcess:
        process = PushProcess({"URL": URL, **push}, server, {**database, **environment})
        running.append(process)
        process.start()
        return process

    yield start
    for process in running:
        process.stop()


@pytest.fixture
def sends() -> Iterator[Callable[[dict[str, Any]], None]]:
    """``sends(push)``: messages written in this process are told by these settings."""
    overrides: list[override_settings] = []

    def use(push: dict[str, Any]) -> None:
        engage = {**django_settings.OSCAR_ENGAGE, "PUSH": {"URL": URL, **push}, "QUEUE_LIMIT": 1000}
        overrides.append(override_settings(OSCAR_ENGAGE=engage))
        overrides[-1].enable()

    yield use
    for override in reversed(overrides):
        override.disable()


@pytest.fixture
def redis_url() -> str:
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", 6379)):
            pytest.skip("NO REDIS at 127.0.0.1:6379: push through Redis was not tested")
    return REDIS
