"""Shoppers over HTTP: cookies are kept, forms carry their token, beats carry the page's signed facts."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.core.management import CommandError, call_command

from oscar_engage.simulation.browsers.browser import Browser
from oscar_engage.simulation.browsers.crowd import send_crowd
from oscar_engage.simulation.browsers.walk import walk
from oscar_engage.simulation.parameters import SHOP
from oscar_engage.simulation.world.shopper import draw_shopper
from oscar_engage.simulation.world.visit import plan_visit

PAGE = (
    '<a href="/catalogue/tent_3/">tent</a><a href="/catalogue/category/tents_8/">all</a>'
    '<form action="/basket/add/3/"><input type="hidden" name="csrfmiddlewaretoken" value="token"></form>'
    '<script defer src="x" data-engage-beat="/engage/beat/" data-engage-page="signed&amp;page"></script>'
)


class Shop(BaseHTTPRequestHandler):
    """A shop that writes down what it is asked."""

    asked: list[dict[str, Any]]

    def _answer(self, status: int, text: str, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def do_GET(self) -> None:
        self.asked.append({"path": self.path, "cookie": self.headers.get("Cookie", "")})
        if self.path == "/moved/":
            self._answer(302, "", Location="/catalogue/")
        elif self.path == "/loop/":
            self._answer(302, "", Location="/loop/")
        else:
            self._answer(200, PAGE, Set_Cookie="visitor=v1; Path=/")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.asked.append({"path": self.path, "body": body, "cookie": self.headers.get("Cookie", "")})
        self._answer(200, '<div data-engage-widget="balloon">' if self.path == "/engage/beat/" else "")

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def shop() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    asked: list[dict[str, Any]] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Asked", (Shop,), {"asked": asked}))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join()


def shopper_with(kind: str) -> Any:
    for number in range(3000):
        one = draw_shopper(number, seed=1, parameters=SHOP)
        kinds = {look.page.kind for look in plan_visit(one, 1, seed=1, parameters=SHOP).body}
        if one.consent == 3 and kind in kinds and len(kinds) < 5:
            return one
    raise LookupError(kind)


def test_browser__redirect__is_followed_and_cookies_are_kept(shop: Any) -> None:
    address, asked = shop
    browser = Browser(address)
    found = browser.get("/moved/")
    assert (found.status, found.products, found.add_to_basket) == (200, ("/catalogue/tent_3/",), "/basket/add/3/")
    assert found.beat == ("/engage/beat/", "signed&page")
    browser.get("/")
    assert asked[-1]["cookie"] == "visitor=v1"
    assert browser.get("/loop/").status == 302


def test_walk__shopper_with_a_basket__fills_it_and_sends_beats(shop: Any) -> None:
    address, asked = shop
    waits: list[float] = []
    done = walk(shopper_with("basket"), address, seed=1, parameters=SHOP, wait=waits.append)
    assert done.pages
    assert done.beats
    assert done.baskets == 1
    assert done.offers == done.beats
    assert max(waits) <= 2.5
    filled = next(one for one in asked if one["path"] == "/basket/add/3/")
    assert parse_qs(filled["body"])["csrfmiddlewaretoken"] == ["token"]
    assert "shop_consent=all" in filled["cookie"]
    beats = [json.loads(one["body"]) for one in asked if one["path"] == "/engage/beat/"]
    assert {beat["page"] for beat in beats} == {"signed&page"}
    assert all(signal["kind"].startswith("page.") for beat in beats for signal in beat["signals"])


def test_crowd__some_shoppers__adds_up_what_they_did(shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    address, _asked = shop
    monkeypatch.setattr("oscar_engage.simulation.browsers.walk.LONGEST_WAIT", 0.0)
    lines: list[str] = []
    done = send_crowd(address, shoppers=3, seed=1, say=lines.append)
    assert len(lines) == 3
    assert done.pages >= 3


@pytest.mark.django_db
def test_command__http__walks_there_or_says_that_nobody_answers(shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    address, _asked = shop
    monkeypatch.setattr("oscar_engage.simulation.browsers.walk.LONGEST_WAIT", 0.0)
    out = StringIO()
    call_command("engage_simulate", f"--http={address}/", "--shoppers=1", "--fill-this-shop", stdout=out)
    assert "beats" in out.getvalue()
    with pytest.raises(CommandError, match="does not answer"):
        call_command("engage_simulate", "--http=http://127.0.0.1:9", "--shoppers=1", "--fill-this-shop", stdout=out)
