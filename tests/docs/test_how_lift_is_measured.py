"""Do the examples of docs/how-lift-is-measured.md say what stands there?"""

import pytest

from docs.generate import FOLDER
from tests.docs.test_examples import BLOCK


def test_examples__run_in_their_order__say_lift_and_forecast(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, object] = {}
    for block in BLOCK.findall((FOLDER / "how-lift-is-measured.md").read_text(encoding="utf-8")):
        exec(compile(block, "docs/how-lift-is-measured.md", "exec"), names)  # noqa: S102 - our own documentation

    lift, forecast = capsys.readouterr().out.splitlines()
    assert lift == "5.00% against 3.25%, +54 % (+7 to +151)"
    assert forecast == "in 12 weeks from 32% on; a quarter more would take 20 weeks"
