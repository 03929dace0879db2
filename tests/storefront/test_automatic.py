"""Is a note answered at once where it can be, and does the shopper decide what becomes of it?"""

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from oscar.test.factories import OrderFactory, create_product

from oscar_engage.answers.facts import FACTS
from oscar_engage.answers.passage import Passage
from oscar_engage.desk.answering.later import answer_later
from oscar_engage.desk.answering.models import AnswerOutcome, AutoAnswer
from oscar_engage.desk.answering.offer import KIND
from oscar_engage.desk.ladder.models import LadderStep
from oscar_engage.desk.ladder.steps import Step
from oscar_engage.desk.models import Conversation, ConversationStatus
from oscar_engage.desk.promises.store import check_conditions
from oscar_engage.jobs.models import Job
from oscar_engage.storefront import views_automatic
from oscar_engage.storefront.rate import Rate
from oscar_engage.testing.answers import answers_at_once
from tests.answers.library import passages
from tests.storefront.shopping import FRAGMENT, ask, submit, text_of

pytestmark = pytest.mark.django_db
FORGOTTEN = "I have forgotten my password"
IN_BASKET = {"combinator": "and", "rules": [{"field": "page.kind", "operator": "=", "value": "basket"}]}
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def _library() -> Iterator[None]:
    with answers_at_once(*passages("en"), *passages("de")):
        yield


def receipt(client: Client, note: Conversation) -> str:
    return text_of(client.get(f"/engage/note/{note.public_id}/"))


def settle(client: Client, note: Conversation, said: str, **more: Any) -> Any:
    return client.post(f"/engage/note/{note.public_id}/automatic/", {"said": said}, **more)


def test_receipt__sure_answer__passage_with_yes_and_no(client: Client) -> None:
    page = receipt(client, ask(client, question=FORGOTTEN))

    assert "Perhaps this answers it already" in page
    assert "Ask for a link to set a new password." in page
    assert 'href="/help/password/"' in page
    assert "That helped" in page


def test_receipt__nothing_fits__as_without_answers(client: Client) -> None:
    page = receipt(client, ask(client, question="Do you engrave knives with lasers?"))

    assert "Perhaps this answers" not in page
    assert AutoAnswer.objects.get().outcome == AnswerOutcome.NONE


def test_receipt__fragment__answer_with_the_first_answer(client: Client) -> None:
    page = client.get("/engage/note/new/", {"fragment": "1"})
    response = submit(client, page, headers=FRAGMENT, question=FORGOTTEN)

    assert "That helped" in text_of(response)


def test_receipt__read_again__no_second_search(client: Client) -> None:
    note = ask(client, question=FORGOTTEN)
    receipt(client, note)
    with answers_at_once():
        assert "That helped" in receipt(client, note)
    assert AutoAnswer.objects.count() == 1


def test_receipt__search_fails__receipt_all_the_same(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr("oscar_engage.desk.answering.offer.find", fail)
    note = ask(client, question=FORGOTTEN)

    assert note.reference in receipt(client, note)


@pytest.mark.attack("A06")
def test_receipt__hostile_passage__words_alone(client: Client) -> None:
    hostile = Passage(
        article="x", language="en", title=f"Glue {HOSTILE}", heading=HOSTILE, text=f"glue {HOSTILE}", url="/x/", words="glue"
    )
    with answers_at_once(*passages("en"), hostile):
        page = receipt(client, ask(client, question="glue"))

    assert "Perhaps this answers" in page
    assert HOSTILE not in page


def test_helped__no_script__closed_and_told(client: Client) -> None:
    note = ask(client, question=FORGOTTEN)
    receipt(client, note)

    response = settle(client, note, "helped")

    note.refresh_from_db()
    assert response.url == f"/engage/note/{note.public_id}/"
    assert note.status == ConversationStatus.CLOSED
    page = receipt(client, note)
    assert "nobody needs to write to you" in page
    assert "please answer" in page


def test_undo__solved_note__waits_again(client: Client) -> None:
    note = ask(client, question=FORGOTTEN)
    receipt(client, note)
    settle(client, note, "helped")

    settle(client, note, "undo")

    note.refresh_from_db()
    assert note.status == ConversationStatus.WAITING
    assert note.reference in receipt(client, note)
    assert "That helped" not in receipt(client, note)


def test_refused__fragment__panel_without_the_answer(client: Client) -> None:
    note = ask(client, question=FORGOTTEN)
    receipt(client, note)

    page = text_of(settle(client, note, "refused", headers=FRAGMENT))

    assert "That helped" not in page
    assert "Tried already" in page


@pytest.mark.parametrize("said", ["", "solved", "undo", HOSTILE])
def test_settle__nothing_to_settle__nothing_changes(client: Client, said: str) -> None:
    note = ask(client, question=FORGOTTEN)
    receipt(client, note)

    assert settle(client, note, said).status_code == 302

    note.refresh_from_db()
    assert note.status == ConversationStatus.WAITING


@pytest.mark.attack("B05")
def test_settle__foreign_note__as_if_there_were_none(client: Client) -> None:
    note = ask(client, question=FORGOTTEN)
    receipt(client, note)
    stranger = Client()

    foreign, unknown = settle(stranger, note, "helped"), stranger.post("/engage/note/nothing/automatic/", {"said": "helped"})

    assert (foreign.status_code, foreign.content) == (unknown.status_code, unknown.content)
    assert foreign.status_code == 404


@pytest.fixture
def customer() -> Any:
    return get_user_model().objects.create_user("ada", "ada@shop.example", "pw")


def order_of(user: Any, number: str, status: str = "Being processed") -> Any:
    return OrderFactory(user=user, number=number, status=status)


def test_order__logged_in_owner__status_and_link(client: Client, customer: Any) -> None:
    order_of(customer, "100077")
    client.force_login(customer)

    page = receipt(client, ask(client, question="Where is my order?"))

    assert "100077" in page
    assert "Being processed" in page
    assert AutoAnswer.objects.get().passages == []


def test_order__logged_out_meanwhile__no_longer_told(client: Client, customer: Any) -> None:
    order_of(customer, "100077")
    client.force_login(customer)
    note = ask(client, question="Where is my order?")
    receipt(client, note)

    client.cookies.pop("sessionid")

    assert "100077" not in receipt(client, note)


@pytest.mark.attack("B05")
def test_order__of_somebody_else__not_told(client: Client, customer: Any) -> None:
    order_of(get_user_model().objects.create_user("eve", "eve@shop.example"), "100088")
    order_of(customer, "100077")
    client.force_login(customer)

    page = receipt(client, ask(client, question="Where is my order 100088?"))

    assert "Being processed" not in page


@pytest.mark.parametrize("logged_in", [False, True])
def test_order__nobody_or_no_order__not_told(client: Client, customer: Any, logged_in: bool) -> None:
    if logged_in:
        client.force_login(customer)

    assert "Being processed" not in receipt(client, ask(client, question="Where is my order?"))


@pytest.mark.parametrize(("pieces", "word"), [(3, "Yes:"), (0, "No:")])
def test_stock__product_page__as_the_strategy_says(client: Client, pieces: int, word: str) -> None:
    product = create_product(num_in_stock=pieces, title="Rain boots")
    path = product.get_absolute_url()

    page = receipt(client, ask(client, question="Is it in stock?", page_path=path))

    assert f"{word} “Rain boots”" in page


def variants() -> Any:
    parent = create_product(structure="parent", title="Hiking boots")
    for size, pieces in (("42", 0), ("43", 5)):
        create_product(structure="child", parent=parent, title=f"Size {size}", num_in_stock=pieces)
    return parent


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Is it available in 43?", "Yes: “Hiking boots” in 43"),
        ("do you have this in size 42?", "No: “Hiking boots” in 42"),
        ("Is it in stock?", "Yes: “Hiking boots” can be ordered"),
    ],
)
def test_stock__option__of_that_variant(client: Client, question: str, told: str) -> None:
    path = variants().get_absolute_url()

    assert told in receipt(client, ask(client, question=question, page_path=path))


@pytest.mark.parametrize("question", ["Is it available in 48?", "Is it available in purple?"])
def test_stock__unknown_option__not_told(client: Client, question: str) -> None:
    path = variants().get_absolute_url()

    page = receipt(client, ask(client, question=question, page_path=path))

    assert "Hiking boots” in" not in page


@pytest.mark.parametrize("path", ["/", "/nowhere/", "//[bad", "/catalogue/none_999999/"])
def test_stock__no_product_there__not_told(client: Client, path: str) -> None:
    assert "can be ordered" not in receipt(client, ask(client, question="Is it in stock?", page_path=path))


@override_settings(OSCAR_ENGAGE={"RETURNS_TEXT": {"en": "Within thirty days."}})
def test_returns__text_of_the_shop__told(client: Client) -> None:
    with answers_at_once(*passages("en")):
        assert "Within thirty days." in receipt(client, ask(client, question="Can I return this?"))


def test_returns__no_text__article_answers(client: Client) -> None:
    assert "You can return what does not fit" in receipt(client, ask(client, question="Can I return this?"))


def test_fact__source_fails__others_and_articles_go_on(client: Client) -> None:
    class Failing:
        def tell(self, asked: Any, about: Any) -> None:
            raise DatabaseError

    with FACTS.only("failing", Failing()):
        assert "You can return what does not fit" in receipt(client, ask(client, question="Can I return this?"))


def test_suggest__enough_typed__passages_and_nothing_kept(client: Client) -> None:
    response = client.get("/engage/suggest/", {"q": "i have forgotten my pasword"}, headers=FRAGMENT)

    assert "Ask for a link to set a new password." in text_of(response)
    assert "no-store" in response["Cache-Control"]
    assert not Conversation.objects.exists()
    assert not AutoAnswer.objects.exists()


@pytest.mark.parametrize("typed", ["", "my", "password x", "do you engrave knives with lasers", "\x00" * 50])
def test_suggest__too_little_or_nothing_found__empty(client: Client, typed: str) -> None:
    response = client.get("/engage/suggest/", {"q": typed})

    assert (response.status_code, response.content) == (200, b"")


def test_suggest__more_than_people_write__empty(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views_automatic, "SUGGESTIONS", Rate(seconds=60))
    monkeypatch.setattr(views_automatic, "SUGGESTIONS_PER_MINUTE", 1)
    asked = {"q": "i have forgotten my password"}

    first = client.get("/engage/suggest/", asked, REMOTE_ADDR="8.8.8.8")
    second = client.get("/engage/suggest/", asked, REMOTE_ADDR="8.8.8.8")

    assert first.content
    assert not second.content


def test_suggest__answers_not_read_yet__says_to_ask_again(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views_automatic, "wait_until_read", lambda language, now: False)
    found = client.get("/engage/suggest/", {"q": "i have forgotten my pasword"})
    nothing = client.get("/engage/suggest/", {"q": "zxcvb qwertz asdfgh"})
    assert (found.status_code, nothing.status_code, nothing.content) == (200, 202, b"")


def test_suggest__fails__empty(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views_automatic, "look_for", lambda *args, **kwargs: 1 / 0)

    assert client.get("/engage/suggest/", {"q": FORGOTTEN}).content == b""


def test_suggest__any_question__no_word_of_it_in_a_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="oscar_engage"):
        client.get("/engage/suggest/", {"q": "zebracrossing forgotten password"})
        receipt(client, ask(client, question="zebracrossing forgotten password"))

    assert "zebracrossing" not in caplog.text


def test_suggest__known_index__no_query_for_the_search(client: Client) -> None:
    client.get("/engage/suggest/", {"q": FORGOTTEN})
    with CaptureQueriesContext(connection) as queries:
        client.get("/engage/suggest/", {"q": FORGOTTEN})

    assert [one["sql"] for one in queries if "conversation" in one["sql"] or "autoanswer" in one["sql"]] == []
    assert len(queries) <= 2  # of the pages of ours: the switch, the visitor


def test_self_served__that_answers_it__nothing_is_asked(client: Client) -> None:
    response = client.post("/engage/suggest/helped/", {"article": "password" + "x" * 500})

    assert "Nothing was sent." in text_of(response)
    assert not Conversation.objects.exists()


def test_receipt__looked_at_alone__looks_for_nothing(client: Client) -> None:
    with answers_at_once():  # nothing can be found, and nothing is kept of that
        note = ask(client, question=FORGOTTEN)
    AutoAnswer.objects.all().delete()

    assert "That helped" not in receipt(client, note)
    assert not AutoAnswer.objects.exists()


@pytest.mark.parametrize(
    ("rows", "is_answered"),
    [
        ({}, True),
        ({Step.ANSWER: {"is_active": False}}, False),
        ({Step.NOTE: {"place": 0}, Step.ANSWER: {"place": 1}}, False),
        ({Step.CHAT: {"place": 0}, Step.ANSWER: {"place": 1}, Step.NOTE: {"place": 2}}, True),
        ({Step.ANSWER: {"document": check_conditions(IN_BASKET, path="scope", segments={})[0]}}, False),
    ],
)
def test_ladder__place_of_the_answer__is_obeyed(client: Client, rows: Any, is_answered: bool) -> None:
    for step, row in rows.items():
        LadderStep.objects.create(step=step, **{"place": 9, **row})

    form = text_of(client.get("/engage/note/new/"))
    page = receipt(client, ask(client, question=FORGOTTEN))

    assert ("That helped" in page, "data-engage-suggest-script" in form) == (is_answered, is_answered)
    assert AutoAnswer.objects.exists() == is_answered


def test_ladder__answer_between_chat_and_note__suggested_with_the_note_alone(client: Client) -> None:
    for place, step in enumerate((Step.CHAT, Step.ANSWER, Step.NOTE)):
        LadderStep.objects.create(step=step, place=place)

    chat, note = (text_of(client.get(f"/engage/{kind}/new/")) for kind in ("chat", "note"))

    assert ["data-engage-suggest-script" in one for one in (chat, note)] == [False, True]


def test_ladder__asked_by_note_before__still_answered_first(client: Client) -> None:
    ask(client, question="Do you engrave knives with lasers?")

    assert "That helped" in receipt(client, ask(client, question=FORGOTTEN))


@pytest.fixture
def unread(client: Client, monkeypatch: pytest.MonkeyPatch) -> Conversation:
    """A note that was sent to a process that had read no articles in time."""
    with monkeypatch.context() as patched:
        patched.setattr("oscar_engage.desk.answering.offer.wait_until_read", lambda language, *, now: False)
        patched.setattr("oscar_engage.desk.answering.offer.find", lambda *args, **kwargs: None)
        return ask(client, question=FORGOTTEN)


def test_sent__articles_not_read_yet__a_worker_looks(client: Client, unread: Conversation) -> None:
    assert not AutoAnswer.objects.exists()
    job = Job.objects.get(kind=KIND)

    for _twice in range(2):
        answer_later(job.payload, now=timezone.now())

    assert "That helped" in receipt(client, unread)


@pytest.mark.parametrize("minutes", [60, None])
def test_sent__worker_too_late_or_note_gone__nothing(unread: Conversation, minutes: int | None) -> None:
    payload = Job.objects.get(kind=KIND).payload
    if minutes is None:
        Conversation.objects.filter(pk=unread.pk).delete()

    answer_later(payload, now=timezone.now() + timedelta(minutes=minutes or 0))

    assert not AutoAnswer.objects.exists()


def test_sent__worker_finds_nothing__that_is_kept(unread: Conversation) -> None:
    other = Passage(article="x", language="en", title="Glue", heading="", text="glue", url="/x/")
    with answers_at_once(other):
        answer_later(Job.objects.get(kind=KIND).payload, now=timezone.now())

    assert AutoAnswer.objects.get().outcome == AnswerOutcome.NONE
