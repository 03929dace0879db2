"""A savepoint right before the first statement of somebody else's, and none for what asks nothing."""

from contextlib import suppress

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from oscar_engage.statements.alone import undone_alone

pytestmark = pytest.mark.django_db


def names() -> set[str]:
    return set(Group.objects.values_list("name", flat=True))


def fail() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM nothing_of_that_name")


def test_undone_alone__block_that_fails__loses_its_own_writes_and_no_others() -> None:
    Group.objects.create(name="before")
    with suppress(DatabaseError), undone_alone():
        Group.objects.create(name="inside")
        fail()
    Group.objects.create(name="after")
    assert names() == {"before", "after"}


def test_undone_alone__block_that_succeeds__keeps_its_writes() -> None:
    with undone_alone():
        Group.objects.create(name="inside")
    assert names() == {"inside"}


def test_undone_alone__one_in_another__undoes_the_inner_one_alone() -> None:
    with undone_alone():
        Group.objects.create(name="outer")
        with suppress(DatabaseError), undone_alone():
            Group.objects.create(name="inner")
            fail()
        assert names() == {"outer"}
    with undone_alone():
        with suppress(DatabaseError), undone_alone():
            fail()
        Group.objects.create(name="outer, too")
    assert names() == {"outer", "outer, too"}


def test_undone_alone__savepoints_of_the_block_itself__nest_as_they_should() -> None:
    with suppress(DatabaseError), undone_alone():
        with transaction.atomic():
            Group.objects.create(name="first")
        Group.objects.create(name="second")
        with suppress(DatabaseError), transaction.atomic():
            fail()
        fail()
    assert names() == {"first"}  # it was kept before the block asked without a savepoint of its own


@pytest.mark.parametrize(("is_asked", "queries"), [(False, 0), (True, 4)])
def test_undone_alone__cost__is_two_statements_for_who_asks(is_asked: bool, queries: int) -> None:
    with CaptureQueriesContext(connection) as captured, undone_alone():
        for _time in range(2 * is_asked):
            names()
    assert len(captured) == queries


@pytest.mark.django_db(transaction=True)
def test_undone_alone__no_transaction__changes_nothing() -> None:
    with suppress(DatabaseError), undone_alone():
        Group.objects.create(name="kept")
        fail()
    assert names() == {"kept"}
