"""Is the place for files of messages there, and is it private? System checks; ``python manage.py check`` runs them."""

from pathlib import Path
from typing import Any

from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.files.storage import FileSystemStorage, storages

from oscar_engage.conf import InvalidSettingError, get_settings


@register("oscar_engage")
def check_attachments(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E010: ``ATTACHMENT_STORAGE`` is no alias. W013: its files would lie where a web server serves them."""
    try:
        alias = get_settings().attachment_storage
    except (InvalidSettingError, TypeError, ValueError):  # E001 says so
        return []
    if alias and alias not in django_settings.STORAGES:
        return [
            Error(
                f"OSCAR_ENGAGE['ATTACHMENT_STORAGE'] is {alias!r}, which is no alias in STORAGES.",
                hint="Add it to STORAGES, with a folder of its own outside MEDIA_ROOT: docs/carry.md.",
                id="oscar_engage.E010",
            )
        ]
    if alias and (alias in {"default", "staticfiles"} or _is_in_media(alias)):
        return [
            Warning(
                f"Files of messages go to the storage {alias!r}, where everybody may fetch what the shop's pages show.",
                hint="Name a storage of their own in OSCAR_ENGAGE['ATTACHMENT_STORAGE'], outside MEDIA_ROOT: docs/carry.md.",
                id="oscar_engage.W013",
            )
        ]
    return []


def _is_in_media(alias: str) -> bool:
    storage = storages[alias]
    if not isinstance(storage, FileSystemStorage) or not django_settings.MEDIA_ROOT:
        return False
    return Path(storage.location).resolve().is_relative_to(Path(django_settings.MEDIA_ROOT).resolve())
