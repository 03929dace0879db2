"""Can a program read rules and figures, tell of what happened elsewhere, and read what the API says of itself?"""

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from django.test import Client
from django.utils import timezone

from oscar_engage.api.schema import FILE, write_schema
from oscar_engage.models import SignalRecord, Visitor
from oscar_engage.rules.models import Rule
from oscar_engage.signals.kinds import KINDS, Payload, SignalKind
from tests.api.conftest import BASE, Program

pytestmark = pytest.mark.django_db


def test_rules__what_they_say_now(program_of: Callable[..., Program], rule: Rule) -> None:
    (one,) = program_of("merchandiser").get("rules/").json()["results"]
    assert (one["id"], one["name"], one["status"], one["version"]) == (rule.pk, rule.name, "live", 1)
    assert one["document"]["branches"][0]["then"][0]["do"] == "show.balloon"


def test_offers__of_some_days(program_of: Callable[..., Program]) -> None:
    program = program_of("merchandiser")
    said = program.get("offers/", since="2026-03-01", until="2026-03-08", by="rule").json()
    assert said["whole"]["eligible"] == 0
    assert said["parts"] == []
    for wrong in ({}, {"since": "2026-03-01", "until": "2026-03-01"}, {"since": "2020-01-01", "until": "2026-01-01"}):
        assert program.get("offers/", **wrong).status_code == 400


class TierChanged(Payload, frozen=True):
    """A kind of the shop's own."""

    tier: str


@pytest.fixture
def own_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KINDS, "_entries", dict(KINDS._entries))
    fields = {field.name for field in msgspec.structs.fields(TierChanged)}
    assert fields == {"tier"}
    KINDS.register("crm.tier_changed", SignalKind("crm.tier_changed", TierChanged, from_browser=False, needs_commit=False))


@pytest.mark.django_db(transaction=True)
def test_signal__of_the_shops_own__is_in_the_log(own_kind: None, program_of: Callable[..., Program]) -> None:
    now = timezone.now()
    visitor = Visitor.objects.create(created_at=now, last_seen_at=now, consent=3)
    told = {"kind": "crm.tier_changed", "data": {"tier": "gold"}, "visitor": str(visitor.pk)}
    assert program_of("merchandiser").post("signals/", told).status_code == 202
    assert SignalRecord.objects.get(kind="crm.tier_changed").payload == {"tier": "gold"}


@pytest.mark.parametrize(
    "told",
    [
        {"kind": "order.placed", "data": {"order_id": 7}, "customer": 7},
        {"kind": "payment.failed", "data": {}, "customer": 7},
        {"kind": "unknown", "data": {}, "customer": 7},
        {"kind": "crm.tier_changed", "data": {"tier": 7}, "customer": 7},
        {"kind": "crm.tier_changed", "data": {"tier": "gold\x00"}, "customer": 7},
        {"kind": "crm.tier_changed", "data": {"tier": "gold"}},
        {"kind": "crm.tier_changed", "data": {"tier": "gold"}, "customer": 7, "order": 8},
        {"kind": "crm.tier_changed", "data": "gold", "customer": 7},
        [],
    ],
)
def test_signal__that_cannot_be__is_refused(told: Any, own_kind: None, program_of: Callable[..., Program]) -> None:
    assert program_of("merchandiser").post("signals/", told).status_code == 400
    assert not SignalRecord.objects.exists()


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"[" * 100_000])
def test_body__that_is_no_json__is_refused(raw: bytes, program_of: Callable[..., Program]) -> None:
    response = program_of("merchandiser").client.post(BASE + "signals/", raw, content_type="application/json")
    assert response.status_code == 400


def test_schema__as_committed__is_what_the_views_say() -> None:
    assert FILE.read_text() == write_schema(), "run python -m docs.generate"


def test_schema__anybody__may_read_it(client: Client) -> None:
    described = json.loads(client.get(BASE + "schema/").content)
    assert described["openapi"].startswith("3.")
    assert "/engage-api/v1/conversations/{public_id}/messages/" not in described["paths"], "paths are below where it is mounted"
    assert set(described["components"]["securitySchemes"]) == {"key"}


def test_schema__every_address__is_described(client: Client) -> None:
    paths = json.loads(FILE.read_text())["paths"]
    assert len(paths) == 8
    for methods in paths.values():
        for described in methods.values():
            assert described["description"]
            assert described["security"] == [{"key": []}]
