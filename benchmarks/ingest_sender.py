"""Sends the beats of many browsers (address, seconds, ``obey`` or ``hurry``; cookies as JSON) and prints what they took (JSON).

Each browser has something to say every five seconds. It *obeys* as our script does, which speaks again no sooner than the
server asked it to and then tells what happened meanwhile, or it is in a *hurry* and does not listen.

A process of its own, so that it does not share the lock of the interpreter with those who ask for pages. A beat's time begins
when it was due, not when it could be sent: a server that stalls does not hide it by holding up the next.
"""

import heapq
import http.client
import json
import sys
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from benchmarks.visit import signal_id

SENDERS = 50  # connections, each shared by ten browsers, as behind a proxy: more than ever wait at once
USUAL = 5.0  # seconds between two signals of a browser
_PAUSE = 0.2


@dataclass(order=True, slots=True)
class Browser:
    """One browser: when (seconds of this process's clock) it sends next, and when it did so last."""

    due: float
    told: float
    cookie: str = field(compare=False)


def main(address: str, seconds: float, cookies: list[str], *, obeys: bool) -> list[float]:
    """Return the milliseconds of each beat, from when it was due to the end of its answer."""
    took: list[float] = []
    began = time.perf_counter() + _PAUSE

    def send(sender: int) -> None:
        mine = [
            Browser(began + USUAL * number / len(cookies), began - USUAL, cookie)
            for number, cookie in enumerate(cookies)
            if number % SENDERS == sender
        ]
        parts = urlsplit(address)
        connection = http.client.HTTPConnection(f"{parts.hostname}:{parts.port}", timeout=60)
        heapq.heapify(mine)
        while (browser := mine[0]).due < began + seconds:
            time.sleep(max(0.0, browser.due - time.perf_counter()))
            asked = _beat(connection, browser.cookie, round((browser.due - browser.told) / USUAL))
            took.append((time.perf_counter() - browser.due) * 1000)
            heapq.heapreplace(mine, Browser(browser.due + (asked if obeys else USUAL), browser.due, browser.cookie))

    senders = [threading.Thread(target=send, args=(number,)) for number in range(SENDERS)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    return took


def _beat(connection: http.client.HTTPConnection, cookie: str, signals: int) -> float:
    """Tell of so many signals; return the seconds after which the server wants to hear of this browser again."""
    now = int(time.time() * 1000)
    told = [{"id": signal_id(now), "kind": "page.idle", "at": now, "data": {"seconds": 10}} for _number in range(signals)]
    body = json.dumps({"v": 1, "sent": now, "path": "/", "idle": 10_000, "visible": 60_000, "fetch": True, "signals": told})
    headers = {
        "Cookie": f"shop_consent=all; {cookie}",
        "Content-Type": "text/plain;charset=UTF-8",
        "Sec-Fetch-Site": "same-origin",
    }
    connection.request("POST", "/engage/beat/", body, headers)
    response = connection.getresponse()
    response.read()
    if response.status not in {200, 204}:
        raise RuntimeError(f"A beat was answered with {response.status}.")
    return float(response.headers["Engage-Next"])


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], float(sys.argv[2]), json.load(sys.stdin), obeys=sys.argv[3] == "obey")))
