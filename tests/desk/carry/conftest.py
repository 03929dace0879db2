"""Files that were sent, and a storage to look into."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile

from oscar_engage.desk.carry.storage import walk

Upload = Callable[..., SimpleUploadedFile]


@pytest.fixture(autouse=True)
def _empty_storage() -> None:
    for path in walk():
        storages["engage"].delete(path)


@pytest.fixture
def engage(settings: Any) -> Callable[..., None]:
    """Return a function that changes keys of ``OSCAR_ENGAGE``."""

    def change(**keys: Any) -> None:
        settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, **keys}

    return change
