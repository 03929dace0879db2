"""Is what the models that speak foretold in the log, beside the vector that they were asked with?"""

from collections.abc import Iterator

import pytest

from oscar_engage.learning.registry.live import BACKGROUND, drop_live_models
from oscar_engage.learning.registry.store import keep, promote
from oscar_engage.learning.registry.why import Why
from oscar_engage.learning.scoring.score import score
from oscar_engage.learning.vectors.models import ScoredVector
from oscar_engage.visitors.consent import ConsentLevel
from tests.learning.registry.fitted import make_fitted
from tests.learning.vectors.browser import NOW, Browser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _models_at_once() -> Iterator[None]:
    before, BACKGROUND.is_inline = BACKGROUND.is_inline, True
    drop_live_models()
    yield
    BACKGROUND.is_inline = before
    drop_live_models()


def test_beat__models_speak__what_they_foretold_is_in_the_log() -> None:
    documents = {task: make_fitted(task) for task in ("propensity", "uplift")}
    versions = {}
    for task, document in documents.items():
        versions[task] = promote(keep(document, samples=1, events=1, now=NOW), now=NOW, why=Why.BETTER).pk

    Browser().beat("page.viewed")

    row = ScoredVector.objects.get()
    assert row.versions == versions
    assert row.propensity == score(documents["propensity"], row.values).value
    assert (row.uplift, row.uplift_low, row.uplift_high) == score(documents["uplift"], row.values)
    assert row.exit is None


def test_beat__consent_to_statistics_alone__nothing_is_foretold() -> None:
    promote(keep(make_fitted(), samples=1, events=1, now=NOW), now=NOW, why=Why.BETTER)

    Browser(ConsentLevel.STATISTICS).beat("page.viewed")

    row = ScoredVector.objects.get()
    assert (row.propensity, row.versions) == (None, {})
