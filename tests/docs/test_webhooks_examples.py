"""Does the code on docs/webhooks.md check our signatures, and register an event?"""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from docs.generate import FOLDER
from oscar_engage.webhooks.registry import EVENTS
from oscar_engage.webhooks.signature import sign, write_secret

BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PAGE = (FOLDER / "webhooks.md").read_text()


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setattr(EVENTS, "_entries", dict(EVENTS._entries))
    names: dict[str, Any] = {}
    for block in BLOCK.findall(PAGE):
        exec(block, names)  # noqa: S102 - the page's own code
    return names


def test_receiver__our_request__is_from_the_shop_and_an_altered_one_is_not(example: dict[str, Any]) -> None:
    secret, body = write_secret(b"a key of the shop"), b'{"type":"ping"}'
    headers = sign([secret], "msg_1", body, at=datetime.now(tz=UTC))
    assert example["is_from_the_shop"](secret, headers, body)
    assert not example["is_from_the_shop"](secret, headers, body + b" ")
    old = sign([secret], "msg_1", body, at=datetime(2026, 1, 1, tzinfo=UTC))
    assert not example["is_from_the_shop"](secret, old, body)


def test_event_of_ones_own__is_registered(example: dict[str, Any]) -> None:
    assert EVENTS.get("loyalty.reached").describe("7", False) == {"customer": "7"}


def test_page__every_event__stands_in_its_table() -> None:
    listed = set(re.findall(r"`([a-z]+\.[a-z]+)`", PAGE.partition("## Events")[2].partition("## Check")[0]))
    assert set(EVENTS.names()) <= listed
