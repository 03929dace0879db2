"""Can an agent find, propose and take back, with and without a script, and see what became of it; and nobody else?"""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model
from oscar.test.factories import create_product

from oscar_engage.audit.models import AuditEntry
from oscar_engage.desk.acts.models import Proposal
from oscar_engage.desk.models import Agent, Conversation
from oscar_engage.jobs.models import Job
from oscar_engage.jobs.run import run_due
from oscar_engage.visitors.models import VisitorBasket

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def url(name: str, *args: object) -> str:
    return reverse(f"engage_dashboard:engage-{name}", args=args)


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    return client_of("agent")


@pytest.fixture
def taken(client: Client, chat: Conversation) -> Conversation:
    client.post(url("presence"), {"presence": "online"})
    client.post(url("conversation-take", chat.public_id))
    chat.refresh_from_db()
    assert chat.status == "open"
    return chat


@pytest.fixture
def boots(db: None) -> Any:
    return create_product(price=Decimal("10.00"), num_in_stock=50, title="Rain boots", upc="RB-1")


def page_of(client: Client, conversation: Conversation) -> str:
    return client.get(url("conversation", conversation.public_id)).content.decode()


def propose(
    client: Client, conversation: Conversation, product: Any, headers: dict[str, str] | None = None, **more: Any
) -> Any:
    data = {"act": "basket.add", "product": product.pk, "quantity": 1, "client_id": uuid.uuid4(), **more}
    return client.post(url("act-propose", conversation.public_id), data, headers=headers or {})


def fill(conversation: Conversation, product: Any, lines: int = 1) -> list[Any]:
    """Give the shopper a basket that the agent sees."""
    basket = get_model("basket", "Basket").objects.create()
    VisitorBasket.objects.create(visitor_id=conversation.visitor_id, basket_id=basket.pk, seen_at=timezone.now())
    record = product.stockrecords.get()
    return [
        basket.lines.create(line_reference=str(number), product=product, stockrecord=record, quantity=2, price_currency="GBP")
        for number in range(lines)
    ]


# Without a script


def test_path__search_choose_propose__plain_pages_and_the_shopper_is_asked(
    client: Client, taken: Conversation, boots: Any
) -> None:
    found = client.get(url("acts", taken.public_id), {"q": "boot"}).content.decode()
    link = re.search(r'<a href="([^"]*product=\d+[^"]*)"', found)
    assert link is not None
    chosen = client.get(link[1].replace("&amp;", "&")).content.decode()
    assert f'name="product" value="{boots.pk}"' in chosen
    assert 'name="quantity"' in chosen
    response = propose(client, taken, boots)

    assert response.headers["Location"] == url("conversation", taken.public_id)
    page = page_of(client, taken)
    assert "The shopper was asked." in page
    assert "Agent would like to put 1 \u00d7 Rain boots into your basket." in page
    assert "waiting for the shopper" in page
    assert Proposal.objects.get().message == taken.messages.latest("seq")


@pytest.mark.parametrize(("text", "is_found"), [("rain", True), ("rb-1", True), ("sandals", False), ("", False)])
def test_search__title_or_upc__visible_products(
    client: Client, taken: Conversation, boots: Any, text: str, *, is_found: bool
) -> None:
    page = client.get(url("acts", taken.public_id), {"q": text}, headers=HTMX).content.decode()
    assert ("Rain boots" in page) is is_found
    assert "<html" not in page


def test_search__hidden_product__is_not_found_nor_chosen(client: Client, taken: Conversation, boots: Any) -> None:
    boots.is_public = False
    boots.save()
    for query in ({"q": "boots"}, {"product": boots.pk}):
        assert "Rain boots" not in client.get(url("acts", taken.public_id), query).content.decode()


def test_search__upc_of_a_variant__chooses_it(client: Client, taken: Conversation) -> None:
    parent = create_product(structure="parent", title="Trail shoe", price=None)
    create_product(structure="child", parent=parent, title="Trail shoe 41", price=Decimal("80"), num_in_stock=3)
    child = create_product(
        structure="child", parent=parent, title="Trail shoe 42", upc="TS-42", price=Decimal("80"), num_in_stock=3
    )
    found = client.get(url("acts", taken.public_id), {"q": "ts-42"}).content.decode()
    assert f"product={parent.pk}&amp;child={child.pk}" in found
    form = client.get(url("acts", taken.public_id), {"product": parent.pk, "child": child.pk}).content.decode()
    assert re.search(rf'<option value="{child.pk}"\s+selected', form)


def test_propose__twice_by_a_double_click__is_asked_once(client: Client, taken: Conversation, boots: Any) -> None:
    same = uuid.uuid4()
    for _time in range(2):
        propose(client, taken, boots, client_id=same)
    assert Proposal.objects.count() == 1
    assert AuditEntry.objects.filter(action="act.proposed").count() == 1


def test_propose__refused__says_why_and_asks_nobody(client: Client, taken: Conversation, boots: Any) -> None:
    before = taken.messages.count()
    response = propose(client, taken, boots, quantity=99, headers=HTMX).content.decode()
    assert "a maximum of 50 can be bought" in response
    assert 'role="alert"' in response
    propose(client, taken, boots, quantity=99)
    assert "a maximum of 50 can be bought" in page_of(client, taken)
    assert (Proposal.objects.count(), taken.messages.count()) == (0, before)


def test_propose__without_an_act__is_a_bad_request(client: Client, taken: Conversation) -> None:
    assert client.post(url("act-propose", taken.public_id), {}).status_code == 400


def test_withdraw__waiting__is_taken_back_once(client: Client, taken: Conversation, boots: Any) -> None:
    propose(client, taken, boots)
    proposal = Proposal.objects.get()
    address, data = url("act-withdraw", taken.public_id), {"proposal": proposal.public_id}
    assert "It is withdrawn." in client.post(address, data, headers=HTMX).content.decode()
    assert "already" in client.post(address, data, follow=True).content.decode()
    assert Proposal.objects.get().state == "withdrawn"
    assert AuditEntry.objects.filter(action="act.withdrawn").count() == 1


@pytest.mark.attack("B05")
def test_withdraw__proposal_of_another_conversation__stays(
    client: Client, taken: Conversation, note: Conversation, boots: Any
) -> None:
    propose(client, taken, boots)
    client.post(url("act-withdraw", note.public_id), {"proposal": Proposal.objects.get().public_id})
    assert Proposal.objects.get().state == "waiting"


# What the page offers


def test_page__chat_that_is_mine__offers_lines_vouchers_and_the_mail(client: Client, taken: Conversation, boots: Any) -> None:
    [line] = fill(taken, boots)
    page = page_of(client, taken)
    assert f'name="line" value="{line.pk}"' in page
    assert 'aria-label="Pieces of Rain boots"' in page
    for act in ("basket.change", "voucher.apply"):
        assert f'name="act" value="{act}"' in page
    assert url("act-reset-mail", taken.public_id) in page
    assert 'name="act" value="voucher.give"' not in page  # the shop has chosen none


@pytest.mark.parametrize("button", [{"quantity": 5}, {"quantity": 2, "out": 1}])
def test_page__line_of_the_basket__is_proposed_to_be_changed(
    client: Client, taken: Conversation, boots: Any, button: dict[str, int]
) -> None:
    [line] = fill(taken, boots)
    client.post(url("act-propose", taken.public_id), {"act": "basket.change", "line": line.pk, **button})
    assert Proposal.objects.get().params["quantity"] == (0 if "out" in button else 5)


def test_page__chat_not_taken_yet__offers_nothing_to_propose(client: Client, chat: Conversation) -> None:
    page = page_of(client, chat)
    assert url("act-propose", chat.public_id) not in page
    assert "for the chat that you have taken" in page


def test_page__switched_off_by_the_shop__is_not_there(client: Client, taken: Conversation, settings: Any) -> None:
    off = ["basket.add", "basket.change", "voucher.apply", "basket.restore", "account.reset_mail"]
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "ACTS_OFF": off}
    page = page_of(client, taken)
    for address in (url("act-propose", taken.public_id), url("act-reset-mail", taken.public_id), 'id="engage-acts-find"'):
        assert address not in page


def test_page__without_the_permission__has_none_of_it(client: Client, taken: Conversation) -> None:
    Group.objects.get(name="Engage agents").permissions.remove(Permission.objects.get(codename="act_for_shopper"))
    assert "engage-acts" not in page_of(client, taken)
    assert client.post(url("act-propose", taken.public_id), {"act": "basket.add"}).status_code == 403


def test_poll__nothing_new__is_empty_and_news_bring_the_state(client: Client, taken: Conversation, boots: Any) -> None:
    propose(client, taken, boots)
    known = re.search(r'"known": "(\w+)"', page_of(client, taken))
    assert known is not None
    address = url("acts", taken.public_id)
    assert client.get(address, {"known": known[1]}, headers=HTMX).status_code == 204
    Proposal.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    state = client.get(address, {"known": known[1]}, headers=HTMX).content.decode()
    assert 'data-state="expired"' in state
    assert "hx-trigger" not in state


def test_poll__met_the_moment_between_the_yes_and_what_comes_of_it__asks_on(
    client: Client, taken: Conversation, boots: Any
) -> None:
    propose(client, taken, boots)
    address = url("acts", taken.public_id)
    for state, asks_on in (("agreed", True), ("done", False)):
        Proposal.objects.update(state=state)
        page = client.get(address, {"known": "another"}, headers=HTMX).content.decode()
        assert f'data-state="{state}"' in page
        assert ("every 3s" in page) is asks_on


def test_state__could_not_be_done__has_the_reason(client: Client, taken: Conversation, boots: Any) -> None:
    propose(client, taken, boots)
    Proposal.objects.update(state="failed", reason="no stock available", params={})
    page = page_of(client, taken)
    assert "could not be done" in page
    assert "no stock available" in page


@pytest.mark.parametrize("number", [1, 3])
def test_queries__more_lines_and_proposals__cost_no_more(client: Client, taken: Conversation, boots: Any, number: int) -> None:
    fill(taken, boots, lines=number)
    for _time in range(number):
        propose(client, taken, boots)
    page_of(client, taken)
    with CaptureQueriesContext(connection) as queries:
        client.get(url("acts", taken.public_id), {"known": ""}, headers=HTMX)
    assert len(queries) == 16, [query["sql"][:90] for query in queries]


# The mail to a new password


@pytest.fixture
def ann(django_user_model: Any) -> Any:
    return django_user_model.objects.create_user("ann", "Ann@example.com", "secret")


def ask_mail(client: Client, conversation: Conversation, email: str, **more: Any) -> str:
    address = url("act-reset-mail", conversation.public_id)
    return client.post(address, {"email": email, "client_id": uuid.uuid4(), **more}, headers=HTMX).content.decode()


def said_in(page: str) -> str:
    found = re.search(r'<p (?:role="status"|class="engage-wrong" role="alert")>([^<]*)</p>', page)
    return found[1] if found else ""


def test_reset_mail__account_or_none__is_the_same_to_the_agent_and_goes_to_the_account(
    client: Client, taken: Conversation, ann: Any, django_capture_on_commit_callbacks: Any
) -> None:
    costs, answers = [], []
    for email in ("ann@example.com", "nobody@example.com"):
        with CaptureQueriesContext(connection) as queries:
            answers.append(ask_mail(client, taken, email))
        costs.append(len(queries))
    assert said_in(answers[0]) == said_in(answers[1]) == "If there is such an account, the mail is on its way."
    assert costs[0] == costs[1]
    assert mail.outbox == []
    run_due(now=timezone.now())

    [sent] = mail.outbox
    assert sent.to == ["Ann@example.com"]
    assert "/password-reset/confirm/" in str(sent.body)
    assert [proposal.params for proposal in Proposal.objects.all()] == [{}, {}]
    assert "example.com" not in str(list(Job.objects.values_list("payload", "key")))
    assert "example.com" not in str(list(taken.messages.values_list("body", flat=True)))
    assert AuditEntry.objects.filter(action="act.reset_mail").count() == 2
    run_due(now=timezone.now())
    assert len(mail.outbox) == 1


def test_reset_mail__same_form_twice__is_one(client: Client, taken: Conversation, ann: Any) -> None:
    same = uuid.uuid4()
    for _time in range(2):
        ask_mail(client, taken, "ann@example.com", client_id=same)
    assert Proposal.objects.count() == 1


@pytest.mark.parametrize("spelling", ["ann@example.com", "ANN@example.com", "ann+more@example.com"])
def test_reset_mail__too_often_to_one_mailbox__is_refused(client: Client, taken: Conversation, ann: Any, spelling: str) -> None:
    for _time in range(3):
        ask_mail(client, taken, "ann@example.com")
    assert "Please wait a little" in said_in(ask_mail(client, taken, spelling))
    assert Proposal.objects.count() == 3
    Proposal.objects.update(created_at=timezone.now() - timedelta(minutes=61))
    assert "on its way" in said_in(ask_mail(client, taken, spelling))


def test_reset_mail__too_many_by_one_agent__are_refused(client: Client, taken: Conversation) -> None:
    for number in range(20):
        ask_mail(client, taken, f"a{number}@example.com")
    assert "Please wait a little" in said_in(ask_mail(client, taken, "b@example.com"))


def test_reset_mail__no_address__says_so(client: Client, taken: Conversation) -> None:
    assert said_in(ask_mail(client, taken, "ann")) == "Type an e-mail address."


def test_reset_mail__note_that_nobody_has__may_be_asked_for_with_the_shoppers_address(
    client: Client, note: Conversation, ann: Any
) -> None:
    Conversation.objects.filter(pk=note.pk).update(email="ann@example.com")
    assert 'value="ann@example.com"' in page_of(client, note)
    assert "on its way" in said_in(ask_mail(client, note, "ann@example.com"))


def test_reset_mail__conversation_of_a_colleague__is_refused(
    client: Client, chat: Conversation, django_user_model: Any
) -> None:
    user = django_user_model.objects.create_user("noa", "noa@example.com")
    Conversation.objects.filter(pk=chat.pk).update(agent=Agent.objects.create(user=user, display_name="Noa"), status="open")
    assert "Take the conversation first" in said_in(ask_mail(client, chat, "ann@example.com"))
    assert not Proposal.objects.exists()


def test_reset_mail__switched_off__is_refused(client: Client, taken: Conversation, settings: Any) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "ACTS_OFF": ["account.reset_mail"]}
    assert "switched this off" in said_in(ask_mail(client, taken, "ann@example.com"))


def test_reset_mail__conversation_erased_meanwhile__nothing_is_sent(client: Client, taken: Conversation, ann: Any) -> None:
    ask_mail(client, taken, "ann@example.com")
    Conversation.objects.all().delete()
    run_due(now=timezone.now())
    assert mail.outbox == []
    assert Job.objects.get(kind="account.reset_mail").state == "done"
