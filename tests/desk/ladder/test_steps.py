"""Is the ladder climbed in the shop's order, and never twice through a door that did not help?"""

from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.desk.ladder.steps import LAST_RESORT, Asker, Rung, Step, climb, completed

ALL = frozenset(Step)
LADDER = [Rung(step=step) for step in Step]
steps = st.sampled_from(Step)
askers = st.builds(
    Asker,
    here=st.frozensets(steps),
    tried=st.frozensets(steps),
    topic=st.sampled_from(["", "returns", "delivery"]),
    preferred=st.none() | steps,
)
ladders = st.lists(steps, unique=True).flatmap(
    lambda order: st.tuples(
        *(
            st.builds(
                Rung,
                step=st.just(step),
                is_meant=st.booleans(),
                not_for=st.frozensets(st.sampled_from(["returns", "delivery"])),
            )
            for step in order
        )
    )
)


def test_climb__nothing_known__is_the_shops_order() -> None:
    assert climb(LADDER, Asker(here=ALL)) == tuple(Step)
    assert climb(LADDER[::-1], Asker(here=ALL)) == tuple(Step)[::-1]


def test_climb__agent_is_not_there__chat_is_not_offered() -> None:
    assert climb(LADDER, Asker(here=frozenset({Step.ARTICLE, Step.NOTE}))) == (Step.ARTICLE, Step.NOTE)


def test_climb__topic_skips_a_step__only_where_it_is_known() -> None:
    ladder = [Rung(step=Step.ARTICLE, not_for=frozenset({"returns"})), Rung(step=Step.NOTE)]
    assert climb(ladder, Asker(here=ALL, topic="returns")) == (Step.NOTE,)
    assert climb(ladder, Asker(here=ALL)) == (Step.ARTICLE, Step.NOTE)


def test_climb__conditions_do_not_hold__step_is_left_out() -> None:
    assert climb([Rung(step=Step.CALL, is_meant=False), Rung(step=Step.CHAT)], Asker(here=ALL)) == (Step.CHAT,)


def test_climb__shared_page_alone__is_no_answer() -> None:
    assert climb(LADDER, Asker(here=frozenset({Step.PAGE}))) == (LAST_RESORT,)
    assert climb(LADDER, Asker(here=frozenset({Step.PAGE, Step.CHAT}))) == (Step.CHAT, Step.PAGE)


def test_climb__preferred_and_tried__first_and_last() -> None:
    asker = Asker(here=ALL, preferred=Step.CHAT, tried=frozenset({Step.ARTICLE}))
    assert climb(LADDER, asker) == (Step.CHAT, Step.ANSWER, Step.NOTE, Step.PAGE, Step.VOICE, Step.CALL, Step.ARTICLE)
    assert climb(LADDER, Asker(here=ALL, preferred=Step.CHAT, tried=frozenset({Step.CHAT})))[-1] == Step.CHAT


@given(ladders, askers)
def test_climb__anything__offers_something_that_is_there_and_nothing_twice(ladder: tuple[Rung, ...], asker: Asker) -> None:
    offered = climb(ladder, asker)
    assert offered
    assert len(set(offered)) == len(offered)
    assert set(offered) <= asker.here or offered == (LAST_RESORT,)
    untried = [step not in asker.tried for step in offered]
    assert untried == sorted(untried, reverse=True)


@given(st.lists(steps))
def test_completed__any_order__keeps_it_and_has_every_step_once(order: list[Step]) -> None:
    whole = completed(order)
    assert sorted(whole) == sorted(Step)
    known = list(dict.fromkeys(order))
    assert [step for step in whole if step in known] == known


def test_completed__nothing_kept_and_new_steps__stand_at_their_usual_place() -> None:
    assert completed([]) == tuple(Step)
    assert completed([Step.ARTICLE, Step.NOTE, Step.CHAT]) == tuple(Step)
    assert completed([Step.CHAT, Step.ARTICLE]) == (
        Step.CHAT,
        Step.ARTICLE,
        Step.ANSWER,
        Step.NOTE,
        Step.PAGE,
        Step.VOICE,
        Step.CALL,
    )
