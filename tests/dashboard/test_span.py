"""Which days does an address ask for?"""

from datetime import date, timedelta

import pytest

from oscar_engage.dashboard.reports.span import DEFAULT, LONGEST, choose_span

TODAY = date(2026, 11, 26)


def test_choose_span__nothing_asked__is_the_last_thirty_days_with_today() -> None:
    span = choose_span({}, today=TODAY)
    assert (span.since, span.last, span.days, span.length) == (date(2026, 10, 28), TODAY, DEFAULT, 30)
    assert span.other is None
    assert span.query == "days=30"


@pytest.mark.parametrize("asked", ["7", "30", "90", "365"])
def test_choose_span__length__ends_today(asked: str) -> None:
    span = choose_span({"days": asked}, today=TODAY)
    assert (span.length, span.last) == (int(asked), TODAY)


def test_choose_span__two_days__are_both_included() -> None:
    span = choose_span({"from": "2026-11-01", "to": "2026-11-30", "beside": "before"}, today=TODAY)
    assert (span.since, span.until, span.days) == (date(2026, 11, 1), date(2026, 12, 1), None)
    assert span.query == "from=2026-11-01&to=2026-11-30&beside=before"
    assert span.other is not None
    assert (span.other.since, span.other.until) == (date(2026, 10, 2), date(2026, 11, 1))


def test_choose_span__a_year_earlier__begins_on_the_same_weekday() -> None:
    span = choose_span({"days": "7", "beside": "year"}, today=TODAY)
    assert span.other is not None
    assert span.other.since.weekday() == span.since.weekday()
    assert span.since - span.other.since == timedelta(days=364)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"from": "2026-11-01"}, "both days"),
        ({"from": "yesterday", "to": "2026-11-02"}, "both days"),
        ({"from": "2026-02-30", "to": "2026-11-02"}, "both days"),
        ({"from": "0001-01-01", "to": "2026-11-02"}, "both days"),
        ({"from": "2026-11-03", "to": "2026-11-02"}, "exchange"),
        ({"from": "2023-11-03", "to": "2026-11-02"}, str(LONGEST)),
        ({"from": "2027-01-03", "to": "2027-02-02"}, "still to come"),
    ],
)
def test_choose_span__cannot_be_shown__says_why_and_shows_the_default(asked: dict[str, str], words: str) -> None:
    span = choose_span(asked, today=TODAY)
    assert words in span.error
    assert (span.length, span.last) == (DEFAULT, TODAY)


@pytest.mark.parametrize("asked", [{"days": "-1"}, {"days": "<b>"}, {"beside": "'; drop"}, {"days": "30 "}])
def test_choose_span__nonsense__is_the_default(asked: dict[str, str]) -> None:
    span = choose_span(asked, today=TODAY)
    assert (span.length, span.compared, span.error) == (DEFAULT, "", "")
