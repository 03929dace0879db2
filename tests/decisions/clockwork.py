"""A browser without a window: speaks to the real endpoint when the real script would, on a clock that the test winds."""

import json
import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client

from oscar_engage.visitors.page import PageFacts, sign_page
from tests.storefront.beats import send, shopper

STEPS = {"checkout": (20.0, 45.0, 90.0)}
OTHER_STEPS = (30.0, 60.0, 120.0)
SOON = 0.3  # seconds from an urgent signal to its beat

Act = Callable[[], None]


class Clock:
    """The server's and the browsers' one clock."""

    def __init__(self, now: datetime = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class Browser:
    """One browser. Every act takes the clock with it; between acts the script's own timers go off."""

    def __init__(self, clock: Clock, consent: str = "personalisation", client: Client | None = None) -> None:
        self.clock, self.client = clock, client or shopper(consent)
        self.page = PageFacts()
        self.queue: list[dict[str, Any]] = []
        self.wake_at: datetime | None = None
        self.opened_at = self.touched_at = clock.now
        self.step = 0
        self.shown: str | None = None

    def open(self, page: PageFacts) -> None:
        """Open a page: the first beat comes 300 ms later."""
        self.page, self.wake_at, self.step, self.shown = page, None, 0, None
        self.opened_at = self.touched_at = self.clock.now
        self.tell("page.viewed")
        self.speak_after(SOON)

    def tell(self, kind: str, **data: Any) -> None:
        at = self.clock.now.timestamp() * 1000
        self.queue.append({"id": str(uuid.uuid4()), "kind": kind, "at": at, "data": data})

    def touch(self) -> None:
        self.touched_at, self.step = self.clock.now, 0

    def wait(self, seconds: float) -> None:
        """Let time pass; idle moments are told, wakes obeyed."""
        end = self.clock.now + timedelta(seconds=seconds)
        while (due := self._next_due()) is not None and due[0] <= end:
            self.clock.now = max(self.clock.now, due[0])
            due[1]()
        self.clock.now = max(self.clock.now, end)

    def _next_due(self) -> tuple[datetime, Act] | None:
        found: list[tuple[datetime, Act]] = []
        steps = STEPS.get(self.page.kind, OTHER_STEPS)
        if self.step < len(steps):
            found.append((self.touched_at + timedelta(seconds=steps[self.step]), self._be_idle))
        if self.wake_at is not None:
            found.append((self.wake_at, self.speak))
        return min(found, key=lambda one: one[0], default=None)

    def _be_idle(self) -> None:
        steps = STEPS.get(self.page.kind, OTHER_STEPS)
        self.tell("page.idle", seconds=steps[self.step])
        self.step += 1
        self.speak_after(SOON)

    def speak_after(self, seconds: float) -> None:
        self.clock.now += timedelta(seconds=seconds)
        self.speak()

    def speak(self) -> None:
        """Send a beat, obey the answer, and look at what was offered."""
        self.wake_at = None
        response = self._send(is_answer_wanted=True)
        if "Engage-Wake" in response:
            self.wake_at = self.clock.now + timedelta(seconds=max(0.5, float(response["Engage-Wake"])))
        found = re.search(r'data-engage-decision="([^"]+)"', response.content.decode())
        if found:
            self.shown = found[1]
            self.tell("widget.seen", decision=self.shown)

    def dismiss(self) -> None:
        """Say no to what is shown."""
        self.touch()
        self.tell("widget.dismissed", decision=self.shown)
        self.shown = None
        self.speak_after(SOON)

    def leave(self) -> None:
        """Leave the page: what is queued goes with a farewell."""
        visible = (self.clock.now - self.opened_at).total_seconds()
        self.tell("page.left", visible=round(visible, 1), idle=0)
        self._send(is_answer_wanted=False)
        self.wake_at = None

    def _send(self, *, is_answer_wanted: bool) -> Any:
        now, signals = self.clock.now, self.queue
        self.queue = []
        beat = {
            "v": 1,
            "sent": now.timestamp() * 1000,
            "page": sign_page(self.page),
            "path": "/shop/",
            "idle": (now - self.touched_at).total_seconds() * 1000,
            "visible": (now - self.opened_at).total_seconds() * 1000,
            "showing": [self.shown] if self.shown else [],
            "fetch": is_answer_wanted,
            "signals": signals,
        }
        return send(self.client, json.dumps(beat))
