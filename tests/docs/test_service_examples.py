"""Do the examples of docs/service-and-costs.md do what the page says?"""

import re
from datetime import date

import pytest

from docs.generate import FOLDER
from oscar_engage.analytics.volumes.check import check_table
from oscar_engage.analytics.volumes.decode import decode, split
from tests.docs.test_examples import BLOCK

PAGE = (FOLDER / "service-and-costs.md").read_text(encoding="utf-8")


@pytest.mark.django_db
def test_python_example__nothing_counted__says_nothing() -> None:
    (code,) = BLOCK.findall(PAGE)
    names: dict[str, object] = {}
    exec(compile(code, "docs/service-and-costs.md", "exec"), names)  # noqa: S102 - our own documentation
    assert (names["totals"], names["saved"], names["rate"]) == ({}, {}, None)


def test_table_example__is_right_in_every_line() -> None:
    (table,) = re.findall(r"^```text\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    lines = split(decode(table.encode()))
    assert check_table(lines, topics={"delivery": "Delivery"}, today=date(2026, 11, 26)).is_right
