"""Does a customer find all their questions again, on every device, and nobody else's?"""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import timezone

from oscar_engage.desk.access import Owner, owned_by
from oscar_engage.desk.centre import PER_PAGE
from oscar_engage.desk.models import Agent, Conversation, Role
from oscar_engage.desk.post import post_message
from oscar_engage.desk.presence import set_presence
from oscar_engage.models import Visitor
from tests.attacks.payloads import XSS
from tests.storefront.shopping import ask, submit, text_of

pytestmark = pytest.mark.django_db
URL = "/engage/questions/"


@pytest.fixture
def agent() -> Agent:
    user = get_user_model().objects.create_user("mia", "mia@shop.example")
    return set_presence(Agent.objects.create(user=user, display_name="Mia"), "online", now=timezone.now())


def customer(name: str = "ada") -> Any:
    user, _is_new = get_user_model().objects.get_or_create(username=name, email=f"{name}@example.com")
    return user


def logged_in(name: str = "ada") -> Client:
    """Return a browser of its own, without any consent, in which ``name`` is logged in."""
    client = Client()
    client.force_login(customer(name))
    return client


def answer(conversation: Conversation, agent: Agent, body: str = "Yes, we do.") -> None:
    post_message(conversation, role=Role.AGENT, agent=agent, body=body, client_id=uuid.uuid4(), now=timezone.now())


def test_centre__asked_on_two_devices__both_stand_on_both_without_any_consent() -> None:
    phone, laptop = logged_in(), logged_in()
    first, second = ask(phone), ask(laptop)

    for browser in (phone, laptop, logged_in()):
        html = text_of(browser.get(URL))
        assert first.reference in html
        assert second.reference in html


def test_centre__customer__stands_in_the_account_beside_its_menu() -> None:
    html = text_of(logged_in().get(URL))

    assert "/accounts/profile/" in html
    assert "You have not asked anything yet." in html
    assert "Find it by your e-mail address" not in html


def test_centre__browser_of_before_the_login__is_the_customers() -> None:
    now = timezone.now()
    guest = Client()
    asked = ask(guest)
    Visitor.objects.filter(pk=asked.visitor_id).update(customer=customer(), last_seen_at=now)

    assert asked.reference in text_of(logged_in().get(URL))


@pytest.mark.attack("B05")
def test_centre__another_customer__sees_and_opens_nothing() -> None:
    asked = ask(logged_in())
    foreign = logged_in("bob")

    assert asked.reference not in text_of(foreign.get(URL))
    known, unknown = foreign.get(f"/engage/note/{asked.public_id}/"), foreign.get("/engage/note/unknown/")
    assert (known.status_code, known.content) == (404, unknown.content)
    for path in ("messages", "close", "rating", "transcript"):
        assert foreign.post(f"/engage/chat/{asked.public_id}/{path}/", {"body": "Hi", "score": 5}).status_code == 404
    assert foreign.get(f"/engage/chat/{asked.public_id}/events/").status_code == 404


@pytest.mark.attack("B05")
def test_centre__shared_computer_after_the_logout__shows_nothing() -> None:
    browser = logged_in()
    asked = ask(browser)
    browser.post("/accounts/logout/")
    browser.get("/accounts/logout/")

    assert asked.reference not in text_of(browser.get(URL))
    assert browser.get(f"/engage/note/{asked.public_id}/").status_code == 404


@pytest.mark.attack("B05")
def test_centre__next_customer_at_the_same_browser__sees_nothing_of_the_first() -> None:
    browser = logged_in()
    asked = ask(browser)
    browser.force_login(customer("bob"))

    assert asked.reference not in text_of(browser.get(URL))
    assert browser.get(f"/engage/note/{asked.public_id}/").status_code == 404


def test_owner__browser_known_as_anothers__says_nothing() -> None:
    guest = Client()
    asked = ask(guest)
    Visitor.objects.filter(pk=asked.visitor_id).update(customer=customer())
    guest.force_login(customer("bob"))

    assert asked.reference not in text_of(guest.get(URL))
    assert not owned_by(Owner()).exists()


def test_centre__conversation_of_another_device__can_be_read_written_in_rated_and_polled(agent: Agent) -> None:
    asked, laptop = ask(logged_in()), logged_in()
    answer(asked, agent)

    page = laptop.get(f"/engage/note/{asked.public_id}/")
    assert "Yes, we do." in text_of(page)
    assert submit(laptop, page, body="And to Gozo?").status_code == 302
    assert Conversation.objects.get().last_seq == 3
    assert laptop.post(f"/engage/chat/{asked.public_id}/rating/", {"score": "5"}).status_code == 302
    assert laptop.get(f"/engage/chat/{asked.public_id}/events/?after=0").status_code == 200
    assert laptop.get(f"/engage/chat/{asked.public_id}/transcript/").status_code == 200


def test_centre__status__says_what_is_promised_answered_and_over(agent: Agent) -> None:
    browser = logged_in()
    waiting, answered = ask(browser), ask(browser)
    answer(answered, agent)

    html = text_of(browser.get(URL))

    assert html.index(answered.reference) < html.index(waiting.reference)
    assert "Not answered yet." in html
    assert "at the latest" in html
    assert f"Go on writing in {answered.reference}" in html
    assert html.count("engage-new") == 1
    assert "engage-new" not in text_of(browser.get(URL))


def test_centre__promise_that_was_broken__is_not_repeated() -> None:
    browser = logged_in()
    ask(browser)
    Conversation.objects.update(due_at=timezone.now())

    html = text_of(browser.get(URL))

    assert "Not answered yet." in html
    assert "at the latest" not in html


def test_centre__search__finds_words_references_and_pages_alone() -> None:
    browser = logged_in()
    tent, boots = ask(browser, question="Is the tent waterproof?"), ask(browser, question="Are the boots warm?")

    for words in ("TENT", tent.reference):
        html = text_of(browser.get(URL, {"q": words}))
        assert tent.reference in html
        assert f"Messages of {boots.reference}" not in html
    empty = text_of(browser.get(URL, {"q": XSS[:60]}))
    assert "Show all" in empty
    assert "<script" not in empty.partition("data-engage-questions")[2].partition("</section>")[0]


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999", "²", ""])
def test_centre__page_that_is_none__is_no_error(page: str) -> None:
    assert logged_in().get(URL, {"page": page}).status_code == 200


def test_centre__many__stand_on_pages(settings: Any) -> None:
    browser = logged_in()
    first = ask(browser)
    for _ in range(PER_PAGE):
        first.pk, first.public_id, first.reference = None, uuid.uuid4().hex, uuid.uuid4().hex[:8]
        first.save(force_insert=True)

    one, two = text_of(browser.get(URL)), text_of(browser.get(URL, {"page": 2}))

    assert one.count("<article") == PER_PAGE
    assert two.count("<article") == 1
    assert "Older" in one
    assert "Newer" in two
    assert "Older" not in two


@pytest.mark.parametrize("count", [1, 3])
def test_centre__queries__same_for_any_number(
    count: int, agent: Agent, django_assert_num_queries: Callable[[int], Any]
) -> None:
    browser = logged_in()
    for _ in range(count):
        answer(ask(browser), agent)
    browser.get(f"{URL}?fragment=1")

    with django_assert_num_queries(8):  # savepoint, session, user, visitor, conversations, messages, Oscar's notices
        browser.get(f"{URL}?fragment=1")


def test_account__own_page__marks_the_entry_once(agent: Agent) -> None:
    html = text_of(logged_in().get(URL))

    assert html.count(f'href="{URL}" class="nav-link') == 1
    assert 'class="nav-link active" aria-current="page"' in html


def render_tab(user: Any) -> str:
    request = RequestFactory().get("/accounts/profile/")
    request.user = user
    template = Template("{% load engage_tags %}{% engage_account_tab %}")
    return template.render(Context({"request": request}))


def test_account_tab__news__are_counted_in_the_menu(agent: Agent) -> None:
    answer(ask(logged_in()), agent)

    assert "1 new" in render_tab(customer())
    assert "new" not in render_tab(customer("bob"))
    assert render_tab(AnonymousUser()) == ""


def test_account_tab__our_tables_fail__page_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    user = customer()
    monkeypatch.setattr(Conversation._meta, "db_table", "no_such_table")

    with transaction.atomic():
        assert render_tab(user) == ""
