"""A row that is moved only while it stands as it was read, and what hangs on that."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from oscar_engage.audit.models import AuditEntry
from oscar_engage.statements.guarded import deleting_below, inserting_while, moving
from oscar_engage.statements.together import run_as_one
from oscar_engage.switch.models import Switch

NOW = timezone.now()
LATER = NOW + timedelta(hours=1)


def entry(number: int, **changes: Any) -> dict[str, Any]:
    row = {"at": NOW, "action": "test", "object_kind": "thing", "object_id": str(number), "detail": {}}
    return {**row, **changes}


@pytest.fixture
def switch(db: None) -> Switch:
    return Switch.objects.create(pk=1, is_on=True, changed_at=NOW)


def test_moving__stands_as_it_was_read__gives_its_key_and_writes(switch: Switch) -> None:
    (rows,) = run_as_one(
        connection, moving(Switch, where={"id": 1, "is_on": True}, changes={"is_on": False, "changed_at": LATER})
    )
    switch.refresh_from_db()

    assert (rows, switch.is_on, switch.changed_at) == ([(1,)], False, LATER)


def test_moving__was_moved_meanwhile__gives_nothing_and_writes_nothing(switch: Switch) -> None:
    (rows,) = run_as_one(connection, moving(Switch, where={"id": 1, "is_on": False}, changes={"changed_at": LATER}))
    switch.refresh_from_db()

    assert (rows, switch.changed_at) == ([], NOW)


@pytest.mark.parametrize(("stands", "expected"), [(True, 1), (False, 0)])
def test_inserting_while__other_row__is_asked_first(switch: Switch, stands: bool, expected: int) -> None:
    run_as_one(connection, inserting_while(AuditEntry, entry(1), of=Switch, where={"id": 1, "is_on": stands}))

    assert AuditEntry.objects.filter(object_kind="thing", object_id="1", at=NOW).count() == expected


@pytest.mark.parametrize(("stands", "left"), [(True, ["2", "3"]), (False, ["1", "2", "3"])])
def test_deleting_below__other_row_stands__takes_what_is_less_and_nothing_else(
    switch: Switch, stands: bool, left: list[str]
) -> None:
    AuditEntry.objects.bulk_create(AuditEntry(**entry(number)) for number in (1, 2, 3))
    AuditEntry.objects.create(**entry(1, object_kind="another"))
    of = Switch, {"id": 1, "is_on": stands}
    run_as_one(connection, deleting_below(AuditEntry, where={"object_kind": "thing"}, below=("object_id", "2"), of=of))

    assert [one.object_id for one in AuditEntry.objects.filter(object_kind="thing").order_by("object_id")] == left
    assert AuditEntry.objects.filter(object_kind="another").count() == 1


class TestTogether(TestCase):
    """A law: of any number who read the same, one is heard, whatever comes between."""

    @given(st.lists(st.booleans(), min_size=1, max_size=6))
    def test_together__several_who_read_the_same__one_is_heard(self, wishes: list[bool]) -> None:
        Switch.objects.create(pk=1, is_on=True, changed_at=NOW)
        moved = [self._turn(number, adds=adds) for number, adds in enumerate(wishes)]

        assert moved == [True, *[False] * (len(wishes) - 1)]
        assert list(AuditEntry.objects.values_list("object_id", flat=True)) == (["0"] if wishes[0] else [])

    def _turn(self, number: int, *, adds: bool) -> bool:
        then = NOW + timedelta(minutes=number + 1)
        stands = {"id": 1, "changed_at": then}
        statements = [moving(Switch, where={"id": 1, "changed_at": NOW}, changes={"changed_at": then})]
        if adds:
            statements.append(inserting_while(AuditEntry, entry(number), of=Switch, where=stands))
        return bool(run_as_one(connection, *statements)[0])
