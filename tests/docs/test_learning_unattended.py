"""Does the example of docs/learning-unattended.md run?"""

import re

import pytest

from tests.docs.test_learning_features import FOLDER


@pytest.mark.django_db
def test_example__runs(capsys: pytest.CaptureFixture[str]) -> None:
    text = (FOLDER / "learning-unattended.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    exec(compile(block, "learning-unattended.md", "exec"), {})  # noqa: S102 - the example is what is tested
    assert capsys.readouterr().out.splitlines()[0] == "propensity business rules ()"
