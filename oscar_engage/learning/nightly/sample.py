"""How are a few of very many taken, each as likely as any other, in one pass and with constant memory? (Vitter 1985, R)"""

from hashlib import blake2b
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Reservoir(Generic[Item]):
    """Holds ``most`` of all items it was shown; which, is decided by ``salt`` (at most 64 bytes) and by nothing else."""

    def __init__(self, most: int, salt: bytes) -> None:
        self.items: list[Item] = []
        self.seen = 0
        self._most, self._salt = most, salt

    def show(self, item: Item) -> None:
        """Take the item, or not."""
        self.seen += 1
        if len(self.items) < self._most:
            self.items.append(item)
            return
        place = self._draw() % self.seen
        if place < self._most:
            self.items[place] = item

    def _draw(self) -> int:
        return int.from_bytes(blake2b(self.seen.to_bytes(8, "big"), key=self._salt, digest_size=8).digest(), "big")
