"""Does the documented model read, and score as its page says?"""

import re
from pathlib import Path

from oscar_engage.learning.scoring.document import read_document

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "learning-models.md").read_text()


def test_example__on_the_page__reads_and_scores() -> None:
    (text,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    (program,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    known = {"text": text}
    exec(program, known)  # noqa: S102 - our own page
    assert 0 < known["low"] == known["value"] == known["high"] < 1  # type: ignore[operator]  # numbers
    assert {name for name, _share in known["because"]} == {"pages", "idle_seconds"}  # type: ignore[str-bytes-safe,misc]  # pairs


def test_tables__on_the_page__name_every_part_of_the_form() -> None:
    (text,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    document = read_document(text)
    names = {"from" if name == "start" else name for name in (*document.__struct_fields__, *document.window.__struct_fields__)}
    assert all(f"`{name}`" in PAGE or f'"{name}"' in PAGE for name in names)
    assert all(f"`{kind}`" in PAGE for kind in ("linear", "logistic", "trees", "difference", "ensemble", "platt", "isotonic"))
