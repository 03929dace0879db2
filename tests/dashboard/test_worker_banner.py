"""Is staff told, on whatever page they are, that nobody does the work in the background?"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from oscar_engage.dashboard.health import worker
from oscar_engage.jobs.models import Job, JobState
from tests.storefront.faults import tables_missing
from tests.storefront.shopping import text_of

DESK, RULES, HEALTH = "/dashboard/engage/desk/", "/dashboard/engage/rules/", "/dashboard/engage/health/"
SAYS = "Nobody does the work in the background"


@pytest.fixture(autouse=True)
def _forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    worker.forget()


def seen(**ago: float) -> Job:
    now = timezone.now()
    done_at = now - timedelta(**ago)
    return Job.objects.create(
        kind="jobs.purge", key=f"jobs.purge@{now}", state=JobState.DONE, run_at=done_at, created_at=done_at, finished_at=done_at
    )


@pytest.mark.attack("M09")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "page", "has_link"), [("agent", DESK, False), ("merchandiser", RULES, False), ("superuser", RULES, True)]
)
def test_banner__no_worker_was_ever_there__every_page_says_so(
    role: str, page: str, has_link: bool, client_of: Callable[[str], Client]
) -> None:
    shown = text_of(client_of(role).get(page))

    assert SAYS in shown
    assert "manage.py engage_tick" in shown
    notice = shown.partition(SAYS)[2].partition("</div>")[0]
    assert ("/dashboard/engage/health/" in notice) is has_link


@pytest.mark.attack("M08")
@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "allowed", "is_told"), [(4, 5, False), (6, 5, True), (6, 10, False), (60, 0, False)])
def test_banner__worker_was_seen_some_time_ago__setting_says_when_that_is_too_long(
    minutes: float, allowed: int, is_told: bool, client_of: Callable[[str], Client], settings: Any
) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "WORKER_SILENT_MINUTES": allowed}
    seen(minutes=minutes)

    assert (SAYS in text_of(client_of("agent").get(DESK))) is is_told


@pytest.mark.attack("M08")
@pytest.mark.django_db
def test_banner__worker_comes_back__is_gone_within_seconds(
    client_of: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, clock = client_of("agent"), [1000.0]
    monkeypatch.setattr(worker.time, "monotonic", lambda: clock[0])
    assert SAYS in text_of(client.get(DESK))

    seen(seconds=1)
    assert SAYS in text_of(client.get(DESK))
    clock[0] += worker.KEPT_ILL
    assert SAYS not in text_of(client.get(DESK))


@pytest.mark.django_db
def test_is_worker_missing__asked_again__costs_no_query(django_assert_num_queries: Any) -> None:
    seen(minutes=1)
    worker.is_worker_missing(now=timezone.now())
    with django_assert_num_queries(0):
        assert not worker.is_worker_missing(now=timezone.now())


@pytest.mark.attack("L03")
@pytest.mark.django_db(transaction=True)
def test_banner__tables_missing__says_nothing_and_breaks_nothing(client_of: Callable[[str], Client]) -> None:
    client = client_of("superuser")

    with tables_missing():
        page = client.get(HEALTH)

    assert page.status_code == 503
    assert "manage.py migrate" in text_of(page)
    assert SAYS not in text_of(page)


@pytest.mark.django_db
def test_is_worker_missing__database_does_not_answer__is_not_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(worker, "limited_transaction", fail)
    assert not worker.is_worker_missing(now=timezone.now())
