"""Do the shop's names of statuses fit together? A system check."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Warning, register

from oscar_engage.conf import EngageSettings, InvalidSettingError, get_settings


@register("oscar_engage")
def check_statuses(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """W014: a status of ``CANCELLED_STATUSES`` is none of ``RETURNED_STATUSES``, so that such orders count as sold."""
    try:
        settings = get_settings()
    except (InvalidSettingError, TypeError, ValueError):
        return []  # E001 says so
    if settings.cancelled_statuses == EngageSettings().cancelled_statuses:
        return []
    return [
        Warning(
            f"OSCAR_ENGAGE['CANCELLED_STATUSES'] names {status!r}, which RETURNED_STATUSES does not: they count as sold.",
            hint=f"Add {status!r} to RETURNED_STATUSES: it lists all orders that did not stay sold.",
            id="oscar_engage.W014",
        )
        for status in settings.cancelled_statuses
        if status not in settings.returned_statuses
    ]
