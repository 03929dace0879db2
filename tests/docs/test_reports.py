"""Do the examples of docs/reports.md run?"""

from pathlib import Path
from typing import Any

import pytest

from oscar_engage.conf import EngageSettings
from tests.docs.test_examples import BLOCK

SETTINGS, READ = (block for block in BLOCK.findall((Path(__file__).parents[2] / "docs/reports.md").read_text()))


def test_settings_example__taken() -> None:
    names: dict[str, Any] = {}
    exec(compile(SETTINGS, "docs/reports.md", "exec"), names)  # noqa: S102 - our own documentation
    assert EngageSettings.from_mapping(names["OSCAR_ENGAGE"]).report_weekly == (("chef@shop.example", "de"),)


@pytest.mark.django_db
def test_read_example__empty_shop__nothing_earned() -> None:
    names: dict[str, Any] = {}
    exec(compile(READ, "docs/reports.md", "exec"), names)  # noqa: S102 - as above
    assert names["earned"] == []
