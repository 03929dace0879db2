"""Does a note come back to the element that it was left on, with the agent having seen the page, by keyboard and on a phone?"""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from sandbox.drive import shopper as shopping
from sandbox.drive import staff
from sandbox.drive.shop import RealShop
from tests.browser.fake_shop import Answer, FakeShop
from tests.browser.test_attacks import ask
from tests.desk.pages.snapshots import sent

NewContext = Callable[..., BrowserContext]
PHONE = {"width": 390, "height": 844}
FRAME = ".engage-page-copy iframe"


def reach(page: Page, name: str | re.Pattern[str], role: str, *, most: int = 80) -> None:
    """Press Tab until what has the focus is called ``name``, as a screen reader says it."""
    wanted = page.get_by_role(role, name=name)  # type: ignore[arg-type]  # one of the roles that Playwright knows
    for _press in range(most):
        if wanted.count() and wanted.first.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way by Tab to the {role} {name!r}")


def focus_help(page: Page) -> None:
    """Go to the help link by its name; it stands at the end of every page."""
    page.get_by_role("link", name="Help", exact=True).last.focus()
    page.keyboard.press("Enter")
    expect(page.locator(shopping.PANEL)).to_be_visible()


def leave_note(page: Page, question: str) -> None:
    """Write, look at the copy and send, by keyboard alone; ends at the receipt."""
    focus_help(page)
    reach(page, "Leave a note", "link")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your question")).to_be_visible()
    expect(page.get_by_label("Send the copy along")).to_be_checked()
    reach(page, "Point at something else", "button")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    reach(page, "Look at the copy", "button")
    page.keyboard.press("Enter")
    expect(page.frame_locator("iframe.engage-copy-view").locator("#engage-pin")).to_have_count(1)
    page.get_by_label("Your question").focus()
    page.keyboard.type(question)
    reach(page, "Leave the note", "button")
    page.keyboard.press("Enter")
    expect(page.locator(".engage-receipt")).to_contain_text("Reference")
    expect(page.locator(".engage-receipt")).to_contain_text("Our answer is here by")
    expect(page.locator(".engage-receipt")).not_to_contain_text("could not be kept")


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 900}, PHONE], ids=["desktop", "phone"])
@pytest.mark.usefixtures("quiet_desk")
def test_note__whole_way_by_keyboard__comes_back_to_its_element(
    new_context: NewContext, real_shop: RealShop, viewport: dict[str, int]
) -> None:
    address, question = real_shop.address, f"Does it stand in wind of {viewport['width']}?"
    page = shopping.arrive(address, new_context, arm=None)
    page.set_viewport_size(viewport)  # type: ignore[arg-type]  # width and height
    shopping.open_product(page, address)
    product = page.url
    leave_note(page, question)
    assert Axe().run(page, context="#engage-root").response["violations"] == []

    agent = staff.sign_in(new_context().new_page(), address, "agent-one@example.com")
    staff.go_online(agent, address)
    staff.open_conversation(agent, address, question)
    agent.get_by_text("The page as the shopper saw it").first.click()
    frame = agent.locator(FRAME)
    expect(frame).to_have_attribute("width", str(viewport["width"]))
    shown = agent.frame_locator(FRAME)
    expect(shown.locator("#engage-pin")).to_be_visible()
    expect(shown.locator("h1")).to_be_visible()
    assert shown.locator("input, select, textarea, form, script, iframe, a[href]").count() == 0
    staff.answer(agent, address, question=question, reply="Up to force eight.")

    later = page.context.new_page()
    later.set_viewport_size(viewport)  # type: ignore[arg-type]  # the same
    page.close()
    later.goto(product)
    note = later.locator(".engage-balloon[data-engage-put-away]")
    expect(note).to_be_visible()
    expect(note).to_contain_text("Answer to your question")
    assert Axe().run(later, context="#engage-root").response["violations"] == []
    later.get_by_role("button", name="Read it").focus()
    later.keyboard.press("Enter")
    panel = later.get_by_role("dialog", name=re.compile("Your question"))
    expect(panel).to_contain_text("Up to force eight.")
    later.goto(product)
    later.wait_for_timeout(4_000)
    expect(note).to_have_count(0)


@pytest.mark.usefixtures("quiet_desk")
def test_answer__put_away__is_left_alone_on_the_next_page(new_context: NewContext, real_shop: RealShop) -> None:
    address, question = real_shop.address, "Is it green inside?"
    page = shopping.arrive(address, new_context, arm=None)
    shopping.open_product(page, address)
    leave_note(page, question)
    agent = staff.sign_in(new_context().new_page(), address, "admin@example.com")
    staff.answer(agent, address, question=question, reply="It is.")

    page.reload()
    note = page.locator(".engage-balloon[data-engage-put-away]")
    expect(note).to_be_visible()
    with page.expect_response(re.compile("put-away")) as gone:
        note.get_by_role("button", name="Close").click()
    assert gone.value.status == 204
    page.reload()
    page.wait_for_timeout(4_000)
    expect(note).to_have_count(0)


HOSTILE = """<div><p style="background:url({evil}/1)">words</p><img src="{evil}/2" onerror="alert(1)"><img src="//{host}/3">
<script src="{evil}/4">alert(2)</script><iframe src="{evil}/5" srcdoc="x"></iframe>
<form action="{evil}/6"><button>send</button></form>
<a href="{evil}/7" ping="{evil}/8">link</a><div hx-get="{evil}/9" hx-trigger="load">hx</div><video poster="{evil}/10"></video>
<object data="{evil}/11"></object><svg onload="alert(3)"><image href="{evil}/12"></image></svg></div>"""
UNWRITTEN = """<link rel="stylesheet" href="{evil}/a.css"><meta http-equiv="refresh" content="1;url={evil}/b">
<base href="{evil}/"><style>@import url({evil}/c.css); body {{ background: url({evil}/d) }}</style>
<img src=x onerror="alert(4)">"""
RAW = """
import zlib
from oscar_engage.models import PageSnapshot
one = PageSnapshot.objects.latest("pk")
one.html = zlib.compress({html!r}.encode())
one.styles = ["{evil}/13.css", "/static/oscar/css/styles.css"]
one.save()
"""


@pytest.mark.attack("A10", "A11")
def test_a10__hostile_copies__run_nothing_and_ask_nobody(
    new_context: NewContext, real_shop: RealShop, fake_shop: FakeShop
) -> None:
    address, evil = real_shop.address, fake_shop.url
    agent = staff.sign_in(new_context().new_page(), address, "admin@example.com")
    names = {"evil": evil, "host": evil.removeprefix("http://")}
    hostile, worse = HOSTILE.format(**names), (HOSTILE + UNWRITTEN).format(**names)
    place = {"page_path": "/catalogue/", "with_copy": "1"}
    ask(new_context(), address, question="hostile copy", page_copy=sent(hostile), **place)
    ask(new_context(), address, question="stored copy", page_copy=sent(), **place)
    # As if our own cleaning had failed: the policy of the answer alone has to hold it.
    real_shop.manage("shell", "-v0", "-c", RAW.format(html=worse, evil=evil))
    dialogs: list[str] = []
    agent.context.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))

    for words in ("hostile copy", "stored copy"):
        staff.open_conversation(agent, address, words)
        agent.get_by_text("The page as the shopper saw it").first.click()
        expect(agent.frame_locator(FRAME).get_by_text("words")).to_be_visible()
        agent.wait_for_timeout(2_500)
        agent.goto(f"{address}{agent.locator(FRAME).get_attribute('src')}")
        expect(agent.get_by_text("words")).to_be_visible()
        agent.wait_for_timeout(2_500)

    assert dialogs == []
    assert [seen.path for seen in fake_shop.seen] == []
    # What the listener hears where no policy holds it.
    fake_shop.answers["/naked/"] = lambda seen, number: Answer(200, worse)
    agent.goto(f"{evil}/naked/")
    agent.wait_for_timeout(3_000)
    assert len(fake_shop.seen) > 5
    assert dialogs != []
