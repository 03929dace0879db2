"""Does the example of docs/practice.md run, and do the numbers in it hold?"""

import re
from typing import Any

import pytest

from docs.generate import FOLDER
from oscar_engage.desk.practice.registry import SCRIPTS, scripts_in
from oscar_engage.desk.practice.script import PATIENCE, TRIES

PAGE = (FOLDER / "practice.md").read_text()
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.fixture
def example() -> dict[str, Any]:
    """What the page's code defines."""
    defined: dict[str, Any] = {}
    for block in BLOCK.findall(PAGE):
        exec(block, defined)  # noqa: S102 - our own page
    return defined


def test_script_of_ones_own__is_practised_with_and_thanks_for_a_good_answer(example: dict[str, Any]) -> None:
    gift = example["GIFT"]
    with SCRIPTS.only("voucher.en", SCRIPTS.get("voucher.en")):
        example["ready"]()
        assert gift in scripts_in("en", "easy")
    assert example["left_with_thanks"](gift, "We wrap it for 3.", "You may add a card, too.")
    assert not example["left_with_thanks"](gift, "We do not wrap for 3.")


def test_numbers_of_the_page__are_those_of_the_code() -> None:
    assert f"{', '.join(map(str, PATIENCE.values()))} seconds and {', '.join(map(str, TRIES.values()))} tries" in PAGE
    assert len(scripts_in("en")) == 12, "the page says twelve"
