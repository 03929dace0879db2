"""Is an answer kept once, from who was asked, without what nobody should keep?"""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from oscar_engage.models import Decision, SignalRecord, Survey, SurveyAnswer, Visitor
from oscar_engage.surveys.answer import InvalidAnswerError, access_asked, answer, last_answer
from tests.storefront.beats import known_shopper
from tests.surveys.conftest import ask_when_idle, asked, make_survey

pytestmark = pytest.mark.django_db
BY_SCRIPT = {"HX-Request": "true", "X-Engage-Fragment": "1"}


def test_answer__a_choice__is_kept_thanked_for_and_counts_as_accepted(shopper: Client) -> None:
    address = asked(shopper)

    response = shopper.post(address, {"choice": "price"}, headers=BY_SCRIPT)

    assert "Thank you!" in response.content.decode()
    given = SurveyAnswer.objects.get()
    assert (given.choice, given.score, given.text, given.visitor_id) == ("price", None, "", Visitor.objects.get().pk)
    decision = Decision.objects.get(pk=given.decision_id)
    assert decision.accepted_at is not None
    assert decision.dismissed_at is None


def test_answer__given_twice__the_first_counts(shopper: Client) -> None:
    address = asked(shopper)
    shopper.post(address, {"choice": "price"})

    again = shopper.post(address, {"choice": "later"})

    assert again.status_code == 200
    assert SurveyAnswer.objects.get().choice == "price"


def test_answer__no_script__the_page_asks_with_what_was_pressed(shopper: Client) -> None:
    html = shopper.get(f"{asked(shopper)}?choice=price").content.decode()

    assert "csrfmiddlewaretoken" in html
    assert re.search(r'value="price"[^>]*checked', html)


@pytest.mark.parametrize("wrong", [{}, {"choice": "free"}, {"choice": ""}, {"score": "3"}, {"choice": "price" * 99}])
def test_answer__none_of_the_choices__is_refused_with_what_to_do(shopper: Client, wrong: dict[str, str]) -> None:
    response = shopper.post(asked(shopper), wrong, headers=BY_SCRIPT)

    assert response.status_code == 422
    assert "Please choose one." in response.content.decode()
    assert not SurveyAnswer.objects.exists()


def test_answer__something_else_with_a_card_number__is_masked(shopper: Client) -> None:
    shopper.post(asked(shopper), {"choice": "other", "text": "my card 4111 1111 1111 1111 was refused"})

    given = SurveyAnswer.objects.get()
    assert "4111" not in given.text
    assert "was refused" in given.text


def test_answer__words_beside_a_choice_that_has_none__are_not_kept(shopper: Client) -> None:
    shopper.post(asked(shopper), {"choice": "price", "text": "I live at number 5"})

    assert SurveyAnswer.objects.get().text == ""


@pytest.mark.attack("B03")
def test_answer__question_of_another_shopper__is_like_one_that_never_was(shopper: Client) -> None:
    address = asked(shopper)
    stranger = known_shopper()

    foreign = [stranger.get(address), stranger.post(address, {"choice": "price"})]
    unknown = [stranger.get(f"/engage/survey/{uuid.uuid4()}/"), stranger.post(f"/engage/survey/{uuid.uuid4()}/")]

    assert [answer.status_code for answer in (*foreign, *unknown)] == [404] * 4
    assert foreign[0].content == unknown[0].content
    assert not SurveyAnswer.objects.exists()


def test_answer__a_day_later__is_too_late(shopper: Client) -> None:
    address = asked(shopper)
    Decision.objects.update(offered_at=timezone.now() - timedelta(days=2))

    assert shopper.get(address).status_code == 404


def test_answer__forged_from_another_site__is_refused(shopper: Client) -> None:
    address = asked(shopper)
    forger = Client(enforce_csrf_checks=True)
    forger.cookies = shopper.cookies

    assert forger.post(address, {"choice": "price"}).status_code == 403
    assert not SurveyAnswer.objects.exists()


def test_signal__answer_with_words__tells_the_choice_and_never_the_words(shopper: Client) -> None:
    shopper.post(asked(shopper), {"choice": "other", "text": "the crimson kettle"})

    told = SignalRecord.objects.get(kind="survey.answered")
    assert told.payload == {"survey": "stopped", "choice": "other"}
    assert not [row for row in SignalRecord.objects.all() if "crimson" in str(row.payload)]


@pytest.mark.parametrize(
    ("kind", "score", "is_right"), [("five", 0, False), ("five", 5, True), ("ten", 0, True), ("ten", 11, False)]
)
def test_answer__score__lies_on_its_scale(kind: str, score: int, is_right: bool) -> None:
    ask_when_idle(make_survey(kind=kind, words={}).engagement.slug)
    client = known_shopper()

    response = client.post(asked(client), {"score": str(score)}, headers=BY_SCRIPT)

    assert (response.status_code == 200) is is_right
    assert list(SurveyAnswer.objects.values_list("score", flat=True)) == ([score] if is_right else [])


@pytest.mark.parametrize(("text", "is_right"), [("Too slow", True), ("", False), ("  \u200b ", False), ("x" * 501, False)])
def test_answer__own_words__are_some(text: str, is_right: bool) -> None:
    ask_when_idle(make_survey(kind="text", words={}).engagement.slug)
    client = known_shopper()

    response = client.post(asked(client), {"text": text}, headers=BY_SCRIPT)

    assert (response.status_code == 200) is is_right


def test_answer__survey_nobody_wrote__makes_one_of_its_own(db: None) -> None:
    make_survey().delete()
    ask_when_idle("stopped")
    client = known_shopper()

    client.post(asked(client), {"text": "Too slow"})

    assert (Survey.objects.get().kind, SurveyAnswer.objects.get().text) == ("text", "Too slow")


def test_answer__wrong_in_code__raises(shopper: Client) -> None:
    decision_id = uuid.UUID(asked(shopper).rstrip("/").rpartition("/")[2])
    now = timezone.now()
    decision, survey = access_asked(Visitor.objects.get().pk, decision_id, now=now)

    with pytest.raises(InvalidAnswerError):
        answer(decision, survey, choice="price", score=3, now=now)


def test_last_answer__of_this_visit__is_what_rules_read(shopper: Client) -> None:
    shopper.post(asked(shopper), {"choice": "price"})
    visitor, now = Visitor.objects.get(), timezone.now()

    assert last_answer(visitor.pk, since=now - timedelta(minutes=5)) == "stopped:price"
    assert last_answer(visitor.pk, since=now + timedelta(minutes=5)) == ""


def test_last_answer__own_words__are_not_told(db: None) -> None:
    survey = make_survey(kind="text", words={})
    now = timezone.now()
    said: dict[str, Any] = {"survey": survey, "decision_id": uuid.uuid4(), "visitor_id": uuid.uuid4(), "text": "x", "at": now}
    given = SurveyAnswer.objects.create(**said)

    assert last_answer(given.visitor_id, since=now) == "stopped:"
