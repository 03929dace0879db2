"""What does a shopper do who struggles, helps themselves, or finds the basket changed? Acts of the walk, one browser each."""

from sandbox.drive import shopper
from sandbox.drive.seat import Seat

SEEN_AFTER = 1_300
"""Milliseconds in view after which a place counts as seen."""

DEAD_AFTER = 3_000
"""Milliseconds after which a click that led to nothing was one in vain."""

BAR_RESTS_AFTER = 2_500
"""Milliseconds after which a page has had its first beat, and the demo bar has shown it: a change that would answer a click."""

HESITATES_AFTER = 4_300
"""Milliseconds in a field without a key after which somebody hesitates."""

_IN_THE_SHOP = """
from oscar_engage.signals import record
from oscar_engage.signals.subject import Subject
from oscar_engage.visitors.models import Visit
who = Subject(visitor_id=Visit.objects.get(pk="{visit}").visitor_id)
"""
_IN_VAIN = """
record(who, "help.searched", query="tent poles", results=3)
record(who, "help.rated", helpful=False, article="poles")
record(who, "selfhelp.started", tool="size-adviser")
"""
_STOCK = """
from oscar.core.loading import get_model
line = get_model("basket", "Line").objects.filter(basket__status="Open").latest("pk")
{change}
"""
_COPY = """() => {
  const range = document.createRange();
  range.selectNodeContents(document.querySelector("h1"));
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  document.querySelector("h1").dispatchEvent(new ClipboardEvent("copy", { bubbles: true }));
  getSelection().removeAllRanges();
}"""
_SEEK = """async () => {
  document.body.style.minHeight = "4000px";
  for (let turn = 0; turn < 12; turn++) {
    window.scrollTo({ top: turn % 2 ? 200 : 900, behavior: "instant" });
    await new Promise((done) => setTimeout(done, 60));
  }
  document.body.style.minHeight = "";
}"""
_LURE = """() => document.querySelector("h1").insertAdjacentHTML("afterend", '<img id="lure" width="80" height="80" alt="">')"""
_FAIL = "() => setTimeout(() => { throw new Error('the shop has a fault'); }, 0)"


def ask_at_once(seat: Seat) -> None:
    """Open the form for a question without a look at the help."""
    seat.open("/engage/note/new/")


def read_an_article(seat: Seat) -> None:
    """Read one of the shop's own pages of help."""
    seat.open("/information/delivery/")


def help_oneself_in_vain(seat: Seat) -> None:
    """Search the help, find an article wanting, begin with an adviser, and go on without any of it."""
    told = _IN_THE_SHOP.format(visit=seat.visit_id)
    seat.shop.manage("shell", "-v0", "-c", told + _IN_VAIN)
    seat.page.wait_for_timeout(1_000)  # "later" is a matter of the order of times
    seat.open("/")
    seat.open("/catalogue/")
    seat.shop.manage("shell", "-v0", "-c", told + 'record(who, "selfhelp.finished", tool="size-adviser")')


def find_the_price_moved(seat: Seat) -> None:
    """Put something into the basket, whose price rises meanwhile."""
    shopper.open_product(seat.page, seat.shop.address, "Stoves")
    seat.send("#add_to_basket_form")
    _change_stock(seat, "line.stockrecord.price += 1; line.stockrecord.save()")
    seat.open("/basket/")
    _change_stock(seat, "line.stockrecord.price -= 1; line.stockrecord.save()")


def find_it_sold_out(seat: Seat) -> None:
    """Find that it is gone."""
    keep = "line.stockrecord.num_allocated = (line.stockrecord.num_allocated or 0) {sign} 100000; line.stockrecord.save()"
    _change_stock(seat, keep.format(sign="+"))
    seat.open("/basket/")
    _change_stock(seat, keep.format(sign="-"))


def _change_stock(seat: Seat, change: str) -> None:
    seat.shop.manage("shell", "-v0", "-c", _STOCK.format(change=change))


def look_at_places(seat: Seat) -> None:
    """Read a product's page to its end."""
    shopper.open_product(seat.page, seat.shop.address, "Waterproof jackets")
    seat.page.wait_for_timeout(SEEN_AFTER)
    seat.page.evaluate("window.scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' })")
    seat.page.wait_for_timeout(200)
    seat.open("/")


def click_in_vain(seat: Seat) -> None:
    """Click on a picture that leads nowhere, and then again and again."""
    shopper.open_product(seat.page, seat.shop.address, "Waterproof jackets")
    seat.page.evaluate(_LURE)
    lure = seat.page.locator("#lure")
    lure.scroll_into_view_if_needed()
    seat.page.wait_for_timeout(BAR_RESTS_AFTER)
    lure.click()
    seat.page.wait_for_timeout(DEAD_AFTER)
    lure.click(click_count=4, delay=20)
    seat.page.wait_for_timeout(500)
    seat.open("/")


def wander(seat: Seat) -> None:
    """Scroll to and fro, copy the name of a product, and meet a fault of the shop's own script."""
    shopper.open_product(seat.page, seat.shop.address, "Waterproof jackets")
    seat.page.wait_for_timeout(500)
    seat.page.evaluate(_SEEK)
    seat.page.evaluate(_COPY)
    seat.page.evaluate(_FAIL)
    seat.page.wait_for_timeout(300)
    seat.open("/")


def hesitate_in_a_field(seat: Seat) -> None:
    """Stand in the field for the search and not know what to type."""
    seat.open("/accounts/login/")
    field = seat.page.locator("#id_registration-email")
    field.focus()
    seat.page.wait_for_timeout(HESITATES_AFTER)
    seat.open("/")


def waver(seat: Seat) -> None:
    """Choose one size, then another, then the first again."""
    shopper.open_product(seat.page, seat.shop.address, "Waterproof jackets")
    options = seat.page.locator("#add_to_basket_form select").first
    in_stock = options.locator("option:not([disabled])").evaluate_all("(all) => all.map((option) => option.value)")
    for turn in range(6):
        options.select_option(value=in_stock[-1 - turn % 2])
    seat.open("/")


def shake_the_mouse(seat: Seat) -> None:
    """Move the mouse to and fro without a click."""
    seat.open("/catalogue/")
    seat.page.wait_for_timeout(500)
    for turn in range(16):
        seat.page.mouse.move(200 if turn % 2 else 700, 300 + turn)
        seat.page.wait_for_timeout(110)
    seat.open("/")
