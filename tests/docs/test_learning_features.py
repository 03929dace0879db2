"""Does the example of docs/learning-features.md run, and is what it says of the consent in its table true?"""

import re

import pytest

from docs.generate import FOLDER
from oscar_engage.learning.vectors.models import ScoredVector
from tests.learning.vectors.browser import PRODUCT, Browser

BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.mark.django_db
def test_example__visits_with_vectors__all_are_what_the_log_says(capsys: pytest.CaptureFixture[str]) -> None:
    browser = Browser()
    browser.beat("page.viewed", page=PRODUCT)
    browser.beat("page.exit_intent", "page.exit_intent", page=PRODUCT)
    (block,) = BLOCK.findall((FOLDER / "learning-features.md").read_text(encoding="utf-8"))

    exec(compile(block, "learning-features.md", "exec"), {})  # noqa: S102 - the example is what is tested

    keys = ScoredVector.objects.order_by("pk").values_list("pk", flat=True)
    assert capsys.readouterr().out.splitlines() == [f"{pk} True False" for pk in keys]
