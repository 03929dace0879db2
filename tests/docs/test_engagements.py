"""Does the example of docs/engagements.md run?"""

import re
from typing import Any

import pytest
from django.utils import timezone

from docs.generate import FOLDER
from oscar_engage.widgets.live import active_engagements, forget_engagements

BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.mark.django_db
def test_example__from_a_program__is_live_and_speaks() -> None:
    names: dict[str, Any] = {"__name__": "docs.engagements"}
    for block in BLOCK.findall((FOLDER / "engagements.md").read_text()):
        exec(compile(block, "docs/engagements.md", "exec"), names)  # noqa: S102 - our own page

    assert names["announce"](None) == ["Pakete verspäten sich", "Snow!"]
    forget_engagements()
    assert list(active_engagements(now=timezone.now())) == ["late-parcels"]
