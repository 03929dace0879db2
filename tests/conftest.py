"""What runs on which database? On SQLite everything, on PostgreSQL whatever can see the difference."""

import gc
import math
import os
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.test import TransactionTestCase
from django.utils import translation

from oscar_engage.conf import EngageSettings, get_settings
from oscar_engage.switch import state
from oscar_engage.testing.answers import answers_at_once
from oscar_engage.testing.rules import rules_at_once

# How long an example takes is the machine's affair, and its neighbours'.
hypothesis.settings.register_profile("engage", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("engage")

ON_POSTGRES = os.environ.get("ENGAGE_TEST_DB") == "postgres"
DATABASE_FIXTURES = {"db", "transactional_db"}
COUNTS = re.compile(r"^(rollup|staffing|reports|exits|moments|learning|anchors|picked|dry_runs)\.|purge|look_at_staffing")


def pytest_collection_finish() -> None:
    """Leave out of what Python's collector looks through what is there for good: the shop's forty apps, and all tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, on PostgreSQL, what pytest-django lets nowhere near a database: SQLite's run has said all about it."""
    if not ON_POSTGRES:
        return
    kept = [item for item in items if can_tell_databases_apart(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def can_tell_databases_apart(item: pytest.Item) -> bool:
    """Whether the test may open the database (any other that tries fails), or says that it depends on which one it is."""
    if any(item.iter_markers("one_database")):
        return False
    if any(item.iter_markers("django_db")) or any(item.iter_markers("any_database")):
        return True
    if DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
        return True
    of_class = getattr(item, "cls", None)
    return of_class is not None and issubclass(of_class, TransactionTestCase)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Make the databases, as the plugin's own fixture does, and note what tests with real transactions go back to."""
    from tests import flushing  # noqa: PLC0415 - models, which are not there yet above

    with django_db_blocker.unblock():
        flushing.remember()


@pytest.fixture(autouse=True, scope="session")
def _never_quiet() -> None:
    """The suite runs at any hour: quiet hours count only where a test asks for them."""
    EngageSettings.__init__.__kwdefaults__["quiet_hours"] = ()
    get_settings.cache_clear()


@pytest.fixture(autouse=True, scope="session")
def _nobody_learns() -> None:
    """No test starts a process that learns, except one that asks for it."""
    from oscar_engage.learning.nightly import launch  # noqa: PLC0415 - models, which are not there yet above

    launch.PORT = "tests.conftest.learn_nothing"


@pytest.fixture(autouse=True)
def _no_model_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test starts a thread that looks which models speak, and by which bars: ``is_inline`` has one look at once."""
    from oscar_engage.learning.leads import live as bars  # noqa: PLC0415 - models, which are not there yet above
    from oscar_engage.learning.registry import live as models  # noqa: PLC0415 - the same

    for background in (models.BACKGROUND, bars.BACKGROUND):
        monkeypatch.setattr(background, "ask", partial(_look_at_once, background, background.ask))


def _look_at_once(background: Any, look: Callable[[datetime], None], now: datetime) -> None:
    if background.is_inline:
        look(now)


def learn_nothing(*_arguments: str) -> None:
    """Stand for the process that would learn."""


@pytest.fixture(autouse=True, scope="session")
def _time_enough() -> None:
    """Costly variables have a rich purse: on a busy machine fewer of them would be asked than a test expects."""
    EngageSettings.__init__.__kwdefaults__["costly_budget_ms"] = 60_000
    get_settings.cache_clear()


@pytest.fixture(autouse=True)
def _worker_was_seen() -> None:
    """Every page of the dashboard knows of a worker already: to look for one is a query, once a minute."""
    from oscar_engage.dashboard.health import worker  # noqa: PLC0415 - models, which are not there yet above

    worker._kept[:] = [(False, math.inf)]


@pytest.fixture(autouse=True)
def _little_recurs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """When jobs run, what counts for reports and what purges stays away, unless the test is marked ``everything_recurs``.

    Those are most of what recurs, and with nothing to count each run of them takes longer than most tests do.
    """
    if any(request.node.iter_markers("everything_recurs")):
        return
    from oscar_engage.jobs import periodic  # noqa: PLC0415 - models, which are not there yet above

    is_there = periodic.is_there
    monkeypatch.setattr(periodic, "is_there", lambda seam, name: not COUNTS.search(name) and is_there(seam, name))


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """No test reads another one's language: a request leaves the visitor's to its thread."""
    yield
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _switched_on() -> None:
    """Every test starts with the switch looked up just now: a look is a query, and comes when it is time."""
    state._kept[:] = [(True, math.inf)]


@pytest.fixture(autouse=True)
def _no_line_kept() -> Iterator[None]:
    """No test reads the line of another one's database."""
    from oscar_engage.desk.expected import forget_lines  # noqa: PLC0415 - models, which are not there yet above

    yield
    forget_lines()


@pytest.fixture(autouse=True)
def _rules_at_once() -> Iterator[None]:
    """A beat judges by what the test has just published, instead of waiting for a thread."""
    with rules_at_once():
        yield


@pytest.fixture(autouse=True)
def _answers_at_once() -> Iterator[None]:
    """A question is answered by what is written now, instead of by what a thread read of another test's database."""
    with answers_at_once():
        yield
