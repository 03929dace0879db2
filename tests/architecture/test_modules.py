"""Is every module small, well named and able to say what it is for?"""

import ast
import re

import pytest
from django.core.management import call_command

from tests.architecture.source import modules, relative, tree

LONGEST = 400
JUNK_DRAWERS = {"utils", "util", "helpers", "helper", "services", "service", "common", "misc", "stuff", "tools"}
CODED = re.compile(
    r"#\s*(noqa: [A-Z]+\d+(, ?[A-Z]+\d+)*|type: ignore\[[\w-]+(, ?[\w-]+)*\]|pragma: no (cover|branch))\s+[-#]\s*\S"
)
SUPPRESSION = re.compile(r"#\s*(noqa|type: ignore|pragma: no)")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX)\b")


def test_modules__all__have_at_most_400_lines():
    long = {relative(path): count for path in modules() if (count := len(path.read_text().splitlines())) > LONGEST}
    assert long == {}


def test_modules__all__have_a_name_that_says_something():
    named = {part.removesuffix(".py") for path in modules() for part in relative(path).split("/")}
    assert named & JUNK_DRAWERS == set()


def test_modules__all__say_what_they_are_for_in_their_first_line():
    silent = [relative(path) for path in modules() if not ast.get_docstring(tree(path))]
    assert silent == []


@pytest.mark.parametrize("path", modules(), ids=relative)
def test_suppressions__all__carry_a_code_and_a_reason(path):
    lines = enumerate(path.read_text().splitlines(), start=1)
    assert [(number, line.strip()) for number, line in lines if SUPPRESSION.search(line) and not CODED.search(line)] == []


def test_modules__all__are_finished():
    assert [relative(path) for path in modules() if UNFINISHED.search(path.read_text())] == []


@pytest.mark.django_db
def test_migrations__models_as_they_are__nothing_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
