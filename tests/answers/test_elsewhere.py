"""Does a question about what help seldom says get an honest "no", unless an article treats it?"""

import pytest

from oscar_engage.answers.confidence import probability
from oscar_engage.answers.elsewhere import USUAL, read_subjects
from oscar_engage.answers.index import build_index
from oscar_engage.answers.passage import Passage
from oscar_engage.answers.rank import rank
from tests.answers.library import passages

JOBS = {"jobs, career": ("do you hire people", "send an application")}


def test_subjects__text__names_and_what_is_asked() -> None:
    assert read_subjects("\njobs, career: hire me | apply\n  here\npress: a photo\n") == {
        "jobs, career": ("hire me", "apply here"),
        "press": ("a photo",),
    }


@pytest.mark.parametrize("language", USUAL)
def test_subjects__shipped__have_names_and_questions_and_none_twice(language: str) -> None:
    asked = [one for questions in USUAL[language].values() for one in questions]

    assert len(USUAL[language]) > 40
    assert all(names.strip() and all(questions) for names, questions in USUAL[language].items())
    assert len(set(asked)) == len(asked)


def test_rank__like_a_subject__less_sure() -> None:
    plain = rank(build_index(passages("en"), language="en"), "do you hire people for returns")
    warned = rank(build_index(passages("en"), language="en", elsewhere=JOBS), "do you hire people for returns")

    assert plain.elsewhere == 0
    assert warned.elsewhere > 0.5
    assert probability(warned) < probability(plain)


@pytest.mark.parametrize("words", ["jobs", "work, career"])
def test_rank__subject_that_an_article_treats__is_left_to_it(words: str) -> None:
    article = Passage(article="jobs", language="en", title="Work", heading="", text="We look for people.", url="/", words=words)
    index = build_index([*passages("en"), article], language="en", elsewhere=JOBS)

    assert rank(index, "do you hire people").elsewhere == 0


def test_rank__nothing_of_it_known__no_article_is_like_it() -> None:
    found = rank(build_index(passages("en"), language="en", elsewhere=JOBS), "application")

    assert found.unknown == 1
    assert not found.found
