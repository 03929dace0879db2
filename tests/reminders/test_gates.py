"""Which gate refuses first, and what does each ask?"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oscar_engage.reminders.gates import GATES, LATEST, Facts, Refusal, refuse

NOW = datetime(2026, 5, 4, tzinfo=UTC)


def no() -> bool:
    return False


def yes() -> bool:
    return True


GOOD = Facts(
    is_on=True,
    has_address=True,
    is_no_shopper=False,
    agrees=True,
    is_permitted=yes,
    is_suppressed=no,
    is_held_out=False,
    was_seen_since=no,
    has_ordered_since=no,
    is_theirs=True,
    has_goods=yes,
    was_mailed_lately=no,
    planned_at=NOW,
    now=NOW + LATEST,
)

BAD: dict[Refusal, dict[str, Any]] = {
    Refusal.SWITCHED_OFF: {"is_on": False},
    Refusal.NO_ACCOUNT: {"has_address": False},
    Refusal.NO_SHOPPER: {"is_no_shopper": True},
    Refusal.NO_CONSENT: {"agrees": False},
    Refusal.TOO_LATE: {"now": NOW + LATEST + timedelta(seconds=1)},
    Refusal.SHOP_HOLDOUT: {"is_held_out": True},
    Refusal.NOT_THEIRS: {"is_theirs": False},
    Refusal.NO_PERMISSION: {"is_permitted": no},
    Refusal.SUPPRESSED: {"is_suppressed": yes},
    Refusal.CAME_BACK: {"was_seen_since": yes},
    Refusal.ORDERED: {"has_ordered_since": yes},
    Refusal.MAILED_LATELY: {"was_mailed_lately": yes},
    Refusal.NOTHING_TO_BUY: {"has_goods": no},
}


def test_refuse__everything_is_well__none() -> None:
    assert refuse(GOOD) is None


@pytest.mark.parametrize("refusal", list(Refusal))
def test_refuse__one_thing_is_wrong__says_which(refusal: Refusal) -> None:
    assert refuse(replace(GOOD, **BAD[refusal])) is refusal


def test_refuse__later_gates__are_not_asked() -> None:
    def costly() -> bool:
        raise AssertionError("asked")

    later = replace(GOOD, is_suppressed=costly, was_seen_since=costly, has_ordered_since=costly, has_goods=costly)

    assert refuse(replace(later, is_permitted=no)) is Refusal.NO_PERMISSION


def test_gates__every_refusal__has_one() -> None:
    assert sorted(refusal for refusal, _ask in GATES) == sorted(Refusal)


@pytest.mark.parametrize("refusal", [one for one in Refusal if one is not Refusal.SHOP_HOLDOUT])
def test_refuse__held_out_and_something_else__the_other(refusal: Refusal) -> None:
    """Only who would have got the mail may stand for those left alone."""
    assert refuse(replace(GOOD, **BAD[Refusal.SHOP_HOLDOUT], **BAD[refusal])) is refusal
