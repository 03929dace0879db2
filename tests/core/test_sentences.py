"""Does a sentence that ends with a time have one full stop?"""

import re
from datetime import datetime
from pathlib import Path

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.formats import date_format

import oscar_engage
from oscar_engage.core.sentences import before_full_stop

HOME = Path(oscar_engage.__file__).parent
OPENED = re.compile(
    r'(\w+)=[\w.]+\|(?:date|time):"(?:SHORT_)?(?:DATE)?TIME_FORMAT"(\|before_full_stop)?[^%]*%\}(.*?)\{%', re.DOTALL
)


@pytest.mark.parametrize(("language", "end"), [("en", "12:53 a.m."), ("de", "00:53.")])
def test_sentence__ending_with_a_time__has_one_full_stop(language: str, end: str) -> None:
    at = datetime(2026, 12, 7, 0, 53)  # noqa: DTZ001 - as a page shows it
    with translation.override(language):
        said = f"{before_full_stop(date_format(at, 'SHORT_DATETIME_FORMAT'))}."
        text = '{% load engage_labels %}{{ at|date:"SHORT_DATETIME_FORMAT"|before_full_stop }}.'
        assert said == Template(text).render(Context({"at": at}))
    assert said.endswith(f" {end}")


def test_templates__with_a_time_at_the_end_of_a_sentence__ask_for_it() -> None:
    found = [
        (bool(asked), path.name, name)
        for path in HOME.rglob("*.html")
        for name, asked, words in OPENED.findall(path.read_text())
        if re.search(r"\{\{ *" + name + r" *\}\}\.", words)
    ]
    assert len(found) >= 4
    assert [one for one in found if not one[0]] == []
