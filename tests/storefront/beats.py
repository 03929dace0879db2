"""Beats as the browser sends them."""

import json
import time
import uuid
from typing import Any

from django.test import Client

from oscar_engage.visitors.page import PageFacts, sign_page

URL = "/engage/beat/"
TEXT = "text/plain;charset=UTF-8"


def signal(name: str = "page.viewed", *, data: Any = None, **changes: Any) -> dict[str, Any]:
    """Return one signal of a beat; ``changes`` replace its keys."""
    return {"id": str(uuid.uuid4()), "kind": name, "at": time.time() * 1000, "data": data or {}, **changes}


def body(*signals: Any, page: PageFacts | None = None, **changes: Any) -> str:
    """Return the body of a beat with these signals; ``changes`` replace its keys."""
    beat = {"v": 1, "sent": time.time() * 1000, "path": "/catalogue/", "fetch": True, "signals": list(signals)}
    beat["page"] = sign_page(page or PageFacts())
    return json.dumps({**beat, **changes})


def send(client: Client, raw: str | bytes, **headers: str) -> Any:
    """Send ``raw`` as a page of the shop would."""
    return client.post(URL, raw, content_type=TEXT, headers=headers or {"Sec-Fetch-Site": "same-origin"})


def shopper(consent: str = "personalisation") -> Client:
    """Return a browser that gave this consent and nothing else yet."""
    client = Client()
    client.cookies["consent"] = consent
    return client


def known_shopper(consent: str = "personalisation") -> Client:
    """Return a browser that has sent its first beat."""
    client = shopper(consent)
    send(client, body(signal()))
    return client
