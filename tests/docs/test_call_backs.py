"""Do the examples of docs/call-backs.md do what the page says?"""

import json
import os
import re
import time
from datetime import UTC, datetime
from typing import Any

from docs.generate import FOLDER
from oscar_engage.conf import EngageSettings
from oscar_engage.desk.calls.limits import CALLS_OF_PERSON, CALLS_TO_NUMBER
from oscar_engage.desk.calls.provider import Order
from oscar_engage.desk.calls.signature import sign
from oscar_engage.desk.calls.webhook import body_of
from oscar_engage.storefront.ask_call import MOST_FROM_NETWORK

PAGE = (FOLDER / "call-backs.md").read_text()
SETTING, RECEIVER = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def test_receiver__of_the_page__takes_what_we_send_and_nothing_else() -> None:
    names: dict[str, Any] = {}
    exec(RECEIVER, names)  # noqa: S102 - the page's own example
    (example,) = re.findall(r"^```json\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    order = Order(try_id=7, number="+442079460018", reference="5WG7-Q5B4", agent_id=3, agent_name="Mia")
    body = body_of(order)

    assert json.loads(body) == json.loads(example)
    headers = sign("a-secret-of-the-shop", body, at=datetime.fromtimestamp(time.time(), tz=UTC))
    assert names["is_from_the_shop"](headers, body, "a-secret-of-the-shop")
    assert not names["is_from_the_shop"](headers, body + b" ", "a-secret-of-the-shop")
    assert not names["is_from_the_shop"](headers, body, "another-secret-here")


def test_setting__of_the_page__is_one(monkeypatch: Any) -> None:
    monkeypatch.setenv("DIAL_SECRET", "a-secret-of-the-shop")
    names: dict[str, Any] = {"os": os}
    exec(SETTING, names)  # noqa: S102 - the page's own example

    assert EngageSettings.from_mapping(names["OSCAR_ENGAGE"]).call_provider.endswith("SignedWebhook")


def test_limits__are_what_the_page_says() -> None:
    shown = dict(re.findall(r"^\| (calls [^|]+) \| (\d+) \|$", PAGE, re.MULTILINE))

    assert [int(number) for number in shown.values()] == [1, CALLS_TO_NUMBER, CALLS_OF_PERSON, MOST_FROM_NETWORK]
    assert f"`CALLS_PER_HOUR` ({EngageSettings().calls_per_hour})" in PAGE
