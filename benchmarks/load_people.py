"""Everybody who is in the shop while it is under load: plain Python, told on stdin, answering on stdout.

First a line of JSON says where what is, with the chats and their cookies; each further line asks for the counts since then.
"""

import http.client
import json
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from benchmarks.visit import signal_id

READERS, TELLERS, TALKERS = 4, 10, 10
BEATS_A_SECOND = 100.0
POLL_EVERY, SAY_EVERY = 3.0, 20.0
FINE = 400
CSRF = "c" * 32

counts: Counter[str] = Counter()
said: list[str] = []
lock = threading.Lock()


def count(what: str) -> None:
    """Count one."""
    with lock:
        counts[what] += 1


class Line:
    """A kept connection that is opened anew whenever it broke; status 0 where nobody answered."""

    def __init__(self, port: int) -> None:
        self.port, self.connection = port, http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> int:
        """Return the status."""
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            self.connection.request(method, path, body, sent)
            answer = self.connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            time.sleep(0.05)
            return 0
        return answer.status


def read(port: int, paths: list[str], number: int) -> None:
    """Read one page after the other."""
    line, turn = Line(port), number
    while True:
        status = line.ask("GET", paths[turn % len(paths)])
        turn += 1
        count("pages" if 0 < status < FINE else "failed pages")


def tell(port: int, number: int) -> None:
    """Beat at an even pace, as ten visitors in turns."""
    line, due = Line(port), time.monotonic() + number / BEATS_A_SECOND
    cookies = ["consent=personalisation"] * 10
    turn = 0
    while True:
        time.sleep(max(0.0, due - time.monotonic()))
        due = max(due + TELLERS / BEATS_A_SECOND, time.monotonic() - 1)
        now, place = int(time.time() * 1000), turn % len(cookies)
        turn += 1
        told = [{"id": signal_id(now), "kind": "page.idle", "at": now, "data": {"seconds": 30}}]
        body = {"v": 1, "sent": now, "path": "/", "idle": 10_000, "visible": 60_000, "fetch": True, "signals": told}
        headers = {"Cookie": cookies[place], "Content_Type": "text/plain;charset=UTF-8", "Sec_Fetch_Site": "same-origin"}
        status = line.ask("POST", "/engage/beat/", json.dumps(body), **headers)
        count("beats" if 0 < status < FINE else "failed beats")


def talk(port: int, chats: list[list[str]], number: int) -> None:
    """Poll and talk in every tenth chat; what is not answered is sent again with the same id, as browsers do."""
    mine, line = chats[number::TALKERS], Line(port)
    began = time.monotonic()
    next_poll = [began + POLL_EVERY * place / len(mine) for place in range(len(mine))]
    next_word = [began + SAY_EVERY * place / len(mine) for place in range(len(mine))]
    while True:
        for place, (public_id, cookie) in enumerate(mine):
            if next_poll[place] <= time.monotonic():
                next_poll[place] = time.monotonic() + POLL_EVERY
                status = line.ask("GET", f"/engage/chat/{public_id}/events/?after=100000", Cookie=cookie)
                count("polls" if 0 < status < FINE else "failed polls")
            if next_word[place] <= time.monotonic():
                next_word[place] = time.monotonic() + SAY_EVERY
                _say(line, public_id, cookie)
        time.sleep(0.01)


def _say(line: Line, public_id: str, cookie: str) -> None:
    client_id = str(uuid.uuid4())
    fields = urlencode({"body": f"word {client_id}", "client_id": client_id, "csrfmiddlewaretoken": CSRF, "after": "100000"})
    headers = {"Cookie": f"{cookie}; csrftoken={CSRF}", "HX_Request": "true", "X_Engage_Fragment": "1"}
    headers["Content_Type"] = "application/x-www-form-urlencoded"
    for _again in range(20):
        if 0 < line.ask("POST", f"/engage/chat/{public_id}/messages/", fields, **headers) < FINE:
            count("words")
            with lock:
                said.append(client_id)
            return
        time.sleep(0.5)
    count("unsent words")


def main() -> None:
    """Begin, and answer."""
    where: dict[str, Any] = json.loads(sys.stdin.readline())
    begin(READERS, lambda number: read(where["shop"], where["paths"], number))
    begin(TELLERS, lambda number: tell(where["beats"], number))
    begin(TALKERS, lambda number: talk(where["shop"], where["chats"], number))
    for line in sys.stdin:
        with lock:
            answer = dict(counts)
            counts.clear()
        if line.strip() == "end":
            answer["said"] = said  # type: ignore[assignment]  # a list beside numbers
        print(json.dumps(answer), flush=True)
        if line.strip() == "end":
            return


def begin(number: int, work: Callable[[int], None]) -> None:
    """Start so many of a kind."""
    for each in range(number):
        threading.Thread(target=work, args=(each,), daemon=True).start()


if __name__ == "__main__":
    main()
