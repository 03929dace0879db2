"""Is every string for people there in German, and is what ships what was translated?"""

import gettext
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from tests.architecture.source import PACKAGE, ROOT

FOLDER = Path("locale", "de", "LC_MESSAGES")
SOURCES = [PACKAGE, ROOT / "sandbox"]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


pytestmark = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)


def messages(source: Path) -> Iterator[Message]:
    with (source / FOLDER / "django.po").open("rb") as opened:
        yield from (message for message in read_po(opened, locale="de") if message.id)


def texts(value: str | tuple[str, ...] | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def test_german__every_message__is_translated_and_not_a_guess(source):
    missing = [message.id for message in messages(source) if not all(texts(message.string)) or message.fuzzy]
    assert missing == []


def test_german__every_message__keeps_its_placeholders(source):
    broken = [
        message.id
        for message in messages(source)
        for text in texts(message.string)
        if not set(PLACEHOLDER.findall(text)) <= {found for one in texts(message.id) for found in PLACEHOLDER.findall(one)}
    ]
    assert broken == []


def test_german__compiled_file__is_the_translated_one(source):
    with (source / FOLDER / "django.mo").open("rb") as opened:
        compiled = gettext.GNUTranslations(opened)
    for message in messages(source):
        (one, many) = (message.id, None) if isinstance(message.id, str) else message.id
        if many is not None:
            found = [
                compiled.npgettext(message.context, one, many, count)
                if message.context
                else compiled.ngettext(one, many, count)
                for count in (1, 2)
            ]
        else:
            found = [compiled.pgettext(message.context, one) if message.context else compiled.gettext(one)]
        assert found == texts(message.string), f"{one!r} is stale in django.mo: make messages"


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="there is no xgettext here (Debian: apt-get install gettext)")
def test_german__strings_of_the_source__are_all_in_the_catalogue(source, tmp_path):
    shutil.copytree(source, tmp_path / "copy", ignore=shutil.ignore_patterns("__pycache__", "static", "var"))
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "django",
        "makemessages",
        "--locale",
        "de",
        "--no-obsolete",
        "--no-location",
    ]
    environment = {"PYTHONPATH": str(ROOT), "PATH": str(Path(shutil.which("xgettext") or "").parent)}
    subprocess.run(command, cwd=tmp_path / "copy", env=environment, check=True, capture_output=True)
    with (tmp_path / "copy" / FOLDER / "django.po").open("rb") as opened:
        wanted = {(message.context, message.id) for message in read_po(opened, locale="de") if message.id}
    assert wanted - {(message.context, message.id) for message in messages(source)} == set(), "make messages, then translate"
