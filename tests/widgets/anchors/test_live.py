"""Does an offer carry what its place needs, and no more?"""

import json
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from pytest_django import DjangoAssertNumQueries

from oscar_engage.decisions.models import Decision
from oscar_engage.widgets.anchors.live import KEPT_SECONDS, forget_picked, picked_anchors, picked_attributes
from oscar_engage.widgets.anchors.models import PickedAnchor
from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.render import render_offer

Make = Callable[..., PickedAnchor]


def attributes(html: str) -> dict[str, str | None]:
    found: list[dict[str, str | None]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append(dict(attrs))

    Reader().feed(html)
    return found[0]


@pytest.mark.parametrize("widget", ["balloon", "note", "invitation"])
def test_offer__at_a_picked_place__carries_how_it_is_found(widget: str, make_anchor: Make) -> None:
    anchor = make_anchor()
    anchor.described["print"]["words"] = "\"'><script>alert(1)</script>"
    anchor.save()
    carried = attributes(render_offer(Decision(), Engagement(widget=widget, title="Hm?", anchor="the-price")))
    assert json.loads(carried["data-engage-picked"] or "") == anchor.described
    assert str(carried["data-engage-picked-script"]).endswith("picked.js")


@pytest.mark.django_db
def test_offer__at_a_shipped_place__asks_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert picked_attributes("price") == ""
        assert picked_attributes("") == ""


@pytest.mark.django_db
def test_offer__at_a_mark_of_the_shop__asks_once_a_second(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        assert picked_attributes("size-table") == picked_attributes("size-hint") == ""


def test_picked_anchors__after_a_second__are_asked_for_again(make_anchor: Make) -> None:
    now = [10.0]
    assert not picked_anchors(clock=lambda: now[0])
    make_anchor()
    assert not picked_anchors(clock=lambda: now[0])
    now[0] += KEPT_SECONDS
    assert set(picked_anchors(clock=lambda: now[0])) == {"the-price"}
    make_anchor("other")
    forget_picked()
    assert set(picked_anchors(clock=lambda: now[0])) == {"the-price", "other"}
