"""Is a visit rebuilt from its log as it stood, and does it say when it cannot be?"""

from datetime import timedelta

import pytest

from oscar_engage.signals.models import SignalRecord
from oscar_engage.visitors.models import Visit
from oscar_engage.visitors.recall import recall
from oscar_engage.visitors.stored import read_state
from tests.decisions.recorded import hesitation, keep_visit
from tests.rules.moments import NOW

pytestmark = pytest.mark.django_db


def test_recall__whole_visit__ends_as_it_was_stored() -> None:
    visit = keep_visit(NOW, *hesitation(), (60, "basket.measured", {"basket_id": 3, "total": 12.5, "currency": "GBP"}))
    (recording,) = recall([visit])
    assert recording.is_whole
    assert recording.state_at(visit.last_at) == read_state(visit)


def test_recall__earlier_time__knows_what_the_server_knew_then() -> None:
    visit = keep_visit(NOW, (0, "page.viewed", {"page": "home"}), (10, "page.viewed", {"page": "product", "product_id": 4}))
    (recording,) = recall([visit])
    early = recording.state_at(NOW + timedelta(seconds=10.1))
    assert (early.pages, early.page_kind) == (1, "home"), "the second page was on its way"
    assert recording.state_at(NOW + timedelta(seconds=10.4)).page_kind == "product"


@pytest.mark.parametrize("what", ["lost", "uninstalled", "damaged"])
def test_recall__log_with_a_hole__is_not_whole(what: str) -> None:
    visit = keep_visit(NOW, *hesitation())
    row = SignalRecord.objects.filter(kind="page.idle").first()
    assert row is not None
    if what == "lost":
        row.delete()
    elif what == "uninstalled":
        SignalRecord.objects.filter(pk=row.pk).update(kind="shop.gone")
    else:
        SignalRecord.objects.filter(pk=row.pk).update(payload={"seconds": "many"})
    (recording,) = recall([visit])
    assert not recording.is_whole
    assert recording.state_at(visit.last_at).signals == 4 - (what == "lost")


def test_recall__links_that_a_browser_refused__are_read_without_their_numbers() -> None:
    visit = keep_visit(NOW, (1, "basket.measured", {"basket_id": 3, "total": 12.5, "currency": "GBP", "lines": 1}))
    SignalRecord.objects.update(payload={"total": 12.5, "currency": "GBP", "lines": 1})
    (recording,) = recall([visit])
    state = recording.state_at(visit.last_at)
    assert recording.is_whole
    assert (state.basket.total, state.basket.lines) == (12.5, 1)


def test_recall__what_the_end_led_to__is_no_part_of_the_visit() -> None:
    visit = keep_visit(NOW, *hesitation())
    keep_visit(NOW + timedelta(hours=2), (0, "page.exit_intent", {}))
    SignalRecord.objects.filter(kind="page.exit_intent").update(visit_id=visit.pk)
    (recording,) = recall([visit])
    assert recording.is_whole


@pytest.mark.parametrize("count", [1, 3])
def test_recall__any_number__takes_one_query(count: int, django_assert_num_queries: object) -> None:
    visits = [keep_visit(NOW, *hesitation()) for _number in range(count)]
    with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's fixture
        assert [one.visit_id for one in recall(visits)] == [visit.pk for visit in visits]
    assert Visit.objects.count() == count
