"""What may a shop set under PUSH, and what do our processes say to each other?"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.core.pushing import Push, Wake, WakeBy, WrongPushError, clean_push, read_ids, read_wake, write_wake

GOOD = {"URL": "/engage-push/", "WAKE": "postgresql"}
IDS = st.text("abcXYZ019_-", min_size=1, max_size=32)


def test_clean_push__least__everything_else_by_default() -> None:
    assert clean_push(GOOD) == Push(url="/engage-push/", by=WakeBy.POSTGRESQL, wake_url="", listeners=2000)


def test_clean_push__everything__as_given() -> None:
    given = {"URL": "/a/b.c/", "WAKE": "redis", "WAKE_URL": "rediss://cache:6379/1", "LISTENERS": 10}
    assert clean_push(given) == Push(url="/a/b.c/", by=WakeBy.REDIS, wake_url="rediss://cache:6379/1", listeners=10)
    direct = clean_push({**GOOD, "WAKE_URL": "postgresql://direct/shop"})
    assert direct.wake_url == "postgresql://direct/shop"


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (True, "None or a dictionary"),
        ({**GOOD, "WAKES": "redis"}, "no key 'WAKES'"),
        ({"WAKE": "postgresql"}, "['URL'] is a path"),
        ({**GOOD, "URL": "https://push.example/"}, "['URL'] is a path"),
        ({**GOOD, "URL": "//push.example/"}, "['URL'] is a path"),
        ({**GOOD, "URL": "/engage-push"}, "ends with a slash"),
        ({**GOOD, "URL": "/"}, "['URL'] is a path"),
        ({"URL": "/push/"}, "one of 'postgresql', 'redis', 'database'"),
        ({**GOOD, "WAKE": "notify"}, "one of 'postgresql', 'redis', 'database'"),
        ({**GOOD, "WAKE": "redis"}, "redis://127.0.0.1/0"),
        ({**GOOD, "WAKE": "redis", "WAKE_URL": "http://cache/"}, "redis://127.0.0.1/0"),
        ({**GOOD, "WAKE_URL": 5}, "postgresql://127.0.0.1/0"),
        ({**GOOD, "WAKE": "database", "WAKE_URL": "redis://cache/"}, "left out"),
        ({**GOOD, "LISTENERS": 0}, "from 1 to"),
        ({**GOOD, "LISTENERS": True}, "from 1 to"),
        ({**GOOD, "LISTENERS": "2000"}, "from 1 to"),
    ],
)
def test_clean_push__wrong__says_what_to_type(raw: Any, says: str) -> None:
    with pytest.raises(WrongPushError) as caught:
        clean_push(raw)
    assert says in str(caught.value)


@given(IDS, st.integers(0, 999_999_999))
def test_wake__written_and_read__is_the_same(conversation: str, seq: int) -> None:
    assert read_wake(write_wake(Wake(conversation, seq))) == Wake(conversation, seq)


@pytest.mark.parametrize("words", ["", "a", "a b", "a 1 2", "a/b 1", "a -1", "a 1\n", "x" * 33 + " 1", "é 1", "a 1234567890"])
def test_read_wake__words_of_somebody_else__nothing(words: str) -> None:
    assert read_wake(words) is None


@given(st.lists(IDS, min_size=1, max_size=5))
def test_read_ids__each_once_in_their_order(ids: list[str]) -> None:
    assert read_ids(",".join(ids), most=5) == tuple(dict.fromkeys(ids))


@pytest.mark.parametrize("text", ["", ",", "a,", "a/b", "a b", "é", "a,b,c", "../a"])
def test_read_ids__malformed_or_too_many__none(text: str) -> None:
    assert read_ids(text, most=2) == ()
