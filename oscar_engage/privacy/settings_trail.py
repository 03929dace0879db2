"""Did the shop change a setting that has consequences? A worker compares them with the trail, and writes what differs.

Settings stand in the shop's code, so nobody is named: the shop's own history says who. The trail says from when on they held.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from oscar_engage.audit.models import AuditEntry
from oscar_engage.audit.trail import record_action
from oscar_engage.conf import EngageSettings, get_settings
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import handler

JOB_KIND = "audit.settings"
SECONDS_BETWEEN = 600
ACTION, KIND, ONLY = "settings.changed", "settings", 1

NOTED = (
    *("enabled", "modules_off", "consent", "privacy_signals", "consent_cookie"),
    *("shop_holdout", "offers_per_visit", "offers_per_week", "cooldown_days", "survey_days", "quiet_seconds"),
    *("attribution_days", "learning_explores", "learning_reserve", "mail_permission", "acts_off", "export_agent_names"),
    *("retention_days", "transcript_retention_days", "snapshot_retention_days", "visitor_retention_days"),
    *("shared_page_days", "snapshot_pages", "payment_views", "excluded_paths", "article_approval", "engagements_by_two"),
)
"""The fields of the settings that say whom we may see, offer something, leave alone, and how long we keep it. No secrets."""


def note_settings(settings: EngageSettings, *, now: datetime) -> Mapping[str, Any]:
    """Write what differs from what the trail says, if anything; return it by setting, what it was and what it is.

    The first time all of them differ: from nothing.
    """
    known: dict[str, Any] = {}
    for detail in (
        AuditEntry.objects.filter(object_kind=KIND, object_id=str(ONLY)).order_by("pk").values_list("detail", flat=True)
    ):
        known |= {name: pair[1] for name, pair in detail.items()}
    held = {name.upper(): _plain(getattr(settings, name)) for name in NOTED}
    changes = {name: [known.get(name), value] for name, value in held.items() if name not in known or known[name] != value}
    if changes:
        record_action(actor=None, action=ACTION, object_kind=KIND, object_id=ONLY, now=now, detail=changes)
    return changes


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


@handler(JOB_KIND)
def run_note_settings(payload: Mapping[str, Any], /, *, now: datetime) -> None:
    """Do the recurring look; there is nothing in ``payload``."""
    note_settings(get_settings(), now=now)


every(JOB_KIND, SECONDS_BETWEEN)
