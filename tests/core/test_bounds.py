"""Does a setting that cannot be kept say what to type instead?"""

from typing import Any

import pytest

from oscar_engage.conf import EngageSettings, InvalidSettingError


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"SHOP_HOLDOUT": 0.6}, "between 0 and 0.5"),
        ({"RETENTION_DAYS": 0}, "a number above 0"),
        ({"ABANDONED_MAIL_MINUTES": -1}, "or 0 for no mails"),
        ({"WARM_UP_MINUTES": -1}, "a number from 0 on"),
        ({"ABANDONED_MAIL_DAYS": 0}, "from 1 to RETENTION_DAYS"),
        ({"SNAPSHOT_RETENTION_DAYS": 400}, "TRANSCRIPT_RETENTION_DAYS"),
        ({"SNAPSHOT_PAGES": ["account"]}, "is a list of some of"),
        ({"PROXIES": -1}, "or 0 without any"),
        ({"ATTACHMENT_TYPES": ["exe"]}, "is a list of some of"),
        ({"PRIVACY_SIGNALS": ["X"]}, "one or both of"),
        ({"DIALER": "loud"}, "'strict' or 'predictive'"),
        ({"DIALER_LATE_SHARE": 0}, "such as 0.03"),
        ({"INVITATION_SECONDS": 9}, "from 10 to 600"),
        ({"LEARNING_HOUR": 24}, "from 0 to 23"),
        ({"LEARNING_MAX_SECONDS": 29}, "from 30 to 3600"),
        ({"SENSORS": 3}, "SENSORS"),
        ({"PUSH": {"WAKE": "owl"}}, "PUSH"),
        ({"OPENING_HOURS": {"someday": "9:00-10:00"}}, "OPENING_HOURS"),
        ({"FREE_SHIPPING_FROM": {"GBP": "much"}}, "FREE_SHIPPING_FROM"),
        ({"NO_SUCH": 1}, "has no setting"),
    ],
)
def test_settings__out_of_bounds__are_refused_with_what_to_type(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidSettingError, match=told):
        EngageSettings.from_mapping(wrong)


def test_settings__within_bounds__are_kept_as_they_are_used() -> None:
    hours, push = {"mon-fri": "9:00-12:00"}, {"URL": "/engage-push/", "WAKE": "database"}
    kept = EngageSettings.from_mapping(
        {"FREE_SHIPPING_FROM": {"GBP": "75.00"}, "SENSORS": {"copy": None}, "OPENING_HOURS": hours, "PUSH": push}
    )
    assert [(currency, str(amount)) for currency, amount in kept.free_shipping_from] == [("GBP", "75.00")]
    assert (bool(kept.sensors), bool(kept.opening_hours), kept.push is None) == (True, True, False)
