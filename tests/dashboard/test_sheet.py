"""Does a file open in a spreadsheet without running anything?"""

import pytest

from oscar_engage.dashboard.reports.sheet import send_sheet


@pytest.mark.parametrize("text", ["=cmd()", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_send_sheet__text_like_a_formula__gets_an_apostrophe(text: str) -> None:
    assert f"'{text}" in send_sheet("names", ["name"], [[text]]).content.decode()


def test_send_sheet__numbers__stay_numbers() -> None:
    response = send_sheet("sums", ["day", "sum"], [["2026-11-26", -1.5]])
    assert response.content.decode() == "\ufeffday,sum\r\n2026-11-26,-1.5\r\n"
    assert response.headers["Content-Disposition"] == 'attachment; filename="sums.csv"'
