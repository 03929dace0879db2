"""Do raw rows stay as long as their day is counted anew? A system check: a day that loses rows while it is open is wrong."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Warning, register

from oscar_engage.analytics.rollups.declare import ROLLUPS, Rollup
from oscar_engage.conf import EngageSettings, InvalidSettingError, get_settings
from oscar_engage.personal.registry import PERSONAL, Ending

SPARE_DAYS = 2
"""The day itself, and the one on which it is counted for the last time."""


@register("oscar_engage")
def check_retention(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """W015: rows that a rollup counts are deleted before its days are closed."""
    try:
        settings = get_settings()
    except (InvalidSettingError, TypeError, ValueError):
        return []  # E001 says so
    return [message for rollup in ROLLUPS for message in _too_short(rollup, settings)]


def _too_short(rollup: Rollup, settings: EngageSettings) -> Iterator[CheckMessage]:
    needed = rollup.open_days() + SPARE_DAYS
    for name in _short_settings(rollup, settings, needed):
        yield Warning(
            f"The report {rollup.name!r} counts a day for {needed} days, but OSCAR_ENGAGE[{name.upper()!r}] deletes what it "
            f"counts after {getattr(settings, name)}: its figures shrink before they are closed.",
            hint=f"Set {name.upper()!r} to {needed} or more, or shorten ATTRIBUTION_DAYS or RETURN_DAYS.",
            id="oscar_engage.W015",
        )


def _short_settings(rollup: Rollup, settings: EngageSettings, needed: int) -> list[str]:
    """Return the settings that are too short; what is only made anonymous is counted on."""
    kinds = [PERSONAL.get(name) for name in rollup.reads]
    names = {kind.retention.setting for kind in kinds if kind.ending is Ending.DELETED and kind.retention.setting}
    return sorted(name for name in names if getattr(settings, name) < needed)
