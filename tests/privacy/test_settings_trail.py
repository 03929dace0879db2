"""Does the trail tell since when a setting holds?"""

from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest
from django.test import override_settings

from oscar_engage.audit.models import AuditEntry
from oscar_engage.conf import EngageSettings, get_settings
from oscar_engage.jobs.periodic import RECURRING
from oscar_engage.privacy.settings_trail import JOB_KIND, NOTED, note_settings, run_note_settings

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_noted__each__is_a_setting() -> None:
    assert set(NOTED) <= {field.name for field in fields(EngageSettings)}
    assert not [name for name in NOTED if "secret" in name or "webhook" in name or "turn" in name]


def test_note__first_time__tells_all_and_then_nothing() -> None:
    assert set(note_settings(get_settings(), now=NOW)) == {name.upper() for name in NOTED}
    assert note_settings(get_settings(), now=NOW) == {}
    entry = AuditEntry.objects.get()
    assert (entry.actor_id, entry.action, entry.detail["SHOP_HOLDOUT"][0]) == (None, "settings.changed", None)


def test_note__caps_and_hold_out_changed__tells_from_and_to() -> None:
    settings = get_settings()
    note_settings(settings, now=NOW)
    changed = replace(settings, shop_holdout=0.5, offers_per_week=9, modules_off=("calls",))
    told = note_settings(changed, now=NOW)
    assert told["SHOP_HOLDOUT"] == [settings.shop_holdout, 0.5]
    assert told["OFFERS_PER_WEEK"] == [settings.offers_per_week, 9]
    assert told["MODULES_OFF"] == [list(settings.modules_off), ["calls"]]
    assert set(told) == {"SHOP_HOLDOUT", "OFFERS_PER_WEEK", "MODULES_OFF"}
    assert note_settings(changed, now=NOW) == {}
    assert set(note_settings(settings, now=NOW)) == set(told)


def test_job__each_ten_minutes__looks() -> None:
    assert RECURRING.get(JOB_KIND).seconds == 600
    run_note_settings({}, now=NOW)
    with override_settings(OSCAR_ENGAGE={"SHOP_HOLDOUT": 0.3}):
        run_note_settings({}, now=NOW)
    assert AuditEntry.objects.filter(action="settings.changed").count() == 2
