"""Fixtures of the sandbox's tests: one filled shop for the whole run, its files in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

if "sandbox.demo.apps.DemoConfig" not in settings.INSTALLED_APPS:
    pytest.skip("needs DJANGO_SETTINGS_MODULE=sandbox.settings", allow_module_level=True)


@pytest.fixture(scope="session")
def shop_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Pictures and mails go below a temporary folder, tasks run nowhere, and nothing has happened in the shop."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "static").mkdir()  # WhiteNoise warns of a folder that is not there
    tasks = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    with override_settings(
        MEDIA_ROOT=folder / "media",
        STATIC_ROOT=folder / "static",
        EMAIL_FILE_PATH=folder / "mail",
        TASKS=tasks,
        SANDBOX_PAST=False,
    ):
        yield folder


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any, shop_files: Path) -> None:
    """Fill the shop once, without its past; every test starts from the full shop and leaves it as it was."""
    with django_db_blocker.unblock():
        call_command("load_sandbox", "--skip-index", verbosity=0)
