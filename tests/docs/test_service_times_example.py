"""Does the example of docs/service-times.md run?"""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "service-times.md"


@pytest.mark.django_db
def test_example__as_it_is_printed__runs() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, object] = {}
    exec(code, names)  # noqa: S102 - our own documentation
    assert names["found"].both.kept_rate is None  # type: ignore[attr-defined]  # Promises
