"""Is everything a shop needs in the wheel, and nothing else?"""

import configparser
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest

from tests.architecture.source import PACKAGE, ROOT

SOURCES = ["setup.cfg", "pyproject.toml", "MANIFEST.in", "README.md", "LICENSE", "CHANGELOG.md"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Iterable[zipfile.ZipFile]:
    """The wheel, built from a copy so that the checkout stays clean."""
    folder = tmp_path_factory.mktemp("build")
    for name in SOURCES:
        shutil.copy(ROOT / name, folder)
    shutil.copytree(PACKAGE, folder / "oscar_engage", ignore=shutil.ignore_patterns("__pycache__"))
    for other in ("tests", "sandbox", "benchmarks", "scripts"):
        (folder / other).mkdir()
        (folder / other / "__init__.py").touch()
    build = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder / "out", folder],
        capture_output=True,
        text=True,
        check=False,
    )
    assert build.returncode == 0, build.stdout + build.stderr
    (path,) = (folder / "out").glob("*.whl")
    with zipfile.ZipFile(path) as opened:
        yield opened


def metadata(wheel: zipfile.ZipFile) -> Message:
    (name,) = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    return message_from_bytes(wheel.read(name))


def test_wheel__top_level__holds_our_package_alone(wheel):
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"oscar_engage"}


def test_wheel__every_file_of_the_package__is_in_it(wheel):
    wanted = {
        path.relative_to(ROOT).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }
    assert wanted - set(wheel.namelist()) == set()


@pytest.mark.parametrize(
    "needed",
    [
        "oscar_engage/py.typed",
        "oscar_engage/migrations/0001_initial.py",
        "oscar_engage/static/oscar_engage/dist/engage.js",
        "oscar_engage/static/oscar_engage/dist/offer.js",
        "oscar_engage/static/oscar_engage/dist/engage.css",
        "oscar_engage/locale/de/LC_MESSAGES/django.mo",
    ],
)
def test_wheel__what_a_shop_needs__is_in_it(wheel, needed):
    assert needed in wheel.namelist()


def test_wheel__metadata__says_what_setup_cfg_says(wheel):
    said = metadata(wheel)
    assert said["Name"] == "django-oscar-engage"
    assert said["Requires-Python"] == ">=3.11"
    assert "BSD-3-Clause" in (said["License-Expression"] or said["License"])
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ROOT / "setup.cfg")
    wanted = parser["options"]["install_requires"].split()
    required = [line for line in said.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert len(required) == len(wanted)
    assert said.get_content_type() == "text/plain"
    assert "INSTALLED_APPS" in said.get_payload()


def test_repository__one_source_of_truth__no_setup_py_and_no_project_table():
    assert not (ROOT / "setup.py").exists()
    assert "[project]" not in Path(ROOT / "pyproject.toml").read_text()
