"""Does a person get everything that erasure would erase, and nothing of anybody else?"""

import json
from typing import Any

import pytest
from django.db.models import Model

from oscar_engage.models import AuditEntry
from oscar_engage.personal.registry import PERSONAL
from oscar_engage.privacy.export import export_person
from oscar_engage.privacy.find import customer
from oscar_engage.privacy.holdings import read_holdings
from tests.privacy.conftest import NOW, Known

pytestmark = pytest.mark.django_db


OPENING = {"visitors": {"key", "handover"}, "attachments": {"path"}}
"""Fields that are not handed out: whoever holds them can read what they open."""

DERIVED = {"moments": {"moments"}, "phone_calls": {"digest"}}
"""Fields that are worked out from others, packed or keyed: that from which they follow is handed out."""


def export(known: Known) -> tuple[str, Any]:
    text = export_person(customer(known.user.pk), actor=None, now=NOW)
    return text, json.loads(text)


@pytest.mark.attack("J07")
def test_export__of_a_customer__has_each_row_that_erasure_would_erase(ada: Known, bob: Known) -> None:
    text, document = export(ada)

    held = {holding.data.name: holding.rows for holding in read_holdings(customer(ada.user.pk))}
    assert {name: len(rows) for name, rows in document["data"].items()} == held
    assert set(held) >= {"signals", "visits", "conversations", "messages", "orders", "decisions", "arms", "baskets", "visitors"}
    assert all(trace in text for trace in (ada.user.email, str(ada.user.pk), str(ada.visitor.pk), "gift for Adalovelace"))


def test_export__of_a_customer__has_every_personal_field(ada: Known) -> None:
    _text, document = export(ada)

    for data in PERSONAL:
        for row in document["data"].get(data.name, ()):
            names: type[Model] = data.model
            expected = {names._meta.get_field(name).attname for name in data.personal}  # type: ignore[union-attr]  # concrete
            assert expected - set(row) == OPENING.get(data.name, set()) | DERIVED.get(data.name, set()), data.name


@pytest.mark.attack("J07")
def test_export__of_a_customer__has_nothing_of_others(ada: Known, bob: Known) -> None:
    text, _document = export(ada)

    assert [trace for trace in (*bob.traces, "Mia", "Moor", "mia@shop") if trace in text] == []
    assert "[agent]" in text


def test_export__agent_names_allowed__says_who_answered(ada: Known, settings: Any) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "EXPORT_AGENT_NAMES": True}

    _text, document = export(ada)

    assert "Mia Moor is here." in [message["body"] for message in document["data"]["messages"]]
    assert {conversation["agent"] for conversation in document["data"]["conversations"]} == {"", "Mia Moor"}


def test_export__what_the_shopper_wrote__is_not_masked(ada: Known) -> None:
    ada.note.messages.update(body="Is Mia Moor there?")

    _text, document = export(ada)

    assert "Is Mia Moor there?" in [message["body"] for message in document["data"]["messages"]]


def test_export__audited__by_a_number_that_stands_in_it(ada: Known) -> None:
    _text, document = export(ada)

    entry = AuditEntry.objects.get(action="person.exported")
    assert (entry.object_id, entry.actor) == (document["export"], None)


def test_export__of_a_member_of_staff__says_what_they_did_and_not_to_whom(ada: Known, agent: Any) -> None:
    AuditEntry.objects.create(at=NOW, actor=agent.user, action="conversation.viewed", object_kind="conversation", object_id="1")

    document = json.loads(export_person(customer(agent.user_id), actor=None, now=NOW))

    assert [set(row) for row in document["data"]["audit"]] == [{"at", "action"}]
    assert document["data"]["agents"][0]["display_name"] == "Mia Moor"
