"""Two agents propose, two tabs say yes, the stock ends, the checkout begins: all at the same moment, on both databases."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.storefront.acting_at_once import EXPECTED
from tests.storefront.journeys import VOUCHER, give_voucher

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.attack("N01")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scene", EXPECTED, ids=lambda scene: scene.__name__)
def test_at_once__on_postgresql__is_exact(scene: Callable[[], object], settings: Any) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("threads cannot share SQLite's memory database; the test below has a file of its own")
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "ACT_VOUCHER_TEMPLATES": [VOUCHER]}
    give_voucher()

    for _round in range(3):
        assert scene() == EXPECTED[scene]


@pytest.mark.attack("N01")
@pytest.mark.skipif(os.environ.get("ENGAGE_TEST_DB") == "postgres", reason="the scenes have an SQLite file of their own")
def test_at_once__on_an_sqlite_file__is_exact(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.storefront.acting_at_once"],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.attacks.worker_settings", "ENGAGE_TEST_FILE": str(tmp_path / "db")},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr[-3000:]
    assert {line.partition(" ")[0] for line in ran.stdout.splitlines()} >= {scene.__name__ for scene in EXPECTED}
