"""How a measured value is judged."""

import pytest

from benchmarks.bars import Line, median_line, report
from benchmarks.median import Median


@pytest.mark.parametrize(
    ("low", "high", "verdict", "holds"),
    [(0.1, 1.0, "ok", True), (0.5, 1.5, "not shown", False), (1.1, 1.5, "MISSED", False)],
)
def test_line__with_an_interval__is_judged_by_it(low: float, high: float, verdict: str, holds: bool) -> None:
    line = median_line("longer by", Median(0.8, low, high), unit="ms", bar=1.0)

    assert (line.verdict, line.holds) == (verdict, holds)


@pytest.mark.parametrize(("low", "high", "verdict"), [(0.9, 1.2, "ok"), (0.8, 1.0, "not shown"), (0.5, 0.8, "MISSED")])
def test_line__with_a_floor__has_to_be_above_it(
    low: float, high: float, verdict: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = median_line("kept", Median(0.85, low, high), unit="", floor=0.9)

    assert line.verdict == verdict
    assert report("ingest", [line]) == (verdict == "ok")
    assert "at least 0.9" in capsys.readouterr().out


def test_line__lenient__need_not_be_shown_but_may_not_be_missed() -> None:
    unsure = median_line("longer by", Median(0.8, 0.5, 1.5), unit="ms", bar=1.0, is_lenient=True)
    missed = median_line("longer by", Median(1.3, 1.1, 1.5), unit="ms", bar=1.0, is_lenient=True)

    assert (unsure.verdict, unsure.holds) == ("not shown", True)
    assert (missed.verdict, missed.holds) == ("MISSED", False)


def test_line__without_bar_or_interval__informs_or_is_compared_as_it_is() -> None:
    assert (Line(what="bytes", measured=700).verdict, Line(what="bytes", measured=700).holds) == ("", True)
    assert [Line(what="queries", measured=number, bar=0).verdict for number in (0, 1)] == ["ok", "MISSED"]


def test_report__a_line_that_misses__is_printed_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    kept, missed = Line(what="queries", measured=0, bar=0), median_line("longer by", Median(2, 1.5, 3), unit="ms", bar=1.0)

    assert report("storefront", [kept])
    assert not report("storefront", [kept, missed])
    assert "+1.500 to +3.000" in capsys.readouterr().out
