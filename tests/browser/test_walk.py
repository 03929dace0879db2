"""Does every kind of signal reach the page that says what engage sees, from a desktop and from a phone?"""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from oscar_engage.signals.kinds import KINDS
from sandbox.drive import shopper, staff
from sandbox.drive.seat import Seat
from sandbox.drive.shop import RealShop
from sandbox.drive.walk import MOUSE_ONLY, NOT_WALKED, OFFERED, ON_PHONES, SAME_BROWSER, WALK, Step

NewContext = Callable[..., BrowserContext]
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
COUNTS = """() => Object.fromEntries([...document.querySelectorAll("[data-engage-kind]")]
  .map((line) => [line.dataset.engageKind, Number(line.dataset.engageCount)]))"""
PATIENCE_MS = shopper.SOON


def ours() -> set[str]:
    """The kinds that come with the package; other tests may have registered more."""
    return {kind.name for kind in KINDS if kind.payload.__module__.startswith("oscar_engage.")}


def test_walk__every_registered_kind__is_shown_or_said_why_not() -> None:
    shown = {kind for step in WALK for kind in step.shows}
    assert ours() - shown - set(NOT_WALKED) == set(), (
        "add them to a step of sandbox/drive/walk.py, or to NOT_WALKED with a reason"
    )
    assert (shown | set(NOT_WALKED)) - ours() == set()
    assert shown & set(NOT_WALKED) == set()


def test_walk__what_a_browser_tells__is_shown_on_a_phone_as_well() -> None:
    told = {kind.name for kind in KINDS if kind.from_browser and kind.name in ours()} - set(NOT_WALKED) - MOUSE_ONLY
    assert told - {kind for step in WALK if step.seat in ON_PHONES for kind in step.shows} == set()


@pytest.fixture
def watcher(new_context: NewContext, real_shop: RealShop) -> Page:
    """The page of a supervisor, who may watch."""
    return staff.sign_in(new_context().new_page(), real_shop.address, "supervisor@example.com")


@pytest.mark.parametrize("is_phone", [False, True], ids=["desktop", "phone"])
def test_walk__each_step__stands_on_the_page_that_staff_watch(
    is_phone: bool, watcher: Page, browser_context: Callable[..., BrowserContext], real_shop: RealShop
) -> None:
    steps = [step for step in WALK if not is_phone or step.seat in ON_PHONES]
    seats: dict[str, Seat] = {}
    visits: dict[str, str] = {}
    missing: dict[str, set[str]] = {}
    for number, step in enumerate(steps):
        seat = seats.get(step.seat) or _sit_down(step, seats, browser_context, real_shop, is_phone=is_phone)
        if step.seat not in SAME_BROWSER:
            visits.setdefault(step.seat, seat.visit_id)  # a logout may make somebody else of the browser
        step.do(seat)
        visits.setdefault(step.seat, seat.visit_id)
        if step.seat not in {later.seat for later in steps[number + 1 :]}:
            missing[step.seat] = _missing(watcher, real_shop, visits[step.seat], _shown_by(steps, step.seat))
    assert {name: kinds for name, kinds in missing.items() if kinds} == {}


@pytest.fixture
def browser_context(browser: Any, request: pytest.FixtureRequest) -> Callable[..., BrowserContext]:
    """Make browsers of one size that share nothing, each closed at the end."""

    def build(**options: Any) -> BrowserContext:
        context: BrowserContext = browser.new_context(**options)
        context.set_default_timeout(PATIENCE_MS)
        request.addfinalizer(context.close)
        return context

    return build


def _sit_down(
    step: Step, seats: dict[str, Seat], browser_context: Callable[..., BrowserContext], shop: RealShop, *, is_phone: bool
) -> Seat:
    """Return the step's browser, which has arrived at the shop and agreed to everything."""
    if step.seat in SAME_BROWSER:
        seats[step.seat] = seats[SAME_BROWSER[step.seat]]
    else:
        arm = "treated" if step.seat in OFFERED else None
        page = shopper.arrive(shop.address, lambda: browser_context(**(PHONE if is_phone else DESKTOP)), arm=arm)
        seats[step.seat] = Seat(page, shop, is_phone)
    return seats[step.seat]


def _shown_by(steps: list[Step], seat: str) -> set[str]:
    return {kind for step in steps if step.seat == seat for kind in step.shows}


def _missing(watcher: Page, shop: RealShop, visit: str, wanted: set[str]) -> set[str]:
    """Return which kinds the page does not show although it was left to refresh itself for a while."""
    watcher.goto(f"{shop.address}/dashboard/engage/visits/{visit}/")
    left = PATIENCE_MS
    while True:
        counts: dict[str, int] = watcher.evaluate(COUNTS)
        missing = {kind for kind in wanted if not counts.get(kind)}
        if not missing or left <= 0:
            return missing
        watcher.wait_for_timeout(500)
        left -= 500
