"""Browsers beside the hosts, in one process of their own, in plain Python. What they saw is printed as JSON.

``beats SECONDS CONNECTIONS ADDRESS…`` beats as fast as it is answered, on so many connections to each address.
``shown WHETHER PATIENCE ADDRESS…`` asks with new visitors until each address has shown the balloon, or not, eight times.
``chat ADDRESS ADDRESS`` begins a chat at the first, writes at both in turns, and reads at the other.
"""

import http.client
import json
import re
import sys
import threading
import time
import uuid
from collections import Counter
from typing import Any
from urllib.parse import urlencode

SHOPPER = {"Cookie": "consent=personalisation", "Sec-Fetch-Site": "same-origin", "User-Agent": "Mozilla/5.0 Firefox/140.0"}
IN_A_ROW = 8
FACTS: list[str] = []
"""The signed facts of a page of the shop, asked for once."""


class Browser:
    """One browser with one connection to each address."""

    def __init__(self) -> None:
        self.cookies: dict[str, str] = {"consent": "personalisation"}
        self.connections: dict[str, http.client.HTTPConnection] = {}

    def ask(self, address: str, method: str, path: str, body: str | None = None, **headers: str) -> tuple[int, str]:
        """Ask; return status and text."""
        connection = self.connections.setdefault(address, http.client.HTTPConnection(address, 8000, timeout=60))
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {**SHOPPER, "Cookie": cookies, **{name.replace("_", "-"): value for name, value in headers.items()}}
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, text

    def beat(self, address: str, *, signals: int = 1) -> tuple[int, str]:
        """Send one beat of somebody who has been idle for half a minute."""
        now = int(time.time() * 1000)
        told = [{"id": str(uuid.uuid4()), "kind": "page.idle", "at": now, "data": {"seconds": 30}} for _ in range(signals)]
        if not FACTS:
            FACTS.extend(re.findall(r'data-engage-page="([^"]+)"', self.ask(address, "GET", "/catalogue/")[1]))
        body = {
            "v": 1,
            "sent": now,
            "path": "/catalogue/",
            "page": "".join(FACTS[:1]),
            "idle": 30_000,
            "visible": 60_000,
            "fetch": True,
            "signals": told,
        }
        return self.ask(address, "POST", "/engage/beat/", json.dumps(body), Content_Type="text/plain;charset=UTF-8")

    def close(self) -> None:
        """Close all connections."""
        for connection in self.connections.values():
            connection.close()


def beats(seconds: float, connections: int, *addresses: str) -> dict[str, Any]:
    """Beat for so long; a browser goes from address to address if there are several, so its visit is everywhere."""
    answered: Counter[str] = Counter()
    statuses: Counter[int] = Counter()
    lock, began = threading.Lock(), time.monotonic()

    def work(number: int) -> None:
        browser, turn = Browser(), number
        while time.monotonic() - began < seconds:
            address = addresses[turn % len(addresses)]
            turn += 1
            status, _text = browser.beat(address)
            with lock:
                answered[address] += 1
                statuses[status] += 1
        browser.close()

    workers = [threading.Thread(target=work, args=(number,)) for number in range(connections * len(addresses))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    took = time.monotonic() - began
    return {"a_second": answered.total() / took, "answered": answered.total(), "by_address": answered, "statuses": statuses}


def shown(whether: bool, patience: float, *addresses: str) -> dict[str, Any]:
    """Ask until every address shows it, or does not, whichever of its processes answers; tell when each was so."""
    at: dict[str, float] = {}
    began = time.monotonic()
    while len(at) < len(addresses) and time.monotonic() - began < patience:
        for address in addresses:
            if address in at:
                continue
            first = time.time()
            if all(_shows(address) is whether for _turn in range(IN_A_ROW)):
                at[address] = first
    return {"at": at}


def _shows(address: str) -> bool:
    browser = Browser()
    texts = [browser.beat(address)[1] for _turn in range(2)]
    browser.close()
    return any("engage-balloon" in text for text in texts)


def chat(first: str, second: str) -> dict[str, Any]:
    """Talk across two hosts; tell how many messages were read where they were not written."""
    browser, read = Browser(), 0
    browser.beat(first)
    page = browser.ask(first, "GET", "/engage/chat/new/")[1]
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    sent = urlencode({**fields, "message": "Is this in stock?"})
    browser.ask(first, "POST", "/engage/chat/", sent, Referer=f"http://{first}:8000/", **form)
    (chat_id,) = set(re.findall(r"/engage/chat/([\w-]{12,})/", browser.ask(second, "GET", "/engage/questions/")[1])) or {""}
    for number in range(10):
        here, there = (first, second) if number % 2 else (second, first)
        page = browser.ask(here, "GET", f"/engage/chat/{chat_id}/")[1]
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        words = f"word {number} {uuid.uuid4()}"
        browser.ask(
            here, "POST", f"/engage/chat/{chat_id}/messages/", urlencode({**fields, "message": words, "body": words}), **form
        )
        read += words in browser.ask(there, "GET", f"/engage/chat/{chat_id}/")[1]
    return {"read": read}


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    if what == "beats":
        found = beats(float(rest[0]), int(rest[1]), *rest[2:])
    elif what == "shown":
        found = shown(rest[0] == "yes", float(rest[1]), *rest[2:])
    else:
        found = chat(*rest)
    print(json.dumps(found))
