"""Does what a newcomer is told to type while trying do what the page says of it?"""

import ast
import re

import pytest

from oscar_engage.conf import EngageSettings
from tests.architecture.source import ROOT

TRYING = re.compile(r'"QUIET_HOURS": "", "SHOP_HOLDOUT": 0')


@pytest.mark.parametrize("page", ["README.md", "docs/a-first-day.md"])
def test_settings_while_trying__as_the_page_has_them__let_offers_come_at_any_hour_to_everybody(page: str) -> None:
    (line,) = TRYING.findall((ROOT / page).read_text())
    tried = EngageSettings.from_mapping(ast.literal_eval(f"{{{line}}}"))
    assert (tried.quiet_hours, tried.shop_holdout) == ((), 0)


def test_defaults__as_the_pages_tell_them__are_midnight_to_six_and_one_in_ten() -> None:
    told = (ROOT / "docs" / "settings.md").read_text()  # written from the source; tests switch quiet hours off for themselves
    assert "| `QUIET_HOURS` | `((0, 360),)` |" in told
    assert "| `SHOP_HOLDOUT` | `0.1` |" in told
