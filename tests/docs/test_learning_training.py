"""Is what the page says of the ladder what the ladder does?"""

import re
from pathlib import Path

from oscar_engage.learning.training.ladder import RUNGS
from oscar_engage.learning.training.promote import AUC_SLACK, ECE_MOST, LUCK, SURE

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "learning-training.md").read_text()


def test_example__on_the_page__says_what_it_says() -> None:
    (program,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    known: dict[str, object] = {}
    exec(program, known)  # noqa: S102 - our own page
    assert known["needs"] == {"orders": 37, "rung": "logistic"}


def test_thresholds__on_the_page__are_those_of_the_ladder() -> None:
    for rungs in RUNGS.values():
        assert all(f"`{name}`" in PAGE for name, _least in rungs)
    words = PAGE.replace(" 000", "000")
    assert all(f"{least:.0f}" in words for rungs in RUNGS.values() for _name, counts in rungs for least in counts.values())
    assert all(f"{number:g}".removeprefix("0") in PAGE for number in (SURE, AUC_SLACK, ECE_MOST, LUCK))
