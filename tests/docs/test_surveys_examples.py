"""Do the examples of docs/surveys.md and docs/response-centre.md do what the pages say?"""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.template import Context, Template
from django.test import RequestFactory

from docs.generate import FOLDER
from oscar_engage.dashboard.surveys.forms import read_choices
from oscar_engage.models import StepRating, Visitor
from oscar_engage.rules.grammar import parse_document
from tests.rules.moments import rule_json


def blocks(page: str, language: str) -> list[str]:
    text = (FOLDER / page).read_text()
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def test_surveys__choices__are_read_as_the_page_says() -> None:
    [example] = blocks("surveys.md", "text")

    assert [key for key, _label in read_choices(example)] == ["price", "later", "delivery"]


@pytest.mark.django_db
def test_surveys__code__asks_for_an_answer_and_judges_a_step() -> None:
    condition, judge = blocks("surveys.md", "python")
    visitor = SimpleNamespace(pk=Visitor._meta.pk.get_default())

    parse_document(rule_json(eval(condition)))  # noqa: S307 - our own documentation
    exec(compile(judge, "docs/surveys.md", "exec"), {"visitor": visitor})  # noqa: S102 - the same

    assert StepRating.objects.get().subject == "returns"


@pytest.mark.django_db
def test_response_centre__tag__writes_the_entry() -> None:
    [example] = blocks("response-centre.md", "html")
    request: Any = RequestFactory().get("/")
    request.user = get_user_model().objects.create_user("ada", "ada@example.com")

    assert 'href="/engage/questions/"' in Template(example).render(Context({"request": request}))
