"""How is a set of rows written down? As one whole number with a bit for each: a thousand are joined in one step."""

from collections.abc import Iterable
from itertools import accumulate

_FEW = 8  # up to here shifting bits one by one is faster than filling bytes


def mask_of(rows: Iterable[int]) -> int:
    """Return the number in which the bits ``rows`` are set."""
    listed = tuple(rows)
    if len(listed) <= _FEW:
        mask = 0
        for row in listed:
            mask |= 1 << row
        return mask
    filled = bytearray((max(listed) >> 3) + 1)
    for row in listed:
        filled[row >> 3] |= 1 << (row & 7)
    return int.from_bytes(filled, "little")


def rows_of(mask: int) -> list[int]:
    """Return the bits that are set in ``mask``, the lowest first."""
    gaps = bin(mask)[:1:-1].split("1")
    gaps.pop()  # behind the highest bit
    return [place + passed for passed, place in enumerate(accumulate(map(len, gaps)))]
