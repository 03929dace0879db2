"""What do the checks ask of the shop before they judge it?"""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string

from oscar_engage.conf import EngageSettings, InvalidSettingError, get_settings

Apps = Sequence[AppConfig] | None


def settings_or_none() -> EngageSettings | None:
    """Return the settings, or ``None`` when they are wrong: E001 says so, and says it once."""
    try:
        return get_settings()
    except (InvalidSettingError, TypeError, ValueError):
        return None


def is_mounted(name: str) -> bool:
    """Whether the shop's addresses know that name."""
    try:
        reverse(name)
    except NoReverseMatch:
        return False
    return True


def importable(path: str) -> Any | None:
    """Return what ``path`` names, or ``None`` when importing it fails in whatever way the shop's module can fail."""
    try:
        return import_string(path)
    except Exception:  # noqa: BLE001 - the shop's module runs here; a check reports, it does not crash
        return None
