"""Is a survey answered where it stands, by mouse, keyboard and phone, and are its pages and the response centre accessible?"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from sandbox.drive import shopper, staff
from sandbox.drive.shop import RealShop
from tests.browser.findings import Watch, find_overflow, find_violations

SHOTS = ""
NewContext = Callable[..., BrowserContext]
SIZES = ({"width": 1280, "height": 800}, {"width": 390, "height": 780})
CARD = '#engage-root [data-engage-widget="survey"]'
_MAKE = """
from django.utils import timezone
from oscar_engage.models import Engagement, Rule, Survey
from oscar_engage.rules.life.publish import publish, save_draft
if not Engagement.objects.filter(slug="missing").exists():
    engagement = Engagement.objects.create(slug="missing", widget="survey", title="What were you looking for?")
    words = {"question": "What were you looking for?", "choices": [["size", "Another size"], ["brand", "Another brand"]]}
    german = {"question": "Was haben Sie gesucht?", "choices": [["size", "Eine andere Größe"], ["brand", "Eine andere Marke"]]}
    Survey.objects.create(engagement=engagement, kind="choice", words={"en": words, "de": german})
    asks = {"field": "visit.last_search", "operator": "=", "value": "zeppelin"}
    then = [{"do": "ask.survey", "with": {"engagement": "missing"}}]
    when = {"combinator": "and", "rules": [asks]}
    document = {"schema": 1, "branches": [{"when": when, "then": then}], "unknown": "skip"}
    now, known = timezone.now(), {"missing": "survey"}
    rule = Rule.objects.create(name="Ask", holdout_share=0)
    save_draft(rule, document, user=None, now=now, engagements=known)
    publish(rule, user=None, now=now, engagements=known)
others = Rule.objects.exclude(name="Ask").filter(status="live")
print(*others.values_list("pk", flat=True))
others.update(status="paused")
Rule.objects.filter(name="Ask").update(status="live")
"""
_RESTORE = """
from oscar_engage.models import Rule
Rule.objects.filter(name="Ask").update(status="paused")
Rule.objects.filter(pk__in={paused}).update(status="live")
"""


@pytest.fixture
def asking(real_shop: RealShop) -> Iterator[RealShop]:
    """The shop asks whoever looked for a zeppelin, and has no other rule until the test is over."""
    said = real_shop.manage("shell", "-v0", "-c", _MAKE)
    paused = [int(pk) for pk in said.splitlines()[-1].split()]
    yield real_shop
    real_shop.manage("shell", "-v0", "-c", _RESTORE.format(paused=paused))


def wrong_with(page: Page, watch: Watch | None = None, shots: str = "") -> list[str]:
    """Return what is wrong with ours on the page in both sizes; ``shots``: where pictures of it go, if they are wanted."""
    found: list[str] = []
    for size in SIZES:
        page.set_viewport_size(size)
        page.wait_for_timeout(700)
        if shots:
            Path(shots).parent.mkdir(exist_ok=True, parents=True)
            page.screenshot(path=f"{shots}-{size['width']}.png")
        found += [f"{size['width']}: {one}" for one in find_violations(page) + find_overflow(page)]
    page.set_viewport_size(SIZES[0])
    return found + (watch.complaints if watch else [])


def be_asked(asking: RealShop, new_context: NewContext) -> Page:
    page = shopper.arrive(asking.address, new_context)
    page.goto(f"{asking.address}/search/?q=zeppelin")
    expect(page.locator(f"{CARD}:not([data-engage-away])")).to_be_visible()
    return page


def test_survey__one_press__is_answered_and_thanked_for_where_it_stands(asking: RealShop, new_context: NewContext) -> None:
    page = be_asked(asking, new_context)
    watch = Watch(page.context, asking.address)
    assert wrong_with(page, watch, SHOTS and f"{SHOTS}/survey") == []
    address = page.url

    page.get_by_role("button", name="Another size").click()

    expect(page.locator(CARD)).to_contain_text("Thank you")
    assert page.url == address
    assert wrong_with(page, watch, SHOTS and f"{SHOTS}/thanks") == []
    expect(page.locator(CARD)).to_have_count(0)


def test_survey__by_keyboard_alone__own_words_are_sent_and_the_focus_is_told(asking: RealShop, new_context: NewContext) -> None:
    page = be_asked(asking, new_context)
    page.set_viewport_size(SIZES[1])
    page.locator(f"{CARD} summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("A small one")
    assert wrong_with(page, shots=SHOTS and f"{SHOTS}/other") == []
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    thanks = page.locator(f"{CARD} [role=status]")
    expect(thanks).to_contain_text("Thank you")
    expect(thanks).to_be_focused()


def test_survey__escape__is_a_no(asking: RealShop, new_context: NewContext) -> None:
    page = be_asked(asking, new_context)
    page.keyboard.press("Escape")
    expect(page.locator(CARD)).to_have_count(0)


def test_pages__surveys_and_results__are_accessible_and_fit(asking: RealShop, new_context: NewContext) -> None:
    page = staff.sign_in(new_context().new_page(), asking.address, "merchandiser@example.com")
    page.goto(f"{asking.address}/dashboard/engage/surveys/")
    assert wrong_with(page, shots=SHOTS and f"{SHOTS}/surveys") == []
    page.get_by_role("link", name="What were you looking for?", exact=True).click()
    assert wrong_with(page, shots=SHOTS and f"{SHOTS}/results") == []
    page.goto(f"{asking.address}/dashboard/engage/surveys/new/")
    page.get_by_role("button", name="Save as a draft").click()
    assert wrong_with(page, shots=SHOTS and f"{SHOTS}/new") == []


def test_centre__customer_and_guest__pages_are_accessible_and_fit(real_shop: RealShop, new_context: NewContext) -> None:
    page = new_context().new_page()
    page.goto(f"{real_shop.address}/accounts/login/")
    page.fill("#id_registration-email", f"new-{id(page)}@example.com")
    page.fill("#id_registration-password1", "a-long-Passw0rd-42")
    page.fill("#id_registration-password2", "a-long-Passw0rd-42")
    page.locator("[name=registration_submit]").click()
    page.goto(f"{real_shop.address}/engage/questions/")
    expect(page.locator(".engage-page")).to_contain_text("You have not asked anything yet.")
    assert wrong_with(page, shots=SHOTS and f"{SHOTS}/empty") == []
    page.goto(f"{real_shop.address}/engage/note/new/")
    page.get_by_label("Your question").fill("How heavy is it?")
    page.get_by_role("button", name="Leave the note").click()
    page.goto(f"{real_shop.address}/accounts/profile/")
    page.get_by_role("link", name="My questions").first.click()
    expect(page.locator(".engage-page")).to_contain_text("How heavy is it?")
    assert wrong_with(page, shots=SHOTS and f"{SHOTS}/questions") == []
    page.goto(f"{real_shop.address}/engage/questions/?q=zeppelin")
    assert wrong_with(page) == []

    guest = new_context().new_page()
    guest.goto(f"{real_shop.address}/engage/questions/")
    guest.get_by_role("link", name="Find it by your e-mail address").click()
    assert wrong_with(guest, shots=SHOTS and f"{SHOTS}/find") == []
    guest.get_by_label("The e-mail address you asked with").fill("nobody@example.com")
    guest.get_by_role("button", name="Send me the link").click()
    expect(guest.locator(".engage-receipt")).to_contain_text("on its way")
    assert wrong_with(guest, shots=SHOTS and f"{SHOTS}/sent") == []
