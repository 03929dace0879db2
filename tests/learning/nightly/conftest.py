"""A night in the tests: time stands still unless a test moves it."""

from collections.abc import Callable
from datetime import datetime

import pytest

from oscar_engage.learning.nightly.models import TrainingRun
from oscar_engage.learning.registry.models import ModelState, ModelVersion, Task
from oscar_engage.learning.registry.store import keep, promote, shadow
from oscar_engage.learning.scoring.document import read_document
from tests.learning.nightly.history import NOW
from tests.learning.nightly.models import document


@pytest.fixture
def speaking() -> Callable[..., ModelVersion]:
    """Have a model speak."""

    def make(task: str = Task.PROPENSITY, *, now: datetime = NOW, text: str | None = None) -> ModelVersion:
        version = keep(read_document(text or document(task)), samples=1000, events=300, now=now)
        shadow(version, now=now, why="better", numbers={})
        version.refresh_from_db()
        promote(version, now=now, why="shadow_passed", numbers={})
        version.refresh_from_db()
        assert version.state == ModelState.LIVE
        return version

    return make


@pytest.fixture
def runs() -> Callable[[], list[tuple[str, str, str]]]:
    """Task, result and reason of every run so far."""
    return lambda: list(TrainingRun.objects.order_by("pk").values_list("task", "result", "why"))
