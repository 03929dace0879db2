"""Does each conversation reach who can answer it best, and does everybody's turn come?"""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.desk.routing import (
    Assignment,
    Candidate,
    HeadStarts,
    Waiting,
    assign,
    fits,
    has_room,
    in_order,
    next_of,
    priority,
    room_of,
    speaks,
)


def chat(number: int = 1, waited: float = 0.0, **more: object) -> Waiting:
    return Waiting(id=number, waited=waited, **more)  # type: ignore[arg-type]  # a test's shorthand


def agent(number: int, **more: object) -> Candidate:
    return Candidate(id=number, **{"capacity": 30, **more})  # type: ignore[arg-type]  # a test's shorthand


def pairs(waiting: list[Waiting], agents: list[Candidate], **more: HeadStarts) -> list[tuple[int, int]]:
    return [(one.conversation, one.agent) for one in assign(waiting, agents, **more)]


def test_assign__nobody_waits_or_nobody_is_there__gives_nothing() -> None:
    assert assign([], [agent(1)]) == []
    assert assign([chat()], []) == []


def test_assign__skill_asked_for__only_who_has_it_however_busy() -> None:
    busy, idle = agent(1, load=20, skills={"returns": 1}), agent(2)
    assert pairs([chat(skill="returns")], [busy, idle]) == [(1, 1)]


def test_assign__language_asked_for__only_who_speaks_it() -> None:
    german, any_language = agent(1, languages=frozenset({"de"}), free_for=9.0), agent(2, load=20)
    assert pairs([chat(language="fr")], [german, any_language]) == [(1, 2)]


@pytest.mark.parametrize(
    ("languages", "language", "expected"),
    [
        ((), "de", True),
        (("de",), "", True),
        (("de",), "de-at", True),
        (("de-ch",), "de", True),
        (("pt_BR",), "PT", True),
        (("de", "en"), "fr", False),
    ],
)
def test_speaks__codes_of_any_length__are_compared_by_their_language(
    languages: tuple[str, ...], language: str, expected: bool
) -> None:
    assert speaks(languages, language) is expected


def test_assign__last_agent_has_room__is_preferred_to_a_free_one() -> None:
    assert pairs([chat(last_agent=2)], [agent(1), agent(2, load=20)]) == [(1, 2)]


def test_assign__last_agent_is_full_or_gone__goes_to_another() -> None:
    assert pairs([chat(last_agent=2)], [agent(1), agent(2, load=30)]) == [(1, 1)]
    assert pairs([chat(last_agent=7)], [agent(1)]) == [(1, 1)]


def test_assign__lowest_load__is_a_share_of_the_capacity() -> None:
    assert pairs([chat()], [agent(1, load=10, capacity=20), agent(2, load=20, capacity=60)]) == [(1, 2)]


def test_assign__equal_loads__the_higher_level_then_the_longest_idle_then_the_first() -> None:
    skilled = [agent(1, skills={"returns": 1}, free_for=60.0), agent(2, skills={"returns": 3})]
    assert pairs([chat(skill="returns")], skilled) == [(1, 2)]
    assert pairs([chat()], [agent(1, free_for=5.0), agent(2, free_for=60.0)]) == [(1, 2)]
    assert pairs([chat()], [agent(2), agent(1)]) == [(1, 1)]


def test_assign__more_chats_than_room__fills_everybody_and_leaves_the_rest() -> None:
    waiting = [chat(number, waited=-number) for number in range(1, 8)]
    assert pairs(waiting, [agent(1, capacity=20), agent(2)]) == [(1, 1), (2, 2), (3, 2), (4, 1), (5, 2)]


def test_assign__silent_chats__leave_room_only_for_whole_slots() -> None:
    assert not has_room(chat(), agent(1, load=21))
    assert has_room(chat(), agent(1, load=12))


def test_assign__warming_up__one_chat_at_once() -> None:
    waiting = [chat(1), chat(2)]
    assert pairs(waiting, [agent(1, is_warm=False)]) == [(1, 1)]
    assert pairs(waiting, [agent(1, is_warm=False, load=1)]) == []


def test_assign__notes__need_no_room_of_anybody() -> None:
    assert pairs([chat(weight=0)], [agent(1, capacity=0)]) == [(1, 1)]
    assert pairs([chat(weight=0)], [agent(1, load=30, is_warm=False)]) == [(1, 1)]


def test_in_order__head_starts__of_customer_page_and_topic() -> None:
    starts = HeadStarts(customer=60, pages={"/checkout/": 120, "/checkout/payment/": 30, "": 900}, topics={"returns": 90})
    waiting = [
        chat(1, waited=125),
        chat(2, waited=70, is_customer=True),
        chat(3, waited=20, page="/checkout/shipping/", topic="returns"),
        chat(4, waited=20, page="/checkout/payment/", topic="returns"),
        chat(5, waited=20, page="/checkout/payment/"),
        chat(6, waited=20, page="/catalogue/checkout/"),
    ]
    assert [priority(one, starts) for one in waiting] == [125, 130, 140, 110, 50, 20]
    assert [one.id for one in in_order(waiting, starts)] == [3, 2, 1, 4, 5, 6]


def test_in_order__equal_priority__the_older_then_the_first() -> None:
    starts = HeadStarts(customer=60)
    waiting = [chat(3, waited=10, is_customer=True), chat(2, waited=70), chat(1, waited=70)]
    assert [one.id for one in in_order(waiting, starts)] == [1, 2, 3]


def test_next_of__several_agents__is_what_routing_gives_this_one() -> None:
    waiting = [chat(1, waited=90.0, last_agent=2), chat(2, waited=60.0)]
    assert next_of(1, waiting, [agent(1), agent(2)]) == 2
    assert next_of(2, waiting, [agent(1), agent(2)]) == 1


def test_next_of__all_meant_for_others__the_most_urgent_that_fits() -> None:
    waiting = [chat(1, waited=90.0, skill="returns"), chat(2, waited=60.0)]
    assert next_of(1, waiting, [agent(1, load=10), agent(2, skills={"returns": 1})]) == 2
    assert next_of(1, waiting[:1], [agent(1), agent(2)]) is None
    assert next_of(1, waiting, [agent(2)]) is None


@pytest.mark.parametrize(("load", "is_warm", "expected"), [(0, True, 3), (12, True, 1), (21, True, 0), (40, True, 0)])
def test_room_of__loads__whole_slots(load: int, is_warm: bool, expected: int) -> None:
    assert room_of(agent(1, load=load, is_warm=is_warm)) == expected


def test_room_of__warming_up__one_or_none() -> None:
    assert (room_of(agent(1, is_warm=False)), room_of(agent(1, is_warm=False, load=1))) == (1, 0)


SKILLS = ["", "returns", "sizes"]
LANGUAGES = ["", "de", "en-gb", "fr"]
WAITING = st.builds(
    Waiting,
    id=st.integers(1, 10_000),
    waited=st.integers(0, 3600).map(float),
    skill=st.sampled_from(SKILLS),
    language=st.sampled_from(LANGUAGES),
    is_customer=st.booleans(),
    page=st.sampled_from(["", "/checkout/", "/basket/"]),
    topic=st.sampled_from(["", "returns"]),
    last_agent=st.none() | st.integers(1, 4),
    weight=st.sampled_from([0, 10]),
)
AGENTS = st.lists(
    st.builds(
        Candidate,
        id=st.integers(1, 4),
        capacity=st.sampled_from([0, 10, 30]),
        load=st.integers(0, 40),
        skills=st.dictionaries(st.sampled_from(SKILLS[1:]), st.integers(1, 3)),
        languages=st.frozensets(st.sampled_from(LANGUAGES[1:])),
        free_for=st.floats(0, 3600),
        is_warm=st.booleans(),
    ),
    max_size=4,
    unique_by=lambda one: one.id,
)
MANY = st.lists(WAITING, max_size=12, unique_by=lambda one: one.id)
STARTS = st.builds(
    HeadStarts,
    customer=st.sampled_from([0.0, 60.0]),
    pages=st.dictionaries(st.sampled_from(["/checkout/", "/basket/"]), st.sampled_from([30.0, 300.0])),
    topics=st.dictionaries(st.just("returns"), st.sampled_from([10.0, 500.0])),
)


@given(waiting=MANY, agents=AGENTS, starts=STARTS)
def test_assign__anything__gives_each_once_to_who_fits_within_the_room(
    waiting: list[Waiting], agents: list[Candidate], starts: HeadStarts
) -> None:
    given_ = assign(waiting, agents, head_starts=starts)

    asked, there = {one.id: one for one in waiting}, {one.id: one for one in agents}
    assert len({one.conversation for one in given_}) == len(given_)
    for agent_ in agents:
        new = sum(asked[one.conversation].weight for one in given_ if one.agent == agent_.id)
        assert not new or agent_.load + new <= agent_.capacity
    assert all(fits(asked[one.conversation], there[one.agent]) for one in given_)


@given(waiting=MANY, agents=AGENTS, starts=STARTS)
def test_assign__anything__leaves_nobody_waiting_whom_somebody_with_room_fits(
    waiting: list[Waiting], agents: list[Candidate], starts: HeadStarts
) -> None:
    given_ = assign(waiting, agents, head_starts=starts)

    asked, taken = {one.id: one for one in waiting}, {one.conversation for one in given_}
    for agent_ in agents:
        new = sum(asked[one.conversation].weight for one in given_ if one.agent == agent_.id)
        after = replace(agent_, load=agent_.load + new)
        assert not [one for one in waiting if one.id not in taken and fits(one, after) and has_room(one, after)]


@given(waiting=MANY, agents=AGENTS, starts=STARTS, data=st.data())
def test_assign__order_of_the_lists__does_not_matter(
    waiting: list[Waiting], agents: list[Candidate], starts: HeadStarts, data: st.DataObject
) -> None:
    shuffled = assign(data.draw(st.permutations(waiting)), data.draw(st.permutations(agents)), head_starts=starts)
    assert shuffled == assign(waiting, agents, head_starts=starts)


@given(one=WAITING, other=WAITING, starts=STARTS, more=st.integers(1, 10**6))
def test_priority__older_by_more_than_the_longest_head_start__comes_first(
    one: Waiting, other: Waiting, starts: HeadStarts, more: int
) -> None:
    older = replace(one, waited=other.waited + starts.longest + more)
    assert priority(older, starts) > priority(other, starts)


@pytest.mark.attack("N08")
@given(
    arrivals=st.lists(st.tuples(st.integers(0, 200), WAITING), min_size=1, max_size=30),
    starts=STARTS,
    capacity=st.integers(1, 3),
)
def test_assign__finite_arrivals__everybody_is_served_and_overtaken_by_no_one_much_younger(
    arrivals: list[tuple[int, Waiting]], starts: HeadStarts, capacity: int
) -> None:
    """One agent who can do everything ends one chat every ten seconds, while others arrive with every advantage."""
    came = {number: at for number, (at, _one) in enumerate(arrivals)}
    served: dict[int, int] = {}
    clock = 0
    while len(served) < len(arrivals):
        there = [
            replace(one, id=number, waited=float(clock - at), skill="", language="", weight=10)
            for number, (at, one) in enumerate(arrivals)
            if at <= clock and number not in served
        ]
        free = Candidate(id=1, capacity=capacity * 10, load=(capacity - 1) * 10)
        served.update({one.conversation: clock for one in assign(there, [free], head_starts=starts)})
        clock += 10
        assert clock <= 210 + 10 * len(arrivals)  # as many turns as there are conversations: none is wasted

    for late, at in came.items():
        overtaken = [other for other in came if served[other] > served[late] and at > came[other] + starts.longest]
        assert not overtaken


def test_assignment__is_a_plain_pair() -> None:
    assert assign([chat(7)], [agent(3)]) == [Assignment(conversation=7, agent=3)]
