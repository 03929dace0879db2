"""Floods a shop with the beats of one browser (address, seconds; its cookie on stdin) and prints how many it sent, as JSON.

With a third word, ``empty``, with requests that are turned away by their method alone: what the web server itself costs.

A process of its own, so that it does not share the lock of the interpreter with who asks for pages.
"""

import http.client
import json
import sys
import threading
import time
from urllib.parse import urlsplit

from benchmarks.visit import signal_id

A_SECOND = 1000
_SENDERS = 8


def main(address: str, seconds: float, cookie: str, *, is_empty: bool = False) -> int:
    """Send :data:`A_SECOND` beats a second for so long, or as many as the shop takes; return how many it answered."""
    answered = [0] * _SENDERS
    began = time.perf_counter()

    def send(sender: int) -> None:
        parts = urlsplit(address)
        connection = http.client.HTTPConnection(f"{parts.hostname}:{parts.port}", timeout=60)
        while (due := answered[sender] * _SENDERS / A_SECOND) < seconds and time.perf_counter() - began < seconds:
            time.sleep(max(0.0, began + due - time.perf_counter()))
            _ask_nothing(connection, cookie) if is_empty else _beat(connection, cookie)
            answered[sender] += 1

    senders = [threading.Thread(target=send, args=(number,)) for number in range(_SENDERS)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    return sum(answered)


def _beat(connection: http.client.HTTPConnection, cookie: str) -> None:
    now = int(time.time() * 1000)
    told = [{"id": signal_id(now), "kind": "page.idle", "at": now, "data": {"seconds": 10}}]
    body = json.dumps({"v": 1, "sent": now, "path": "/", "idle": 10_000, "visible": 60_000, "fetch": True, "signals": told})
    headers = {
        "Cookie": f"shop_consent=all; {cookie}",
        "Content-Type": "text/plain;charset=UTF-8",
        "Sec-Fetch-Site": "same-origin",
    }
    connection.request("POST", "/engage/beat/", body, headers)
    connection.getresponse().read()


def _ask_nothing(connection: http.client.HTTPConnection, cookie: str) -> None:
    connection.request("PUT", "/engage/beat/", headers={"Cookie": f"shop_consent=all; {cookie}"})
    connection.getresponse().read()


if __name__ == "__main__":
    flooded = main(sys.argv[1], float(sys.argv[2]), sys.stdin.read(), is_empty="empty" in sys.argv[3:])
    print(json.dumps(flooded))
