"""Where one pays: no script, help right where a payment was refused, and a plain link back to an open chat."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import resolve, reverse
from oscar.apps.checkout.views import PaymentDetailsView
from oscar.apps.order.exceptions import UnableToPlaceOrder
from oscar.apps.payment.exceptions import PaymentError, UnableToTakePayment
from oscar.core.loading import get_class
from pytest_django import DjangoAssertNumQueries

from oscar_engage.models import Conversation
from oscar_engage.storefront.open_chat import COOKIE_NAME
from oscar_engage.storefront.payment_help import MARK, build_payment_help, has_trouble, insert_payment_help
from tests.storefront.journeys import walk_to_preview
from tests.storefront.shopping import ask, submit, text_of

pytestmark = pytest.mark.django_db

Fail = Callable[..., None]


def failing(error: Exception) -> Fail:
    def fail(*args: object, **kwargs: object) -> None:
        raise error

    return fail


def pay(client: Client, product: Any, monkeypatch: pytest.MonkeyPatch, **steps: Fail) -> Any:
    view = get_class("checkout.views", "PaymentDetailsView")
    for name, step in steps.items():
        monkeypatch.setattr(view, name, step)
        monkeypatch.setattr(PaymentDetailsView, name, step)
    walk_to_preview(client, product)
    return client.post(reverse("checkout:preview"), {"action": "place_order"})


def begin_chat(client: Client) -> Conversation:
    submit(client, client.get(reverse("engage:chat-new")), message="Is it waterproof?")
    return Conversation.objects.get(kind="chat")


@pytest.mark.parametrize(
    "steps",
    [
        {"handle_payment": failing(UnableToTakePayment("Card declined"))},
        {"handle_payment": failing(PaymentError("gateway down"))},
        {"handle_order_placement": failing(UnableToPlaceOrder("no stock left"))},
    ],
    ids=["declined", "gateway", "order"],
)
def test_payment__gone_wrong__help_stands_below_the_message(
    client: Client, product: Any, monkeypatch: pytest.MonkeyPatch, steps: dict[str, Fail]
) -> None:
    page = text_of(pay(client, product, monkeypatch, **steps))

    assert page.count(MARK) == 1
    assert page.index("alert-danger") < page.index(MARK) < page.index('<div class="row shipping-payment')
    block = page[page.index(MARK) : page.index("</aside>")]
    assert "<script" not in block
    assert f'href="{reverse("engage:note-new")}?page_path=/checkout/preview/"' in block
    assert "engage/dist/engage.js" not in page


def test_payment__waiting_to_be_made__no_help_block(client: Client, product: Any) -> None:
    pages = dict(walk_to_preview(client, product))

    assert MARK not in text_of(pages[reverse("checkout:preview")])
    assert MARK not in text_of(pages[reverse("checkout:payment-details")])


def test_payment__refused_at_the_bank__help_on_the_page_led_back_to(
    client: Client, product: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(view: Any, *args: object, **kwargs: object) -> HttpResponseRedirect:
        messages.error(view.request, "Your bank refused the payment.")
        return HttpResponseRedirect(reverse("checkout:payment-details"))

    response = pay(client, product, monkeypatch, submit=refuse)
    page = text_of(client.get(response.headers["Location"]))

    assert page.index("Your bank refused the payment.") < page.index(MARK) < page.index("<h1>")
    assert MARK not in text_of(client.get(response.headers["Location"]))  # it was told once


def test_payment__gone_wrong_with_a_chat_open__leads_back_to_it(
    client: Client, product: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = begin_chat(client)
    page = text_of(pay(client, product, monkeypatch, handle_payment=failing(UnableToTakePayment("Card declined"))))

    link = reverse("engage:chat-detail", args=[chat.public_id])
    assert f'class="engage-button" href="{link}"' in page[page.index(MARK) : page.index("</aside>")]


def test_payment_page__chat_open__plain_link_to_it(client: Client, product: Any) -> None:
    chat = begin_chat(client)
    page = text_of(dict(walk_to_preview(client, product))[reverse("checkout:preview")])

    assert f'<a class="engage-help" href="{reverse("engage:chat-detail", args=[chat.public_id])}"' in page


def test_chat__closed__browser_forgets_it(client: Client) -> None:
    chat = begin_chat(client)
    client.get(reverse("engage:chat-detail", args=[chat.public_id]))
    assert client.cookies[COOKIE_NAME].value == chat.public_id
    assert client.cookies[COOKIE_NAME]["httponly"]

    client.post(reverse("engage:chat-close", args=[chat.public_id]))
    client.get(reverse("engage:chat-detail", args=[chat.public_id]))
    assert client.cookies[COOKIE_NAME].value == ""


def test_note__shown__leaves_no_chat_cookie(client: Client) -> None:
    note = ask(client)
    client.get(reverse("engage:note-detail", args=[note.public_id]))

    assert COOKIE_NAME not in client.cookies


@pytest.mark.parametrize("told", ["", "../../admin", "x" * 400, '"><script>alert(1)</script>', "ünïcödé-ünïcödé"])
def test_chat_cookie__forged__leads_nowhere(told: str, client: Client, product: Any) -> None:
    client.cookies[COOKIE_NAME] = told
    page = text_of(dict(walk_to_preview(client, product))[reverse("checkout:preview")])

    assert "Go on with your chat" not in page
    assert "alert(1)" not in page


TAG = Template("{% load engage_tags %}{% engage_payment_help %}")


def payment_request(rf: RequestFactory) -> Any:
    request = rf.get("/checkout/preview/")
    request.resolver_match = resolve("/checkout/preview/")
    return request


def test_tag__error_in_the_context__writes_the_block_here(rf: RequestFactory) -> None:
    assert MARK in TAG.render(Context({"request": payment_request(rf), "error": "Card declined"}))


def test_block__of_somebody_with_an_open_chat__asks_no_table(
    rf: RequestFactory, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    request = payment_request(rf)
    request.COOKIES[COOKIE_NAME] = "x" * 24
    with django_assert_num_queries(0):
        block = build_payment_help(request, {"error": "Card declined"})

    assert "x" * 24 in block


@pytest.mark.parametrize("context", [{}, {"error": "x"}])
def test_tag__nothing_wrong_or_no_request__writes_nothing(rf: RequestFactory, context: dict[str, Any]) -> None:
    assert TAG.render(Context(context if context else {"request": payment_request(rf)})) == ""


def test_tag__unusable_settings__writes_nothing(rf: RequestFactory, settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"NO_SUCH": 1}

    assert TAG.render(Context({"request": payment_request(rf), "error": "x"})) == ""


def test_trouble__messages_not_shown_on_this_page__is_none_of_its_own(rf: RequestFactory) -> None:
    request = payment_request(rf)
    request._messages = type("Storage", (), {"used": False, "_loaded_data": [messages.storage.base.Message(40, "later")]})()

    assert not has_trouble(request, {})


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<p>Sorry</p><div><b>No &lt;funds&gt;</div><form></form></body>", "<p>Sorry</p><div><b>No &lt;funds&gt;</div>"),
        ("<p>Sorry</p><form></form></body>", "<p>Sorry</p><form></form>"),
    ],
    ids=["in a box", "nowhere"],
)
def test_insert__own_templates__below_the_words_or_at_the_end(rf: RequestFactory, page: str, expected: str) -> None:
    built = insert_payment_help(payment_request(rf), page.encode(), {"error": "No <funds>"}, charset="utf-8").decode()

    assert built.startswith(f"{expected}<aside")
    assert built.replace(built[built.index("<aside") : built.index("</aside>") + 9], "") == page


def test_insert__placed_by_the_shop__is_not_placed_again(rf: RequestFactory) -> None:
    page = TAG.render(Context({"request": payment_request(rf), "error": "x"})).encode() + b"</body>"

    assert insert_payment_help(payment_request(rf), page, {"error": "x"}, charset="utf-8") == page
