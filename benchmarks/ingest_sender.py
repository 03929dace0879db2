"""Sends beats at a steady rate (address, beats a second, seconds) and prints how long each took, as JSON.

A process of its own, so that it does not share the lock of the interpreter with those who ask for pages. A beat's time begins
when it was due, not when it could be sent: a server that stalls does not hide it by holding up the next.
"""

import http.client
import json
import sys
import threading
import time
import uuid
from urllib.parse import urlsplit

SENDERS = 8
SIGNALS = [("page.idle", {"seconds": 10})]


def main(address: str, rate: float, seconds: float) -> list[float]:
    """Return the milliseconds of each beat, from when it was due to the end of its answer."""
    took: list[float] = []
    began = time.perf_counter() + 1.5  # all have met the shop by then
    senders = [
        threading.Thread(
            target=_send, args=(address, began, [n / rate for n in range(first, int(rate * seconds), SENDERS)], took)
        )
        for first in range(SENDERS)
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    return took


def _send(address: str, began: float, due: list[float], took: list[float]) -> None:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(f"{parts.hostname}:{parts.port}", timeout=30)
    headers = {"Cookie": "shop_consent=all", "Content-Type": "text/plain;charset=UTF-8", "Sec-Fetch-Site": "same-origin"}
    _beat(connection, headers, [("page.viewed", {})])
    for moment in due:
        time.sleep(max(0.0, began + moment - time.perf_counter()))
        _beat(connection, headers, SIGNALS)
        took.append((time.perf_counter() - began - moment) * 1000)


def _beat(
    connection: http.client.HTTPConnection, headers: dict[str, str], signals: list[tuple[str, dict[str, object]]]
) -> None:
    now = int(time.time() * 1000)
    told = [{"id": str(uuid.uuid4()), "kind": kind, "at": now, "data": data} for kind, data in signals]
    body = json.dumps({"v": 1, "sent": now, "path": "/", "idle": 10_000, "visible": 60_000, "fetch": True, "signals": told})
    connection.request("POST", "/engage/beat/", body, headers)
    response = connection.getresponse()
    response.read()
    if response.status not in {200, 204}:
        raise RuntimeError(f"A beat was answered with {response.status}.")
    if (cookie := response.getheader("Set-Cookie") or "").startswith("engage_visitor="):
        headers["Cookie"] = f"shop_consent=all; {cookie.partition(';')[0]}"


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]))))
