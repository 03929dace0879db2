"""Shoppers who are invited, and the desk that keeps their places."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from oscar_engage.decisions.models import Arm, Decision, Reason
from oscar_engage.desk.dialer.models import Hold
from oscar_engage.desk.dialer.offer import keep_place
from oscar_engage.desk.models import Conversation, ConversationKind
from oscar_engage.desk.open import open_conversation
from oscar_engage.rules.models import Rule, RuleVersion
from oscar_engage.visitors.models import Visitor
from tests.desk.conftest import NOW


@dataclass
class Invited:
    """A visitor with the decision that would invite them."""

    visitor_id: uuid.UUID
    decision_id: uuid.UUID

    def keep(self, now: datetime = NOW, **asked: Any) -> bool:
        return keep_place(decision_id=self.decision_id, visitor_id=self.visitor_id, now=now, **asked)

    def ask(self, now: datetime = NOW, **fields: str) -> Conversation:
        return open_conversation(
            ConversationKind.CHAT,
            visitor_id=self.visitor_id,
            decision_id=self.decision_id,
            body="Is this in stock?",
            now=now,
            **fields,
        )

    @property
    def hold(self) -> Hold:
        return Hold.objects.get(decision_id=self.decision_id)

    @property
    def decision(self) -> Decision:
        return Decision.objects.get(pk=self.decision_id)


@pytest.fixture
def make_invited(db: None) -> Callable[[], Invited]:
    version = RuleVersion.objects.create(rule=Rule.objects.create(name="Help"), number=1, document={})

    def make() -> Invited:
        visitor = Visitor.objects.create(created_at=NOW, last_seen_at=NOW, consent=2)
        decision = Decision.objects.create(
            visitor_id=visitor.pk,
            version=version,
            branch=0,
            action="invite.chat",
            arm=Arm.TREATED,
            reason=Reason.OFFERED,
            eligible_at=NOW,
            offered_at=NOW,
        )
        return Invited(visitor.pk, decision.pk)

    return make


@pytest.fixture
def invited(make_invited: Callable[[], Invited]) -> Invited:
    return make_invited()
