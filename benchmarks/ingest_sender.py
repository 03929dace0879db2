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
MEETINGS = 5  # beats of each sender before it begins
_PAUSE = 0.2
SIGNALS = [("page.idle", {"seconds": 10})]


def main(address: str, rate: float, seconds: float) -> list[float]:
    """Return the milliseconds of each beat, from when it was due to the end of its answer."""
    took: list[float] = []
    began: list[float] = []
    have_met = threading.Barrier(SENDERS, action=lambda: began.append(time.perf_counter() + _PAUSE))

    def send(first: int) -> None:
        connection, headers = _meet(address)
        have_met.wait()
        for number in range(first, int(rate * seconds), SENDERS):
            due = began[0] + number / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            _beat(connection, headers, SIGNALS)
            took.append((time.perf_counter() - due) * 1000)

    senders = [threading.Thread(target=send, args=(first,)) for first in range(SENDERS)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    return took


def _meet(address: str) -> tuple[http.client.HTTPConnection, dict[str, str]]:
    """Return a connection that the shop knows, and the headers of its browser; a server that has just started is warm then."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(f"{parts.hostname}:{parts.port}", timeout=60)
    headers = {"Cookie": "shop_consent=all", "Content-Type": "text/plain;charset=UTF-8", "Sec-Fetch-Site": "same-origin"}
    for _turn in range(MEETINGS):
        _beat(connection, headers, [("page.viewed", {})])
    return connection, headers


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
