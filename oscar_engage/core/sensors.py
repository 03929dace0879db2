"""From when on does the browser's script speak up? Every sensor with its thresholds, and the check of what a shop sets instead.

The same defaults stand in ``frontend/src`` (a test holds them together), so only what a shop changed travels with a page.
Pixels are CSS pixels. The definitions follow what session-replay tools agree on (three clicks, a second, 30 pixels); a pause
of seconds before the first key is the one sign that studies of forms share.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from math import isfinite
from types import MappingProxyType
from typing import Any

Number = int | float
MOST_STEPS = 6
_SETTING = "OSCAR_ENGAGE['SENSORS']"


class WrongSensorError(ValueError):
    """A sensor or threshold that there is not, or a value that it cannot have; the message says what to type instead."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number within bounds; ``is_steps``: several of them, each larger than the one before."""

    default: Number | tuple[Number, ...]
    least: Number
    most: Number
    is_steps: bool = False

    def clean(self, value: object, where: str) -> Number | tuple[Number, ...]:
        """Return ``value`` in its frozen shape or raise :class:`WrongSensorError`, which names ``where``."""
        if not self.is_steps:
            return self._clean_one(value, where)
        example = f"such as {json.dumps(self.default)}"
        if not isinstance(value, list | tuple) or not 0 < len(value) <= MOST_STEPS:
            raise WrongSensorError(f"{where} is a list of 1 to {MOST_STEPS} numbers, {example}.")
        steps = tuple(self._clean_one(step, where) for step in value)
        if sorted(set(steps)) != list(steps):
            raise WrongSensorError(f"{where} is a list of numbers each larger than the one before, {example}.")
        return steps

    def _clean_one(self, value: object, where: str) -> Number:
        is_number = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
        if not is_number or not self.least <= value <= self.most:  # type: ignore[operator]  # a number, as was just asked
            raise WrongSensorError(f"{where} takes numbers from {self.least} to {self.most}, not {value!r}.")
        return value  # type: ignore[return-value]  # a number, as was just asked


def _seconds(default: Number, most: Number = 600) -> Threshold:
    return Threshold(default, 0.1, most)


def _pixels(default: int) -> Threshold:
    return Threshold(default, 1, 5000)


def _times(default: int) -> Threshold:
    return Threshold(default, 2, 100)


SENSORS: Mapping[str, Mapping[str, Threshold]] = MappingProxyType(
    {
        "idle": {
            "seconds": Threshold((30, 60, 120), 5, 3600, is_steps=True),
            "checkout": Threshold((20, 45, 90), 5, 3600, is_steps=True),
        },
        "exit": {"pixels": _pixels(20), "after": _seconds(3)},
        "away": {"seconds": _seconds(2)},
        "places": {},
        "rage": {"clicks": _times(3), "pixels": _pixels(30), "seconds": _seconds(1)},
        "dead": {"seconds": _seconds(2.5)},
        "hesitation": {"seconds": _seconds(4)},
        "fields": {},
        "pointer": {"flips": _times(6), "pixels": _pixels(600), "seconds": _seconds(2)},
        "scroll": {},
        "seeking": {"reversals": _times(8), "pixels": _pixels(40), "seconds": _seconds(30)},
        "copy": {},
        "option": {"times": _times(4)},
        "script": {},
        "speed": {},
    }
)
"""Each sensor by its name in ``OSCAR_ENGAGE["SENSORS"]``, with its thresholds; one without any is on or off."""

Changed = tuple[tuple[str, tuple[tuple[str, Number | tuple[Number, ...]], ...] | None], ...]


def clean_sensors(raw: object) -> Changed:
    """Return what ``raw`` changes, in a fixed order and without what is the default anyway; ``None`` switches a sensor off.

    >>> clean_sensors({"rage": {"clicks": 4, "pixels": 30}, "copy": None})
    (('copy', None), ('rage', (('clicks', 4),)))

    Raises :class:`WrongSensorError`.
    """
    if not isinstance(raw, Mapping):
        raise WrongSensorError(_SETTING + ' is a dictionary, such as {"rage": {"clicks": 4}, "copy": None}.')
    return tuple(sorted(_changes(raw), key=lambda changed: changed[0]))


def _changes(raw: Mapping[Any, Any]) -> Iterator[tuple[str, tuple[tuple[str, Number | tuple[Number, ...]], ...] | None]]:
    for sensor, given in raw.items():
        known = _find(sensor, SENSORS, "sensor", _SETTING)
        if given is None:
            yield sensor, None
        elif not isinstance(given, Mapping):
            raise WrongSensorError(
                f"{_SETTING}[{sensor!r}] is None (off) or a dictionary of its thresholds: {', '.join(known) or 'none'}."
            )
        else:
            cleaned = {name: _clean(sensor, name, value) for name, value in given.items()}
            changed = tuple(sorted((name, value) for name, value in cleaned.items() if value != known[name].default))
            if changed:
                yield sensor, changed


def _clean(sensor: str, name: object, value: object) -> Number | tuple[Number, ...]:
    where = f"{_SETTING}[{sensor!r}]"
    threshold: Threshold = _find(name, SENSORS[sensor], "threshold", where)
    return threshold.clean(value, f"{where}[{name!r}]")


def _find(name: object, known: Mapping[str, Any], what: str, where: str) -> Any:
    if isinstance(name, str) and name in known:
        return known[name]
    close = get_close_matches(str(name), known, n=1)
    hint = f" Did you mean {close[0]!r}?" if close else f" There are: {', '.join(known)}." if known else ""
    raise WrongSensorError(f"{where} knows no {what} {name!r}.{hint}")
