"""How does each kind of signal come about in the shop? A table of steps for a browser, each with the kinds that it shows.

To show a new kind, add it to the step that causes it, or add a step. Steps are taken in their order; those with the same
``seat`` happen in one browser, so that its visit shows what all of them caused. What no shopper can cause stands in
:data:`NOT_WALKED` with the reason. A test fails on a registered kind that is in neither.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playwright.sync_api import expect

from sandbox.drive import acts, shopper
from sandbox.drive.seat import Seat

LEAVE_UPWARDS = "document.dispatchEvent(new MouseEvent('mouseout', {clientY: 5, relatedTarget: null, bubbles: true}))"
FLICK_UP = """async () => {
  document.body.style.minHeight = "6000px";
  const rest = (ms) => new Promise((done) => setTimeout(done, ms));
  window.scrollTo({ top: 3000, behavior: "instant" });
  await rest(100);
  document.dispatchEvent(new Event("touchmove", { bubbles: true }));
  window.scrollTo({ top: 2900, behavior: "instant" });
  await rest(60);
  window.scrollTo({ top: 900, behavior: "instant" });
  await rest(60);
  document.body.style.minHeight = "";
  window.scrollTo({ top: 0, behavior: "instant" });
}"""
GO_AWAY = """async (ms) => {
  const turn = (hidden) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event("visibilitychange"));
  };
  turn(true);
  await new Promise((done) => setTimeout(done, ms));
  turn(false);
}"""
EXIT_COUNTS_AFTER = 3_200
"""Milliseconds for which a page is open before leaving it upwards means anything."""


@dataclass(frozen=True)
class Step:
    """Something that a shopper does in the browser called ``seat``, and the kinds that staff then see of that visit."""

    seat: str
    do: Callable[[Seat], None]
    shows: frozenset[str]


def _hesitate(seat: Seat) -> None:
    """Fill the basket, begin the checkout, nearly leave, look elsewhere, and then do nothing: later steps come back to it."""
    shopper.begin_checkout(seat.page, seat.shop.address)
    seat.page.wait_for_timeout(EXIT_COUNTS_AFTER)
    seat.page.evaluate(FLICK_UP if seat.is_phone else LEAVE_UPWARDS)
    seat.page.evaluate(GO_AWAY, 2_500)


def _take_the_balloon(seat: Seat) -> None:
    shopper.await_balloon(seat.page).locator("[data-engage-do=accept]").click()


def _dismiss_the_note(seat: Seat) -> None:
    shopper.await_note_card(seat.page, seat.shop.address).locator("[data-engage-do=dismiss]").first.click()


def _look_and_go_back(seat: Seat) -> None:
    seat.open("/")
    shopper.open_product(seat.page, seat.shop.address)
    product = re.sub(r"^https?://[^/]+", "", seat.page.url)
    seat.open("/")
    seat.open(product)
    seat.open("/")


def _look_for_what_is_sold_out(seat: Seat) -> None:
    seat.page.goto(f"{seat.shop.address}/search/?q=Barn+Carrier")
    seat.page.locator("article.product_pod h3 a", has_text="Barn Carrier").first.click()
    seat.fill("#alert_form", email=seat.email)


def _change_the_basket(seat: Seat) -> None:
    page, address = seat.page, seat.shop.address
    shopper.open_product(page, address, "Stoves")
    seat.send("#add_to_basket_form")
    shopper.fill_basket(page, address)
    page.locator("#add_to_basket_form").wait_for()
    seat.fill("#add_to_basket_form", quantity="9999")
    page.goto(f"{address}/basket/")
    seat.fill("#basket_formset", **{"form-0-quantity": "2"})
    page.goto(f"{address}/basket/")
    page.locator("#basket_formset [name='form-1-DELETE']").evaluate("box => { box.checked = true; }")
    seat.send("#basket_formset")


def _try_vouchers(seat: Seat) -> None:
    page = seat.page
    for code in ("SPRING", "FJORD10"):
        page.goto(f"{seat.shop.address}/basket/")
        seat.fill("#voucher_form", code=code)
    page.goto(f"{seat.shop.address}/basket/")
    seat.send("form[action*='/vouchers/'][action*='/remove/']")


def _stumble_through_the_checkout(seat: Seat) -> None:
    page, address = seat.page, seat.shop.address
    page.goto(f"{address}/checkout/payment-details/")
    page.goto(f"{address}/checkout/")
    page.locator("#id_username").fill(seat.email)
    page.locator("input[name=options][value=anonymous]").check()
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(re.compile("/checkout/shipping-address/"))
    seat.send("form:has(#id_line1)")
    shopper.give_address(page)
    page.goto(f"{address}/checkout/shipping-address/")
    page.goto(f"{address}/checkout/shipping-method/")
    shopper.choose_delivery(page, address)


def _pay_at_the_second_try(seat: Seat) -> None:
    page = seat.page
    shopper.give_card(page, shopper.BAD_CARD)
    page.get_by_role("button", name="Place order").click()
    page.locator("#id_number").wait_for()
    shopper.give_card(page)
    page.get_by_role("button", name="Place order").click()
    expect(page.locator("body")).to_contain_text(re.compile("order number", re.IGNORECASE))
    seat.open("/")


def _have_the_order_sent(seat: Seat) -> None:
    seat.shop.manage("shell", "-v0", "-c", _SEND_ORDER.format(email=seat.email))


def _open_an_account(seat: Seat) -> None:
    login = f"{seat.shop.address}/accounts/login/"
    seat.page.goto(login)
    seat.fill("#login_form", **{"login-username": seat.email, "login-password": "wrong-fjord"})
    seat.page.goto(login)
    password = {"registration-password1": "walking-fjord", "registration-password2": "walking-fjord"}
    seat.fill("#register_form", **{"registration-email": seat.email, **password})


def _speak_of_products(seat: Seat) -> None:
    page = seat.page
    shopper.open_product(page, seat.shop.address, "Lamps")
    product = page.url
    seat.send("form[action*='/wishlists/']")
    page.goto(f"{product}reviews/add/")
    seat.fill("#add_review_form", score="5", title="Bright", body="It lights the tent.")


def _log_out(seat: Seat) -> None:
    seat.page.goto(f"{seat.shop.address}/accounts/logout/")


def _leave_at_the_bank(seat: Seat) -> None:
    shopper.leave_at_the_bank(seat.page, seat.shop.address)


def _come_back_another_day(seat: Seat) -> None:
    seat.shop.manage("shell", "-v0", "-c", _AGE.format(visit=seat.visit_id))
    seat.open("/")


_SEND_ORDER = """
from oscar.core.loading import get_model
order = get_model("order", "Order").objects.get(guest_email="{email}")
order.set_status("Being processed")
line = order.lines.first()
type(line).pipeline = {{line.status: ("Packed",)}}  # of this program alone: the sandbox's own staff change whole orders
line.set_status("Packed")
"""
_AGE = """
from datetime import timedelta
from django.utils import timezone
from oscar_engage.visitors.models import Visit, VisitorBasket
visit, then = Visit.objects.get(pk="{visit}"), timezone.now() - timedelta(days=2)
VisitorBasket.objects.filter(visitor=visit.visitor_id).update(outcome="lost", settled_at=then)
Visit.objects.filter(pk=visit.pk).update(started_at=then, last_at=then)
"""


def _step(seat: str, do: Callable[[Seat], None], *kinds: str) -> Step:
    return Step(seat, do, frozenset(kinds))


WALK: tuple[Step, ...] = (
    _step("hesitating", _hesitate, "basket.line_added", "page.exit_intent", "page.hidden", "visit.abandoning"),
    _step("asked", _dismiss_the_note, "page.viewed", "search.made", "widget.seen", "widget.dismissed"),
    _step("buying", _look_and_go_back, "visit.began", "product.viewed", "page.viewed", "page.left", "page.quick_back"),
    _step("buying", _look_for_what_is_sold_out, "search.made", "product.unavailable", "stock_alert.requested"),
    _step(
        "buying",
        _change_the_basket,
        *("basket.line_added", "basket.measured", "basket.refused", "basket.line_changed", "basket.line_removed"),
    ),
    _step("buying", _try_vouchers, "voucher.refused", "voucher.added", "voucher.removed"),
    _step(
        "buying",
        _stumble_through_the_checkout,
        *("checkout.refused", "checkout.started", "checkout.step", "form.invalid", "checkout.back", "checkout.shipping"),
    ),
    _step("buying", _pay_at_the_second_try, "payment.tried", "payment.failed", "order.placed"),
    _step("buying", _have_the_order_sent, "order.changed", "order.line_changed"),
    _step("asking", acts.ask_at_once, "help.contact_opened", "help.bypassed"),
    _step("asking", acts.read_an_article, "help.opened"),
    _step(
        "asking",
        acts.help_oneself_in_vain,
        *("help.searched", "help.rated", "selfhelp.started", "selfhelp.finished"),
        *("help.no_click", "help.not_helpful", "selfhelp.abandoned"),
    ),
    _step("watching", acts.find_the_price_moved, "basket.checked", "basket.price_changed"),
    _step("watching", acts.find_it_sold_out, "basket.line_unavailable"),
    _step("struggling", acts.look_at_places, "page.anchors", "page.scrolled", "page.timed"),
    _step("struggling", acts.click_in_vain, "page.rage_clicked", "page.dead_clicked"),
    _step("struggling", acts.wander, "page.sought", "text.copied", "script.failed"),
    _step("struggling", acts.hesitate_in_a_field, "field.hesitated", "field.left"),
    _step("struggling", acts.waver, "option.toggled"),
    _step("mousing", acts.shake_the_mouse, "pointer.thrashed"),
    _step("hesitating", _take_the_balloon, "page.idle", "widget.seen", "widget.accepted"),
    _step("customer", _open_an_account, "login.failed", "customer.registered", "login.succeeded"),
    _step("customer", _speak_of_products, "wishlist.added", "review.written"),
    _step("customer", _log_out, "login.ended"),
    _step("away", _leave_at_the_bank, "payment.redirected", "payment.lost"),
    _step("back", _come_back_another_day, "visit.came_back"),
)
"""The walk. The seat "back" is the browser of "away" on another day: another visit."""

SAME_BROWSER: Mapping[str, str] = {"back": "away"}
"""Seats whose browser another seat opened."""

OFFERED = ("hesitating", "asked")
"""The seats of shoppers to whom something is offered: not of the hold-out."""

ON_PHONES = ("hesitating", "asked", "buying", "struggling")
"""The seats that are enough to show everything that a browser tells: what the server sees does not depend on the screen."""

MOUSE_ONLY = frozenset({"pointer.thrashed"})
"""What a finger cannot do."""

NOT_WALKED: Mapping[str, str] = {
    "widget.ignored": "an invitation would have to stand for a minute; see tests/browser/test_widgets_offers.py",
    "survey.answered": "the sandbox's own rules ask none; see tests/surveys/test_answer.py",
    "page.picked": "no place of the sandbox is picked; see tests/browser/test_picked.py",
    "field.help_opened": "read for a second beside a field; see tests/browser/test_field_help.py",
    "login.recognised": "told of who is still logged in from a visit before; see tests/storefront/test_client.py",
    "order.failed": "the shop would have to break between payment and order; tests/storefront/test_capture.py breaks it",
    "mail.sent": "goes out when the visit is long over; see tests/reminders/test_mail.py",
    "mail.followed": "follows from such a mail; see tests/reminders/test_links.py",
    "mail.unsubscribed": "the same",
    "answers.found": "needs articles, which a source brings; see tests/storefront/test_automatic.py",
    "answers.self_resolved": "the same",
    "basket.abandoned": "told when the visit is long over, so no running visit has it; see tests/shop/test_left_behind.py",
}
"""Kinds that the walk does not show, with the reason."""
