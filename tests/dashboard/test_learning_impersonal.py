"""Do the pages on learning, their file and what they are drawn from name nobody?"""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oscar_engage.analytics.models import RollupDay
from oscar_engage.analytics.rollups.fill import fill
from oscar_engage.learning.leads.counted import LEADS
from oscar_engage.learning.leads.measure import follow, look
from oscar_engage.learning.leads.models import LeadBars
from oscar_engage.learning.registry.models import Task
from oscar_engage.learning.vectors.models import ScoredVector
from oscar_engage.visitors.models import Visitor
from tests.dashboard.learnt import make_run, make_speak
from tests.learning.people import KIM, KIM_SHORT, ZOE, shop_as

pytestmark = pytest.mark.django_db
PAGES = ("engage-learning", "engage-learning-history")


def told(text: str) -> list[str]:
    """Return what of our two people stands in ``text``, or the id of a visitor."""
    named = [name for name in KIM.is_told_by(text) if name not in KIM_SHORT] + ZOE.is_told_by(text)
    return named + [str(pk) for pk in Visitor.objects.values_list("pk", flat=True) if str(pk) in text or pk.hex in text]


@pytest.mark.attack("I09")
@pytest.mark.parametrize("name", PAGES)
def test_pages__shoppers_were_learnt_from__name_nobody(name: str, client_of: Callable[[str], Client]) -> None:
    for person in (ZOE, KIM):
        shop_as(person)
    said = {"propensity": 0.3, "uplift": 0.1, "uplift_low": 0, "uplift_high": 0.2}
    ScoredVector.objects.update(at=timezone.now() - timedelta(hours=1), **said)
    for task in Task:
        make_run(task, version=make_speak(task))
    now = timezone.now()
    follow(look({}, now=now), now=now)
    fill(LEADS, now=now)
    client = client_of("merchandiser")
    pages = [client.get(reverse(f"engage_dashboard:{name}"), query).content.decode() for query in ({}, {"as": "csv"})]
    assert all(len(page) > 200 for page in pages)
    without_forms = [re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page) for page in pages]
    assert [told(page) for page in without_forms] == [[], []]
    kept = str([*LeadBars.objects.values_list(), *RollupDay.objects.filter(rollup="leads").values_list()])
    assert told(kept) == []


def test_told__names_who_is_named() -> None:
    """The search above can find somebody."""
    visitor = Visitor.objects.create(created_at=timezone.now(), last_seen_at=timezone.now())
    text = f"{ZOE.email.upper()} looked for {ZOE.query!r}: {visitor.pk.hex}"
    assert told(text) == ["first_name", "email", "query", str(visitor.pk)]
