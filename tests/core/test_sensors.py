"""What a shop may set of the sensors, and what it is told when it may not."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.conf import EngageSettings, InvalidSettingError
from oscar_engage.core.sensors import SENSORS, Threshold, WrongSensorError, clean_sensors

SOURCES = Path(__file__).resolve().parents[2] / "frontend" / "src"


def values_of(threshold: Threshold) -> st.SearchStrategy[Any]:
    numbers = st.floats(threshold.least, threshold.most) | st.integers(int(threshold.least) + 1, int(threshold.most))
    return st.sets(numbers, min_size=1, max_size=6).map(sorted) if threshold.is_steps else numbers


CHANGES = st.fixed_dictionaries(
    {},
    optional={
        sensor: st.none() | st.fixed_dictionaries({}, optional={name: values_of(one) for name, one in thresholds.items()})
        for sensor, thresholds in SENSORS.items()
    },
)


def written_again(changed: Any) -> dict[str, Any]:
    return {sensor: given and dict(given) for sensor, given in changed}


@given(raw=CHANGES)
def test_clean_sensors__anything_within_bounds__is_kept_and_nothing_else(raw: dict[str, Any]) -> None:
    kept = written_again(clean_sensors(raw))

    for sensor, given_ in raw.items():
        if given_ is None:
            assert kept[sensor] is None
            continue
        defaults = {name: one.default for name, one in SENSORS[sensor].items()}
        wanted = {name: tuple(value) if isinstance(value, list) else value for name, value in given_.items()}
        assert {**defaults, **(kept.get(sensor) or {})} == {**defaults, **wanted}
    assert clean_sensors(kept) == clean_sensors(raw)
    assert clean_sensors(json.loads(json.dumps(kept))) == clean_sensors(raw)


def test_clean_sensors__every_default_written_out__changes_nothing() -> None:
    written = {sensor: {name: one.default for name, one in thresholds.items()} for sensor, thresholds in SENSORS.items()}

    assert clean_sensors(written) == ()


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ([], "['SENSORS'] is a dictionary"),
        (None, "['SENSORS'] is a dictionary"),
        ({"rgae": None}, "['SENSORS'] knows no sensor 'rgae'. Did you mean 'rage'?"),
        ({7: None}, "There are: idle, exit"),
        ({"rage": 4}, "['rage'] is None (off) or a dictionary of its thresholds: clicks, pixels, seconds"),
        ({"copy": True}, "thresholds: none"),
        ({"rage": {"click": 4}}, "['rage'] knows no threshold 'click'. Did you mean 'clicks'?"),
        ({"copy": {"x": 4}}, "['copy'] knows no threshold 'x'."),
        ({"rage": {"clicks": 1}}, "['rage']['clicks'] takes numbers from 2 to 100, not 1."),
        ({"rage": {"clicks": "4"}}, "not '4'"),
        ({"rage": {"clicks": True}}, "not True"),
        ({"dead": {"seconds": float("nan")}}, "not nan"),
        ({"idle": {"seconds": 30}}, "['idle']['seconds'] is a list of 1 to 6 numbers, such as [30, 60, 120]."),
        ({"idle": {"seconds": []}}, "is a list of 1 to 6 numbers"),
        ({"idle": {"seconds": [60, 30]}}, "each larger than the one before"),
        ({"idle": {"checkout": [30, 30]}}, "such as [20, 45, 90]"),
        ({"idle": {"checkout": [1]}}, "takes numbers from 5 to 3600, not 1."),
    ],
)
def test_clean_sensors__what_cannot_be__says_what_can(raw: object, words: str) -> None:
    with pytest.raises(WrongSensorError) as caught:
        clean_sensors(raw)

    assert words in str(caught.value)
    with pytest.raises(InvalidSettingError, match=r"OSCAR_ENGAGE\['SENSORS'\]"):
        EngageSettings.from_mapping({"SENSORS": raw})


def test_settings__sensors_changed__are_frozen() -> None:
    built = EngageSettings.from_mapping({"SENSORS": {"idle": {"seconds": [10, 20]}, "copy": None}})

    assert built.sensors == (("copy", None), ("idle", (("seconds", (10, 20)),)))
    assert hash(built)


def test_defaults__in_the_script__are_those_of_the_settings() -> None:
    text = "".join(path.read_text() for path in sorted(SOURCES.glob("*.js")))
    found: dict[str, Mapping[str, Any]] = {}
    for sensor, written in re.findall(r'\bsensor\("(\w+)"(?:, (\{.*?\}))?', text):
        found[sensor] = json.loads(re.sub(r"(\w+):", r'"\1":', written or "{}"))

    assert found == {
        sensor: {name: json.loads(json.dumps(one.default)) for name, one in thresholds.items()}
        for sensor, thresholds in SENSORS.items()
    }
