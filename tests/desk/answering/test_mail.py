"""Does a mail get the passage that fits, with its address, and nothing where nothing does?"""

from collections.abc import Iterator

import pytest
from django.test import override_settings

from oscar_engage.answers.passage import Passage
from oscar_engage.desk.answering.mail import FromArticles
from oscar_engage.desk.ladder.models import LadderStep
from oscar_engage.desk.ladder.steps import Step
from oscar_engage.desk.mailbox.ports import find_answer, is_port
from oscar_engage.testing.answers import answers_at_once
from tests.answers.library import passages

pytestmark = pytest.mark.django_db
PATH = "oscar_engage.desk.answering.mail.FromArticles"
OPENED = Passage(
    article="glue",
    language="en",
    title="Glue a sole",
    heading="By hand",
    text="Use rubber glue.",
    url="https://x.example/g",
    words="glue",
)


@pytest.fixture(autouse=True)
def _library() -> Iterator[None]:
    with (
        answers_at_once(*passages("en"), OPENED),
        override_settings(OSCAR_ENGAGE={"SITE_URL": "https://shop.example", "AUTOMATIC_ANSWER": PATH}),
    ):
        yield


def test_answer__sure__passage_and_its_whole_address() -> None:
    said = find_answer("I have forgotten my password", subject="Password", language="en")

    assert "Ask for a link to set a new password." in said
    assert said.endswith("https://shop.example/help/password/")


def test_answer__address_of_another_site__as_it_is() -> None:
    said = FromArticles().answer("glue sole hand", subject="Glue", language="en")

    assert said.startswith("Glue a sole: By hand")
    assert said.endswith("https://x.example/g")


def test_answer__ladder_has_none__empty() -> None:
    LadderStep.objects.create(step=Step.ANSWER, place=0, is_active=False)

    assert find_answer("I have forgotten my password", subject="Password", language="en") == ""


@pytest.mark.parametrize("question", ["Do you engrave knives with lasers?", "Where is my order?", ""])
def test_answer__nothing_sure__empty(question: str) -> None:
    assert find_answer(question, subject="", language="en") == ""


def test_port__named_in_a_setting__found() -> None:
    assert is_port(PATH)
