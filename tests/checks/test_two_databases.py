"""Does everything work with our tables in a database of their own? Databases are settled when a process starts: another one."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connections
from django.test import override_settings

from oscar_engage.checks import storage
from tests.architecture.source import ROOT

pytestmark = pytest.mark.any_database
OWN = {"CONSENT": "tests.consent.consent_from_cookie", "DATABASE": "engage"}


def test_whole_path__tables_in_a_database_of_their_own__works():
    command = [sys.executable, "-m", "pytest", "-q", "--ds=tests.settings_two_databases", "tests/two_databases"]
    ran = subprocess.run(
        [*command, "-p", "no:cacheprovider"],
        cwd=ROOT,
        env={**os.environ, "ENGAGE_TEST_DB_NAME": f"{settings.DATABASES['default']['NAME']}".removeprefix("test_")},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-4000:]


def test_check_router__other_database_without_a_router__e006_and_w009_say_what_to_type(monkeypatch):
    other = {**connections.settings["default"], "ATOMIC_REQUESTS": True}
    monkeypatch.setitem(connections.settings, "engage", other)
    with override_settings(OSCAR_ENGAGE=OWN):
        found = {message.id: message.hint for message in storage.check_router(None)}
    del connections["engage"]
    assert "oscar_engage.router.EngageRouter" in found["oscar_engage.E006"]
    assert set(found) == {"oscar_engage.E006", "oscar_engage.W009"}


def test_check_router__tables_in_the_shops_database__needs_none():
    assert storage.check_router(None) == []
