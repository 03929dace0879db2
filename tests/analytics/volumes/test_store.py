"""Does an import replace the days of its file, all or nothing, with one line in the trail?"""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DataError, IntegrityError
from pytest_django import DjangoAssertNumQueries

from oscar_engage.analytics.costs.rates import Channel
from oscar_engage.analytics.volumes.check import VolumeRow
from oscar_engage.analytics.volumes.models import ContactVolume
from oscar_engage.analytics.volumes.store import (
    Replaced,
    delete_volumes,
    import_volumes,
    read_volumes,
    what_is_held,
    would_replace,
)
from oscar_engage.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
FIRST, SECOND = date(2026, 1, 1), date(2026, 1, 2)


def row(day: date, contacts: int, channel: Channel = Channel.CALL, topic: str = "") -> VolumeRow:
    return VolumeRow(day=day, channel=channel, topic=topic, contacts=contacts, minutes=Decimal("1.5"))


def test_import_volumes__same_day_again__is_replaced_as_a_whole() -> None:
    import_volumes([row(FIRST, 5), row(FIRST, 3, Channel.MAIL), row(SECOND, 4)], user=None, now=NOW)
    assert would_replace([FIRST]) == Replaced(1, 8)
    assert import_volumes([row(FIRST, 6)], user=None, now=NOW) == Replaced(1, 8)
    assert read_volumes(FIRST, date(2026, 2, 1)) == {FIRST: 6, SECOND: 4}
    assert read_volumes(SECOND, SECOND) == {}


def test_import_volumes__each_time__one_line_in_the_trail() -> None:
    import_volumes([row(FIRST, 5)], user=None, now=NOW)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_id) == ("volumes.imported", "2026-01-01/2026-01-01")
    assert entry.detail == {"rows": 1, "replaced_days": 0, "replaced_contacts": 0}


def test_import_volumes__row_that_the_database_refuses__leaves_all_as_it_was() -> None:
    import_volumes([row(FIRST, 5)], user=None, now=NOW)
    with pytest.raises((IntegrityError, DataError)):
        import_volumes([row(FIRST, 1), row(FIRST, 2)], user=None, now=NOW)
    assert read_volumes(FIRST, SECOND) == {FIRST: 5}
    assert AuditEntry.objects.count() == 1


def test_what_is_held__some__first_last_and_contacts(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    import_volumes([row(FIRST, 5), row(SECOND, 2, topic="return")], user=None, now=NOW)
    with django_assert_num_queries(1):
        held = what_is_held()
    assert (held.days, held.contacts, held.first, held.last, held.imported_at) == (2, 7, FIRST, SECOND, NOW)


def test_delete_volumes__days__are_gone_with_a_line_in_the_trail() -> None:
    import_volumes([row(FIRST, 5), row(SECOND, 2)], user=None, now=NOW)
    assert delete_volumes(FIRST, FIRST, user=None, now=NOW) == 1
    assert list(ContactVolume.objects.values_list("day", flat=True)) == [SECOND]
    assert AuditEntry.objects.filter(action="volumes.deleted", detail={"rows": 1}).exists()
