"""Who of the agents is free? A pool with handle times: a chat takes a place until it is over."""

import heapq
import random
from datetime import datetime, timedelta

from oscar_engage.simulation.parameters import Parameters
from oscar_engage.simulation.world.luck import amount

SATURDAY = 5
OFFERED_PLACE = 20.0
"""Seconds for which an agent's place is kept for somebody who was invited."""


class AgentPool:
    """The agents of the simulated shop; ``now`` never runs backwards."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        self._until: list[datetime] = []
        self.chats = 0
        self.seconds = 0.0

    def free(self, now: datetime) -> int:
        """Return how many more chats can be taken at ``now``; none out of hours or on weekends."""
        while self._until and self._until[0] <= now:
            heapq.heappop(self._until)
        if now.weekday() >= SATURDAY or not self._parameters.opens <= now.hour < self._parameters.closes:
            return 0
        return max(0, self._parameters.agents * self._parameters.chats_at_once - len(self._until))

    def room(self, day: datetime) -> float:
        """Return the seconds of places that there are on the day of ``day``, used or not."""
        if day.weekday() >= SATURDAY:
            return 0.0
        return (
            3600.0
            * self._parameters.agents
            * self._parameters.chats_at_once
            * (self._parameters.closes - self._parameters.opens)
        )

    def take(self, now: datetime, chance: random.Random) -> float:
        """Begin a chat and return how many seconds it will take."""
        seconds = 60 * amount(chance, self._parameters.chat_minutes, self._parameters.chat_spread)
        heapq.heappush(self._until, now + timedelta(seconds=seconds))
        self.chats += 1
        self.seconds += seconds
        return seconds

    def hold(self, now: datetime, seconds: float) -> None:
        """Keep a place for somebody who was invited and has not answered yet."""
        heapq.heappush(self._until, now + timedelta(seconds=seconds))
