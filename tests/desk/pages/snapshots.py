"""Copies of pages as our script sends them."""

import json
from typing import Any


def sent(html: str = "<div><h1>Kettle</h1></div>", **changed: Any) -> str:
    """Return a copy with ``html`` as the browser would send it."""
    where = {"view": [1280, 900], "scroll": [0, 120], "pin": [10, 20, 30, 40]}
    return json.dumps({"v": 1, "html": html, "styles": ["/static/shop.css"], **where, **changed})
