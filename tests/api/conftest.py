"""A shop with the API mounted, and programs with keys."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from oscar_engage.dashboard.access import create_role_groups
from oscar_engage.keys.store import SCOPES, make_key
from tests.dashboard.conftest import ROLES, chat, engagements, note, rule, visit  # noqa: F401 - fixtures

BASE = "/engage-api/v1/"


class Program:
    """A program with a key."""

    def __init__(self, text: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {text}"})

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(BASE + path, query)

    def post(self, path: str, data: Any = None) -> Any:
        return self.client.post(BASE + path, {} if data is None else data, content_type="application/json")


@pytest.fixture(autouse=True)
def _mounted(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.api.urls"
    cache.clear()


@pytest.fixture
def program_of(db: None) -> Callable[..., Program]:
    """Return a function from a role's name to a program with a key of such a person."""
    create_role_groups()

    def build(role: str, *, scopes: Any = tuple(SCOPES), per_minute: int = 1000) -> Program:
        users = get_user_model().objects
        user, _is_new = users.get_or_create(username=role, defaults={"email": f"{role}@example.com", "is_staff": True})
        if role in ROLES:
            user.groups.add(Group.objects.get(name=ROLES[role]))
        _key, text = make_key(user, name=role, scopes=scopes, per_minute=per_minute, now=timezone.now())
        return Program(text)

    return build
