"""Where do files lie? In the storage that the shop named, under names that nobody guesses; without one there are no files."""

import base64
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from oscar_engage.conf import get_settings
from oscar_engage.core.ids import new_public_id

FOLDER = "oscar_engage"
"""All that is ours in the storage lies under this folder: the sweep looks nowhere else."""


def is_offered() -> bool:
    """Whether messages can carry new files: there is a storage, and the shop allows at least one."""
    return get_settings().attachments_per_message > 0 and has_storage()


def has_storage() -> bool:
    """Whether the shop named a storage that there is."""
    return get_settings().attachment_storage in django_settings.STORAGES


def get_storage() -> Storage:
    """Return the shop's storage for files of messages."""
    return storages[get_settings().attachment_storage]


def write(content: bytes, *, now: datetime) -> str:
    """Write a file and return its name in the storage: random, without its sender's words."""
    return get_storage().save(f"{FOLDER}/{now:%Y-%m}/{new_public_id()}", ContentFile(content))


def open_file(path: str) -> Any:
    """Return the file to read; raises ``OSError`` for one that is not there."""
    if not has_storage():
        raise FileNotFoundError(path)
    return get_storage().open(path)


def read_base64(path: str) -> str:
    """Return the file in base64, for an export; an empty text for one that is not there."""
    try:
        with open_file(path) as file:
            return base64.b64encode(file.read()).decode()
    except OSError:
        return ""


def remove(path: str) -> None:
    """Delete a file; one that is gone already is no error, nor is a storage that the shop has taken away."""
    if has_storage():
        get_storage().delete(path)


def walk() -> Iterator[str]:
    """Yield the names of all files that are ours."""
    storage = get_storage()
    try:
        months, _files = storage.listdir(FOLDER)
    except FileNotFoundError:  # nothing was ever written
        return
    for month in months:
        _folders, files = storage.listdir(f"{FOLDER}/{month}")
        yield from (f"{FOLDER}/{month}/{name}" for name in files)
