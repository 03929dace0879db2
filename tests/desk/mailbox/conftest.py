"""A mailbox, and a note whose answers can be replied to."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings

from oscar_engage.desk.mailbox.models import Mailbox
from oscar_engage.desk.models import Queue, Skill
from tests.desk.conftest import agent, chat, make_agent, make_chat, make_visitor, note, now  # noqa: F401 - fixtures

SHOP: dict[str, Any] = {"SITE_URL": "https://shop.example", "REPLY_ADDRESS": "answers@shop.example"}


@pytest.fixture(autouse=True)
def shop() -> Iterator[None]:
    with override_settings(OSCAR_ENGAGE=SHOP, DEFAULT_FROM_EMAIL="Shop <shop@shop.example>"):
        yield


@pytest.fixture
def mailbox(db: None) -> Mailbox:
    skill = Skill.objects.create(slug="returns", name="Returns")
    queue = Queue.objects.create(slug="support", name="Support", skill=skill)
    return Mailbox.objects.create(slug="support", address="support@shop.example", queue=queue, language="en")
