"""What was used last? A bounded store of one process for what is dear to make; what was not used for longest goes first."""

from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

Name = TypeVar("Name")
Thing = TypeVar("Thing")


class Lru(Generic[Name, Thing]):
    """At most ``most`` things by name; safe to use from several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._things: OrderedDict[Name, Thing] = OrderedDict()
        self._lock = Lock()

    def get(self, name: Name) -> Thing | None:
        """Return what was put under ``name``, if it is still there."""
        with self._lock:
            if name in self._things:
                self._things.move_to_end(name)
            return self._things.get(name)

    def put(self, name: Name, thing: Thing) -> None:
        """Keep ``thing``, and let go of what has not been used for longest."""
        with self._lock:
            self._things[name] = thing
            self._things.move_to_end(name)
            while len(self._things) > self._most:
                self._things.popitem(last=False)
