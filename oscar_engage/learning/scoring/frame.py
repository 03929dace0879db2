"""How is a vector laid out for sums? Missing values filled, some taken as logarithms; once for all sums that do it alike."""

from collections.abc import Sequence
from math import log1p
from typing import NamedTuple, TypeAlias

Laid: TypeAlias = tuple[list[float], list[int]]
"""The values to multiply, and the places of those that were missing."""


class Frame(NamedTuple):
    """What stands in for a missing value, and which values are taken as ``log(1 + value)``, nothing below zero."""

    fills: tuple[float, ...]
    logs: tuple[bool, ...]


class Frames:
    """The different frames of one document."""

    def __init__(self) -> None:
        self._frames: list[Frame] = []

    def place(self, frame: Frame) -> int:
        """Return the place of ``frame`` in what :meth:`lay` returns."""
        if frame not in self._frames:
            self._frames.append(frame)
        return self._frames.index(frame)

    def lay(self, vector: Sequence[float | None]) -> list[Laid]:
        """Return ``vector`` as each frame lays it out."""
        gaps = [place for place, value in enumerate(vector) if value is None]
        return [(_lay(frame, vector), gaps) for frame in self._frames]


def _lay(frame: Frame, vector: Sequence[float | None]) -> list[float]:
    filled = [fill if value is None else value for value, fill in zip(vector, frame.fills, strict=True)]
    return [(log1p(value) if value > 0 else 0.0) if is_log else value for value, is_log in zip(filled, frame.logs, strict=True)]


def take(value: float, is_log: bool) -> float:
    """Return ``value`` as a sum takes it."""
    return log1p(value if value > 0 else 0.0) if is_log else value
