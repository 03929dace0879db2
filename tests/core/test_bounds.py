"""Does a setting that cannot be kept say what to type instead?"""

import dataclasses
from typing import Any

import pytest

from oscar_engage.conf import EngageSettings, InvalidSettingError
from oscar_engage.core.bounds import READERS
from oscar_engage.core.kinds import EXAMPLES, complain


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"SHOP_HOLDOUT": 0.6}, "between 0 and 0.5"),
        ({"RETENTION_DAYS": 0}, "a number above 0"),
        ({"ABANDONED_MAIL_MINUTES": -1}, "or 0 for no mails"),
        ({"WARM_UP_MINUTES": -1}, "a number from 0 on"),
        ({"OFFERS_PER_VISIT": -1}, "a number from 0 on"),
        ({"OFFERS_PER_WEEK": -1}, "a number from 0 on"),
        ({"COOLDOWN_DAYS": -1}, "a number from 0 on"),
        ({"QUIET_SECONDS": -0.5}, "a number from 0 on"),
        ({"SITE_URL": "shop.example"}, "such as 'https://shop.example'"),
        ({"SITE_URL": "//shop.example"}, "such as 'https://shop.example'"),
        ({"SITE_URL": "https:// shop.example"}, "such as 'https://shop.example'"),
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
        ({"NO_SUCH": 1}, "has no setting 'NO_SUCH'; docs/settings.md lists"),
        ({"CONSNT": "myshop.consent.consent_level"}, "has no setting 'CONSNT'; did you mean 'CONSENT'"),
        ({"consent": "myshop.consent.consent_level"}, "did you mean 'CONSENT'"),
        ({7: 1, "SALT": "s"}, "has no setting 7"),
        ({"LEARNING": False}, "is no more: leave it out"),
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


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"SHOP_HOLDOUT": "10%"}, "['SHOP_HOLDOUT'] is a number, such as 0.1, not '10%'."),
        ({"RETENTION_DAYS": "ninety"}, "['RETENTION_DAYS'] is a number, such as 90, not 'ninety'."),
        ({"RETENTION_DAYS": None}, "['RETENTION_DAYS'] is a number, such as 90, not None."),
        ({"VISIT_MINUTES": True}, "['VISIT_MINUTES'] is a number, such as 30, not True."),
        ({"ENABLED": "no"}, "['ENABLED'] is True or False, not 'no'."),
        (
            {"CONSENT": len},
            "['CONSENT'] is a text, such as 'oscar_engage.visitors.consent.no_consent', and this is of the type",
        ),
        ({"SITE_URL": None}, "['SITE_URL'] is a text, and this is of the type NoneType."),
        ({"IMAP_HOSTS": "imap.shop.example"}, "['IMAP_HOSTS'] is a list of texts, such as ['imap.shop.example']."),
        ({"MODULES_OFF": {"calls": True}}, "['MODULES_OFF'] is a list of texts, such as ['…']."),
        ({"EXCLUDED_PATHS": 3}, "['EXCLUDED_PATHS'] is a list of texts, such as ['/dashboard/', '/admin/', '/cms/']."),
        (
            {"VOICES_TURN": "secret"},
            '[\'VOICES_TURN\'] is a dictionary, such as {"URLS": ["turn:turn.shop.example:3478"], "SEC',
        ),
        ({"VOICES_TURN": {"URLS": 5}}, "['VOICES_TURN'] has URLS, a list of addresses"),
        ({"VOICES_TURN": {"URLS": "turn:turn.shop.example"}}, "['VOICES_TURN'] has URLS, a list of addresses"),
        ({"CONSENT_GROUPS": {"all": 3}}, "['CONSENT_GROUPS'] is a dictionary, such as {"),
        ({"REPORT_DAILY": ["owner@shop.example"]}, '[\'REPORT_DAILY\'] is a dictionary, such as {"owner@shop.example": "en"}.'),
    ],
)
def test_settings__of_another_kind__are_refused_by_name_with_what_to_type(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidSettingError) as refused:
        EngageSettings.from_mapping(wrong)
    assert f"OSCAR_ENGAGE{told}" in str(refused.value)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("wrong", [["CONSENT"], "CONSENT", None, 3])
def test_settings__no_dictionary__are_refused(wrong: Any) -> None:
    with pytest.raises(InvalidSettingError, match=r'OSCAR_ENGAGE is a dictionary, such as \{"CONSENT": '):
        EngageSettings.from_mapping(wrong)


def test_settings__whole_numbers_lists_and_sets__are_taken_where_they_can_be() -> None:
    kept = EngageSettings.from_mapping({"QUIET_SECONDS": 3, "COOLDOWN_DAYS": 7.5, "ENABLED": 1, "ACTS_OFF": {"b", "a"}})
    assert (kept.quiet_seconds, kept.cooldown_days, kept.enabled, kept.acts_off) == (3, 7.5, 1, ("a", "b"))


def test_settings__each_default__is_of_its_kind_and_each_dictionary_has_an_example() -> None:
    fields = [field for field in dataclasses.fields(EngageSettings) if field.name.upper() not in READERS]
    assert [field.name for field in fields if complain(field, field.default)] == []
    refused = [field for field in fields if "is a dictionary" in complain(field, ((),))]
    assert {field.name for field in refused} == set(EXAMPLES)


@pytest.mark.parametrize(
    "url", ["", "https://shop.example", "http://127.0.0.1:8000", "https://shop.example/", "https://läden.example/de"]
)
def test_settings__site_url_with_its_scheme__is_taken(url: str) -> None:
    assert EngageSettings.from_mapping({"SITE_URL": url}).site_url == url


def test_settings__no_offers_at_all__can_be_said() -> None:
    kept = EngageSettings.from_mapping({"OFFERS_PER_VISIT": 0, "OFFERS_PER_WEEK": 0, "COOLDOWN_DAYS": 0, "QUIET_SECONDS": 0})
    assert (kept.offers_per_visit, kept.offers_per_week, kept.cooldown_days, kept.quiet_seconds) == (0, 0, 0, 0)
