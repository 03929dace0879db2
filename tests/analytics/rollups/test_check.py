"""Is a shop told when what a report counts is deleted before the day is closed?"""

from typing import Any

import pytest
from django.test import override_settings

from oscar_engage.analytics.rollups.check import check_retention
from oscar_engage.analytics.rollups.declare import ROLLUPS
from oscar_engage.personal.registry import PERSONAL


def test_rollups__each__says_what_it_reads() -> None:
    for rollup in ROLLUPS:
        assert rollup.reads, rollup.name
        assert set(rollup.reads) <= set(PERSONAL.names()), rollup.name


@pytest.mark.parametrize(
    ("chosen", "short"),
    [
        ({}, set()),
        ({"ATTRIBUTION_DAYS": 30, "RETURN_DAYS": 400}, {"lift", "funnel"}),
        ({"TRANSCRIPT_RETENTION_DAYS": 38, "SNAPSHOT_RETENTION_DAYS": 30}, {"lift", "funnel"}),
        ({"TRANSCRIPT_RETENTION_DAYS": 39, "SNAPSHOT_RETENTION_DAYS": 30}, set()),
        ({"RETENTION_DAYS": 3, "ABANDONED_MAIL_DAYS": 1}, {"struggles", "guardrail_speed", "self_help", "service"}),
        ({"RETENTION_DAYS": 0}, set()),  # E001 has said that the settings cannot be used
    ],
    ids=["as it comes", "returns late", "transcripts short", "transcripts just", "signals short", "unusable"],
)
def test_check__retention__names_the_reports_that_would_shrink(chosen: dict[str, Any], short: set[str]) -> None:
    with override_settings(OSCAR_ENGAGE=chosen):
        found = check_retention(None)
    assert {message.id for message in found} <= {"oscar_engage.W015"}
    for name in short:
        assert any(repr(name)[:-1] in message.msg for message in found), (name, found)
    assert bool(short) == bool(found)


def test_check__too_short__says_what_to_type() -> None:
    with override_settings(OSCAR_ENGAGE={"TRANSCRIPT_RETENTION_DAYS": 30}):
        message = check_retention(None)[0]
    assert "'lift' counts a day for 39 days" in message.msg
    assert "Set 'TRANSCRIPT_RETENTION_DAYS' to 39 or more" in message.hint
