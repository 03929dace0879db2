"""Can a merchandiser write a survey and read its answers, and only who may read conversations what shoppers wrote?"""

import csv
import io
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oscar_engage.models import AuditEntry, Decision, Engagement, Survey, SurveyAnswer
from tests.surveys.conftest import WORDS, make_survey

pytestmark = pytest.mark.django_db
FORM = {
    "slug": "what-stopped-you",
    "kind": "choice",
    "has_other": "on",
    "wait_days": "180",
    "question_en": "What stopped you?",
    "choices_en": "price = Too expensive\nlater = I buy later",
    "question_de": "Was hat Sie abgehalten?",
    "choices_de": "price = Zu teuer",
}


def url(name: str, *args: Any) -> str:
    return reverse(f"engage_dashboard:{name}", args=args)


def give(survey: Survey, choice: str = "price", text: str = "", *, days: int = 1, score: int | None = None) -> SurveyAnswer:
    return SurveyAnswer.objects.create(
        survey=survey,
        decision_id=uuid.uuid4(),
        visitor_id=uuid.uuid4(),
        choice=choice,
        text=text,
        score=score,
        at=timezone.now() - timedelta(days=days),
    )


def both(client_of: Callable[[str], Client]) -> Client:
    """Return a merchandiser who may read conversations as well."""
    return client_of("supervisor")


def test_form__question_and_choices__make_engagement_and_survey(client_of: Callable[[str], Client]) -> None:
    response = client_of("merchandiser").post(url("engage-survey-create"), FORM)

    survey = Survey.objects.get()
    assert response.status_code == 302
    assert (survey.engagement.slug, survey.engagement.widget, survey.engagement.title) == (
        "what-stopped-you",
        "survey",
        "What stopped you?",
    )
    assert survey.words["en"]["choices"] == [["price", "Too expensive"], ["later", "I buy later"]]
    assert survey.words["de"] == {"question": "Was hat Sie abgehalten?", "choices": [["price", "Zu teuer"]]}
    assert AuditEntry.objects.filter(action="engagement.created").exists()
    assert not survey.engagement.is_active


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"choices_en": "price = Too expensive"}, "Write at least two answers"),
        ({"choices_en": "Too expensive\nlater = Later"}, "an equals sign"),
        ({"choices_en": "a = x\na = y"}, "stands there twice"),
        ({"choices_en": "other = x\nb = y"}, "is the name of"),
        ({"choices_en": "\n".join(f"a{n} = x" for n in range(9))}, "8 answers at most"),
        ({"question_en": ""}, "This field is required"),
        ({"slug": "taken"}, "Another engagement has this short name"),
    ],
)
def test_form__something_wrong__says_what_to_type(
    changes: dict[str, str], said: str, client_of: Callable[[str], Client]
) -> None:
    Engagement.objects.create(slug="taken", widget="balloon", title="x")

    response = client_of("merchandiser").post(url("engage-survey-create"), {**FORM, **changes})

    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Survey.objects.exists()


def test_form__saved_survey__shows_its_words_and_a_preview(client_of: Callable[[str], Client]) -> None:
    survey = make_survey()
    client = client_of("merchandiser")

    html = client.get(url("engage-survey-edit", survey.pk)).content.decode()
    response = client.post(url("engage-survey-edit", survey.pk), {**FORM, "slug": "stopped", "question_en": "Why?"})

    assert "price = Too expensive" in html
    assert 'data-engage-widget="survey"' in html
    assert response.status_code == 302
    assert Engagement.objects.get().title == "What stopped you?"  # live until somebody publishes the draft
    assert 'value="Why?"' in client.get(url("engage-survey-edit", survey.pk)).content.decode()


@pytest.mark.parametrize("is_new", [True, False])
@pytest.mark.parametrize(
    ("typed", "seen", "unseen"),
    [
        ({"question_en": "Too dear?"}, ("Too dear?", "Too expensive", "Zu teuer"), ()),
        ({"choices_en": "price = Costly\nhalf a li"}, ("What stopped you?",), ("Costly",)),
        ({"slug": "", "kind": "nonsense", "starts_at": "soon", "wait_days": "x"}, ("What stopped you?",), ()),
        ({"kind": "five", "low_en": "not a bit", "choices_en": "", "choices_de": ""}, ("not a bit",), ("Too expensive",)),
        ({"question_en": "<script>alert(1)</script>"}, ("&lt;script&gt;",), ("<script>",)),
    ],
)
def test_preview__of_what_is_typed__shows_it_and_saves_nothing(
    typed: dict[str, str], seen: tuple[str, ...], unseen: tuple[str, ...], is_new: bool, client_of: Callable[[str], Client]
) -> None:
    survey = None if is_new else make_survey()
    address = url("engage-survey-create") if survey is None else url("engage-survey-edit", survey.pk)

    response = client_of("merchandiser").post(address, {**FORM, **typed, "preview": "1"})

    page = response.content.decode()
    assert response.status_code == 200
    assert page.strip().startswith('<div id="engage-preview">')
    assert [words for words in seen if words not in page] == []
    assert [words for words in unseen if words in page] == []
    assert list(Survey.objects.values_list("words", flat=True)) == ([] if survey is None else [survey.words])


def test_form__with_something_wrong__shows_what_was_typed_in_its_preview_too(client_of: Callable[[str], Client]) -> None:
    page = client_of("merchandiser").post(url("engage-survey-create"), {**FORM, "slug": ""}).content.decode()

    assert page.partition('id="engage-preview"')[2].count("What stopped you?") >= 1


def test_engagements__one_of_a_survey__leads_to_its_own_form_and_knows_its_languages(
    client_of: Callable[[str], Client],
) -> None:
    survey, client = make_survey(), client_of("merchandiser")
    page = client.get(url("engage-engagements")).content.decode()
    row = page.partition("<code>what-stopped-you</code>")[2].partition("</tr>")[0]
    assert "not yet in" not in row

    address = url("engage-engagement-edit", survey.engagement_id)
    assert client.get(address)["Location"] == url("engage-survey-edit", survey.pk)
    assert client.post(address, {"title": "x"})["Location"] == url("engage-survey-edit", survey.pk)
    assert 'value="survey"' not in client.get(url("engage-engagement-create")).content.decode()


def test_list__no_survey__says_what_one_is(client_of: Callable[[str], Client]) -> None:
    html = client_of("merchandiser").get(url("engage-surveys")).content.decode()

    assert "There is no survey yet" in html
    assert url("engage-survey-create") in html


@pytest.mark.parametrize("count", [1, 3])
def test_list__queries__same_for_any_number(
    count: int, client_of: Callable[[str], Client], django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for number in range(count):
        give(make_survey(f"s{number}"))
    client = client_of("merchandiser")
    client.get(url("engage-surveys"))

    with django_assert_max_num_queries(9):
        html = client.get(url("engage-surveys")).content.decode()
    assert html.count("<code>s") == count


def test_results__answers__have_shares_with_intervals_in_the_period_asked_for(client_of: Callable[[str], Client]) -> None:
    survey = make_survey()
    for _ in range(3):
        give(survey)
    give(survey, "later")
    give(survey, days=60)

    client = client_of("merchandiser")

    html = client.get(url("engage-survey", survey.pk)).content.decode()

    assert "4 answers" in html
    assert "75%" in html
    assert 'role="img"' in html
    assert "5 answers" in client.get(url("engage-survey", survey.pk) + "?days=90").content.decode()


def test_results__scores__have_an_average(client_of: Callable[[str], Client]) -> None:
    survey = make_survey(kind="ten", words=WORDS)
    give(survey, "", score=0)
    give(survey, "", score=9)

    assert "Average: 4.5" in client_of("merchandiser").get(url("engage-survey", survey.pk)).content.decode()


def test_results__nobody_answered__says_so(client_of: Callable[[str], Client]) -> None:
    html = client_of("merchandiser").get(url("engage-survey", make_survey().pk)).content.decode()

    assert "Nobody answered in this period" in html


def test_results__own_words__only_for_who_may_read_conversations(client_of: Callable[[str], Client]) -> None:
    survey = make_survey()
    give(survey, "other", "<b>the crimson kettle</b>")

    merchandiser = client_of("merchandiser").get(url("engage-survey", survey.pk)).content.decode()
    supervisor = both(client_of).get(url("engage-survey", survey.pk)).content.decode()

    assert "crimson" not in merchandiser
    assert "Only who may read conversations" in merchandiser
    assert "&lt;b&gt;the crimson kettle" in supervisor


def test_file__own_words__only_for_who_may_read_conversations_and_no_formula(client_of: Callable[[str], Client]) -> None:
    survey = make_survey()
    give(survey, "other", '=HYPERLINK("https://evil.example")')

    plain = client_of("merchandiser").get(url("engage-survey-file", survey.pk))
    told = both(client_of).get(url("engage-survey-file", survey.pk))

    assert next(csv.reader(io.StringIO(plain.content.decode()))) == ["day", "answer"]
    assert "HYPERLINK" not in plain.content.decode()
    assert list(csv.reader(io.StringIO(told.content.decode())))[1][2].startswith("'=HYPERLINK")
    assert "attachment" in told["Content-Disposition"]
    assert AuditEntry.objects.filter(action="survey.exported").count() == 2


def test_results__shown__counts_what_was_seen(client_of: Callable[[str], Client]) -> None:
    survey = make_survey()
    give(survey)
    assert Decision.objects.count() == 0

    assert "it was shown 0 times" in client_of("merchandiser").get(url("engage-survey", survey.pk)).content.decode()


def test_form__who_may_not_publish__drafts_asks_and_another_puts_it_before_shoppers(client_of: Callable[[str], Client]) -> None:
    client = client_of("merchandiser")
    group = get_user_model().objects.get(username="merchandiser").groups.get()
    publish = group.permissions.get(codename="publish_engagement")
    group.permissions.remove(publish)

    client.post(url("engage-survey-create"), {**FORM, "publish": "1"})
    survey = Survey.objects.get()
    assert not survey.engagement.is_active
    page = client.get(url("engage-survey-edit", survey.pk)).content.decode()
    assert "Ask for approval" in page
    assert "Save and publish" not in page
    client.post(url("engage-engagement-ask", survey.engagement_id))
    assert "waits for approval" in client.get(url("engage-surveys")).content.decode()

    group.permissions.add(publish)
    response = client.post(url("engage-engagement-publish", survey.engagement_id), {"number": "1"}, follow=True)
    assert response.redirect_chain[-1][0] == url("engage-survey-edit", survey.pk)
    survey.engagement.refresh_from_db()
    assert survey.engagement.is_active


def test_draft__beside_what_is_live__changes_nothing_for_shoppers_until_published(client_of: Callable[[str], Client]) -> None:
    survey, client = make_survey("what-stopped-you"), client_of("merchandiser")
    changed = {**FORM, "kind": "five", "wait_days": "7", "choices_en": "", "choices_de": "", "starts_at": "2026-01-02T10:00"}

    client.post(url("engage-survey-edit", survey.pk), changed)
    kept = Survey.objects.get()
    assert (kept.kind, kept.wait_days, kept.words) == ("choice", 180, WORDS)
    assert "newer draft" in client.get(url("engage-surveys")).content.decode()

    client.post(url("engage-survey-edit", survey.pk), {**changed, "publish": "1"})
    kept = Survey.objects.select_related("engagement").get()
    assert (kept.kind, kept.wait_days, kept.words.get("en", {})) == ("five", 7, {})
    assert kept.engagement.starts_at is not None
    assert kept.engagement.published is not None


def test_history__of_a_survey__compares_what_it_asked_and_brings_it_back(client_of: Callable[[str], Client]) -> None:
    client = client_of("merchandiser")
    client.post(url("engage-survey-create"), {**FORM, "publish": "1"})
    survey = Survey.objects.get()
    client.post(url("engage-survey-edit", survey.pk), {**FORM, "choices_en": "far = Too far\nnear = Too near", "publish": "1"})

    history = client.get(url("engage-engagement-history", survey.engagement_id)).content.decode()
    assert "price = Too expensive" in history
    assert "far = Too far" in history
    assert "Answers: English" in history or "Answers: British English" in history

    client.post(url("engage-engagement-roll-back", survey.engagement_id), {"number": "1"})
    client.post(url("engage-engagement-publish", survey.engagement_id), {"number": "3"})
    survey.refresh_from_db()
    assert survey.words["en"]["choices"] == [["price", "Too expensive"], ["later", "I buy later"]]


def test_form__saved_meanwhile_by_another__keeps_what_is_typed_and_says_so(client_of: Callable[[str], Client]) -> None:
    client = client_of("merchandiser")
    client.post(url("engage-survey-create"), FORM)
    survey = Survey.objects.get()
    client.post(url("engage-survey-edit", survey.pk), {**FORM, "question_en": "First?", "base": "1"})

    late = client.post(url("engage-survey-edit", survey.pk), {**FORM, "question_en": "Second?", "base": "1"})

    assert late.status_code == 409
    assert 'value="Second?"' in late.content.decode()


def test_form__published__keeps_its_short_name_and_refuses_times_that_cannot_be(client_of: Callable[[str], Client]) -> None:
    client = client_of("merchandiser")
    client.post(url("engage-survey-create"), {**FORM, "publish": "1"})
    survey = Survey.objects.get()

    client.post(url("engage-survey-edit", survey.pk), {**FORM, "slug": "another"})
    assert Engagement.objects.get().slug == "what-stopped-you"
    times = {"starts_at": "2026-02-02T10:00", "ends_at": "2026-02-01T10:00"}
    wrong = client.post(url("engage-survey-edit", survey.pk), {**FORM, **times})
    assert wrong.status_code == 422
    assert "Choose an end after the start." in wrong.content.decode()


@pytest.mark.parametrize("name", ["history", "page", "figures"])
def test_pages__of_a_surveys_engagement__are_right_and_lead_to_its_answers(
    name: str, client_of: Callable[[str], Client]
) -> None:
    survey = make_survey()
    html = client_of("merchandiser").get(url(f"engage-engagement-{name}", survey.engagement_id)).content.decode()

    assert "What stopped you?" in html
    assert url("engage-survey", survey.pk) in html


def test_page__of_a_survey__has_the_languages_that_it_asks_in(client_of: Callable[[str], Client]) -> None:
    survey = make_survey()
    html = client_of("merchandiser").get(url("engage-engagement-page", survey.engagement_id)).content.decode()

    assert '<option value="de"' in html


@pytest.mark.parametrize("name", ["history", "page", "figures", "edit"])
def test_pages__of_an_engagement_that_is_gone__are_not_found(name: str, client_of: Callable[[str], Client]) -> None:
    survey = make_survey()
    pk = survey.engagement_id
    survey.engagement.delete()

    assert client_of("merchandiser").get(url(f"engage-engagement-{name}", pk)).status_code == 404
