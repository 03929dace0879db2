"""Do the examples of docs/balloons.md run, and does the page name every value and content that there is?"""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from docs.generate import FOLDER
from oscar_engage.widgets.contents.registry import CONTENTS
from oscar_engage.widgets.filling import fill_engagement
from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.placeholders import PLACEHOLDERS
from tests.widgets.scenes import make_scene

PAGE = (FOLDER / "balloons.md").read_text()
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.fixture
def example() -> Iterator[dict[str, Any]]:
    """What the page's code defines; what it registers is forgotten afterwards."""
    registries: tuple[Any, ...] = (PLACEHOLDERS, CONTENTS)
    before = [dict(registry._entries) for registry in registries]
    names: dict[str, Any] = {"__name__": "docs.balloons"}
    for block in BLOCK.findall(PAGE):
        exec(block, names)  # noqa: S102 - our own page
    yield names
    for registry, entries in zip(registries, before, strict=True):
        registry._entries = entries


def test_examples__value_and_content_of_a_shops_own__are_filled_in(example: dict[str, Any]) -> None:
    shown = Engagement(title='Near you: {{ branch.nearest | "our branches" }}', content="repair", settings={"days": 4})

    filled = fill_engagement(shown, make_scene(product_id=5))

    assert filled is not None
    assert (filled.words.title, filled.facts) == ("Near you: our branches", {"days": 4})
    assert fill_engagement(shown, make_scene()) is None
    assert CONTENTS.get("repair").example({}) == {"days": 3}


def test_page__names_every_value_and_content_that_is_shipped() -> None:
    assert [one.name for one in PLACEHOLDERS if f"`{one.name}`" not in PAGE] == []
    assert [str(one.label) for one in CONTENTS if f"| {one.label} |" not in PAGE] == []
