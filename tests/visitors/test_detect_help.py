"""Did the help help? What follows from searches, articles, tools and question forms."""

import uuid
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from oscar_engage.signals import shipped, shipped_help
from oscar_engage.signals.kinds import Payload
from oscar_engage.signals.signal import Source
from oscar_engage.visitors.detect_help import follow_end
from oscar_engage.visitors.page import PageFacts
from oscar_engage.visitors.self_help import SEARCHED, STARTED, left_open
from oscar_engage.visitors.state import VisitState
from tests.visitors.test_detect import follow
from tests.visitors.test_state import NOW, OTHER_PRODUCT, PRODUCT, state_after, told

HELP = PageFacts(kind="help")
VIEWED = shipped.PageViewed()
SEARCH = (shipped_help.HelpSearched(query="size", results=3), HELP)
ARTICLE = (shipped_help.HelpOpened(article="sizes"), HELP)
HELP_PAGE = (VIEWED, HELP)
SHOP = (VIEWED, PRODUCT)
START = (shipped_help.ToolStarted(tool="sizer"), PageFacts())
FINISH = (shipped_help.ToolFinished(tool="sizer"), PageFacts())
ASKS = (shipped_help.ContactOpened(form="note"), HELP)

NO_CLICK = shipped_help.HelpNoClick(query="size", results=3)
GIVEN_UP = shipped_help.ToolAbandoned(tool="sizer")
Told = tuple[Payload, PageFacts]


def after(*story: Told) -> VisitState:
    return state_after(*(told(payload, second, page) for second, (payload, page) in enumerate(story)))


@pytest.mark.parametrize(
    ("story", "found"),
    [
        ([SEARCH, HELP_PAGE, SHOP], [NO_CLICK]),
        ([SEARCH, HELP_PAGE, SHOP, SHOP], [NO_CLICK]),
        ([SEARCH, HELP_PAGE, ARTICLE, HELP_PAGE, SHOP], []),
        ([SEARCH, HELP_PAGE], []),
        ([SEARCH, SEARCH, SHOP], [NO_CLICK]),
        ([SEARCH, SHOP, SEARCH, SHOP], [NO_CLICK, NO_CLICK]),
        ([SEARCH, (shipped_help.HelpOpened(), HELP), SHOP], [NO_CLICK]),
        ([(SEARCH[0], PRODUCT), SHOP, (VIEWED, OTHER_PRODUCT)], [NO_CLICK]),
        ([SHOP, SEARCH], []),
    ],
    ids=["moved on", "told once", "read", "still looks", "refined", "twice", "help page is no article", "own page", "before"],
)
def test_search__without_an_article__is_told_when_the_shopper_moves_on(story: list[Told], found: list[Payload]) -> None:
    assert [told for told in follow(*story) if isinstance(told, shipped_help.HelpNoClick)] == found


@pytest.mark.parametrize(
    ("story", "found"),
    [
        ([START, SHOP], [GIVEN_UP]),
        ([START, (VIEWED, PageFacts()), FINISH, SHOP], []),
        ([START, HELP_PAGE], []),
        ([START, START, SHOP], [GIVEN_UP]),
        ([START, (shipped_help.ToolFinished(tool="returns"), HELP), SHOP], [GIVEN_UP]),
        ([START, SHOP, FINISH, SHOP], [GIVEN_UP]),
    ],
    ids=["given up", "finished", "reads help", "begun anew", "another finished", "finished too late"],
)
def test_tool__not_finished__is_told_when_the_shopper_moves_on(story: list[Told], found: list[Payload]) -> None:
    assert follow(*story) == found


def test_page__that_leaves_a_search_and_a_tool__tells_both_by_ids_of_their_own() -> None:
    assert follow(SEARCH, START, SHOP) == [NO_CLICK, GIVEN_UP]


@pytest.mark.parametrize(
    ("story", "is_told"),
    [([ASKS], True), ([ASKS, ASKS], True), ([ARTICLE, ASKS], False), ([(shipped_help.HelpOpened(), HELP), ASKS], True)],
)
def test_question__before_any_article__bypasses_the_help_once(story: list[Told], is_told: bool) -> None:
    assert follow(*story) == ([shipped_help.HelpBypassed(form="note")] if is_told else [])


def test_question__heard_of_before_the_article_that_was_read_first__is_no_bypass_in_the_end() -> None:
    late = state_after(told(*_at(ASKS, 9)), told(*_at(ARTICLE, 3)))

    assert not late.help.is_bypassed


def _at(step: Told, second: float) -> Any:
    payload, page = step
    return payload, second, page


@pytest.mark.parametrize(("helpful", "found"), [(True, []), (False, [shipped_help.HelpNotHelpful(article="sizes")])])
def test_rating__no__is_told(helpful: bool, found: list[Payload]) -> None:
    assert follow((shipped_help.HelpRated(helpful=helpful, article="sizes"), HELP)) == found


def test_what_is_left__in_any_order_of_arrival__is_the_same() -> None:
    story = [told(*_at(step, second)) for second, step in enumerate([SEARCH, START, SHOP, ARTICLE, FINISH])]
    left = set()
    for arrived in permutations(story):
        state = state_after(*arrived)
        left.add((left_open(state.help, state.pages_seen, SEARCHED), left_open(state.help, state.pages_seen, STARTED)))

    ((searches, tools),) = left
    assert ([step.name for step in searches], [step.name for step in tools]) == (["size"], ["sizer"])


def test_end_of_the_visit__what_nothing_followed__is_told_with_the_same_ids_again() -> None:
    state, visit_id = after(SEARCH, HELP_PAGE, START), uuid.uuid4()
    end = NOW + timedelta(hours=1)

    first = follow_end(state, visit_id, end)

    assert [signal.payload for signal in first] == [NO_CLICK, GIVEN_UP]
    assert {(signal.at, signal.source) for signal in first} == {(end, Source.DERIVED)}
    assert follow_end(state, visit_id, end) == first


@pytest.mark.parametrize("story", [[SEARCH, ARTICLE], [START, FINISH], [SEARCH, START, SHOP], []])
def test_end_of_the_visit__answered_or_told_already__is_silent(story: list[Told]) -> None:
    assert follow_end(after(*story), uuid.uuid4(), NOW) == []
