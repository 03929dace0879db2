"""Policies with office hours, and a note asked in them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from oscar_engage.desk.models import Conversation, ConversationKind
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.promises.models import OpeningHours, Policy
from oscar_engage.rules.engine.values import UNKNOWN
from oscar_engage.rules.engine.walk import Read
from oscar_engage.visitors.models import Visitor

Ask = Callable[..., Conversation]


def utc(text: str) -> datetime:
    """Read ``05-04 09:30`` as a time of 2026 in UTC; 2026-05-04 is a Monday."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC)


def telling(**values: Any) -> Callable[[Any], Read]:
    """Return what tells the policies these values (``page_kind="product"``), and nothing else."""
    named = {name.replace("_", ".", 1): value for name, value in values.items()}
    return lambda fields: lambda key: named.get(key, UNKNOWN)


def group(field: str, operator: str, value: Any) -> dict[str, Any]:
    return {"combinator": "and", "rules": [{"field": field, "operator": operator, "value": value}]}


@pytest.fixture
def office(db: None) -> OpeningHours:
    return OpeningHours.objects.create(name="Office", time_zone="UTC", weekly={"mon-fri": "9:00-17:00"})


@pytest.fixture
def policy(office: OpeningHours) -> Policy:
    return Policy.objects.create(name="All", first_minutes=40, resolve_minutes=480, opening_hours=office)


@pytest.fixture
def ask(make_visitor: Callable[[], Visitor]) -> Ask:
    def begin(now: datetime, kind: str = ConversationKind.NOTE, **kwargs: Any) -> Conversation:
        return open_conversation(ConversationKind(kind), visitor_id=make_visitor().pk, body="When?", now=now, **kwargs)

    return begin
