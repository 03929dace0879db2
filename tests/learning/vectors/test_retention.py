"""Do snapshots go with the signals they were made from, while moments stay as long as their visit?"""

from datetime import timedelta

import pytest

from oscar_engage.jobs.outbox import enqueue
from oscar_engage.jobs.periodic import RECURRING
from oscar_engage.jobs.run import run_due
from oscar_engage.learning.vectors.models import Occasion, ScoredVector
from oscar_engage.learning.vectors.retention import KIND
from tests.learning.vectors.browser import NOW, Browser, occasions

pytestmark = pytest.mark.django_db


@pytest.mark.attack("J08")
def test_purge_vectors__older_than_the_signals__only_moments_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RECURRING, "_entries", {})
    browser = Browser()
    browser.beat("page.viewed")
    for days, occasion in ((91, Occasion.SIGNAL), (89, Occasion.IDLE), (91, Occasion.MOMENT)):
        row = ScoredVector(visit=browser.visit, visitor_id=browser.visitor.pk, at=NOW - timedelta(days=days))
        row.occasion, row.schema, row.values = occasion, "5ca1ab1e", [1.0]
        row.save()

    enqueue(KIND, key="test", now=NOW)
    run_due(now=NOW)

    assert occasions() == ["signal", "idle", "moment"]
    assert not ScoredVector.objects.filter(at__lt=NOW - timedelta(days=90), occasion="signal").exists()
