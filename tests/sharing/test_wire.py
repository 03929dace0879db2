"""Is what either side may say a closed list, of bounded size?"""

import gzip
import json
import typing

import msgspec
import pytest

from oscar_engage.sharing.bodies import LARGEST_PACKED, LARGEST_SENT, TooLargeError, pack, unpack, unzip
from oscar_engage.sharing.verbs import AGENT_VERBS, AgentVerb, MalformedError, Mark, Point, read_agent, read_shopper

PAGE = "a" * 12


@pytest.mark.attack("I08")
def test_i08__verbs_of_the_agent__are_these_and_no_other() -> None:
    tags = sorted(one.__struct_config__.tag for one in typing.get_args(AgentVerb))
    assert tuple(tags) == AGENT_VERBS == ("clear", "mark", "point", "scroll")
    fields = {name for one in typing.get_args(AgentVerb) for name in one.__struct_fields__}
    assert fields == {"x", "y", "node"}  # numbers: where to point; no text, no selector, no value


@pytest.mark.attack("I08")
@pytest.mark.parametrize("verb", ["click", "type", "set_value", "submit", "goto", "eval", ""])
def test_i08__any_other_verb__is_malformed(verb: str) -> None:
    with pytest.raises(MalformedError):
        read_agent(json.dumps({"verbs": [{"do": verb, "x": 1, "y": 1}]}).encode())


@pytest.mark.attack("A12")
@pytest.mark.parametrize(
    "body",
    [
        b'{"verbs": [{"do": "point", "x": 1e999, "y": 1}]}',
        b'{"verbs": [{"do": "point", "x": "NaN", "y": 1}]}',
        b'{"verbs": [{"do": "point", "x": NaN, "y": 1}]}',
        b'{"verbs": [{"do": "mark", "node": "<img src=x onerror=1>"}]}',
        b'{"verbs": [{"do": "mark", "node": 1, "selector": "<img src=x onerror=1>"}]}',
        b'{"verbs": [{"do": "scroll", "y": 1e7}]}',
        b'{"after": -1}',
        b"[" * 5000,
        b"\xff",
    ],
)
def test_a12__numbers_that_cannot_be_and_selectors__are_malformed(body: bytes) -> None:
    with pytest.raises(MalformedError):
        read_agent(body)


def test_agent__points_and_marks() -> None:
    says = read_agent(b'{"after": 3, "verbs": [{"do": "point", "x": 1.5, "y": -2}, {"do": "mark", "node": 7}]}')
    assert says.verbs == [Point(x=1.5, y=-2.0), Mark(node=7)]
    assert says.after == 3


def test_shopper__what_a_page_sends__and_what_none_does() -> None:
    says = read_shopper(json.dumps({"page": PAGE, "seq": 1, "spot": {"x": 1, "y": 2}, "events": [{}]}).encode())
    assert (says.page, says.seq, says.events, says.begins) == (PAGE, 1, [{}], False)
    wrong = [{}, {"page": "<b>"}, {"page": PAGE, "spot": {"x": 1e9, "y": 1}}, {"page": PAGE, "events": [{}] * 1001}]
    for one in [*wrong, {"page": PAGE, "value": "secret"}]:
        with pytest.raises(MalformedError):
            read_shopper(json.dumps(one).encode())


def test_bodies__as_they_went_in__and_bombs_not_at_all() -> None:
    assert json.loads(unpack(pack({"events": [1]}))) == {"events": [1]}
    assert unzip(gzip.compress(b"{}")) == b"{}"
    bomb, long = gzip.compress(b"0" * (LARGEST_SENT + 1)), b"0" * (LARGEST_PACKED + 1)
    for one in (bomb, long, b"no gzip", gzip.compress(b"{}")[:-4]):
        with pytest.raises(TooLargeError):
            unzip(one)


def test_raw_rows__are_json_again() -> None:
    assert msgspec.json.encode([1, msgspec.Raw(unpack(pack({"a": 1})))]) == b'[1,{"a":1}]'
