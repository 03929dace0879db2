"""Do shopper and agent look at the same page? Two real browsers and the real shop: the yes, the hand, the marks, each end."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from sandbox.drive import shopper as shopping
from sandbox.drive.shop import RealShop
from tests.browser.findings import find_overflow, find_violations
from tests.browser.shared_steps import BAR, PANEL, look, replayed, share, talk

NewContext = Callable[..., BrowserContext]

pytestmark = pytest.mark.usefixtures("quiet_desk")


def test_shared_page__asked_seen_pointed_at_over_pages_and_ended(
    real_shop: RealShop, new_context: NewContext, agent: Page
) -> None:
    page = new_context().new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    talk(page, agent, real_shop)
    title = page.locator("h1").first.inner_text()
    assert not [url for url in asked if "record.js" in url or "share.js" in url]

    agent = look(agent)
    agent.get_by_role("button", name="Ask to see the page").click()
    dialog = page.get_by_role("dialog", name=re.compile("asks to see this page"))
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("Not seen: what you type")
    assert find_violations(page) == []
    assert not [url for url in asked if "record.js" in url]
    expect(agent.get_by_role("status")).to_contain_text("Asked.")
    dialog.get_by_role("button", name="Yes, show my page").click()

    expect(replayed(agent)).to_contain_text(title)
    expect(page.locator(BAR)).to_contain_text("sees this page")
    expect(page.locator(".engage-live-frame")).to_be_visible()

    layer = agent.get_by_role("application")
    layer.hover(position={"x": 200, "y": 120})
    expect(page.locator(".engage-live-hand")).to_be_visible()
    agent.get_by_role("button", name="Outline what I click").click()
    layer.click(position={"x": 300, "y": 200})
    expect(page.locator(".engage-live-outline")).to_be_visible()

    page.locator(BAR).get_by_role("button", name="Mark something").click()
    page.locator("h1").first.click()
    expect(agent.locator(".engage-shared-ring")).to_be_visible()

    page.goto(f"{real_shop.address}/catalogue/")
    expect(replayed(agent)).to_contain_text("All products")
    expect(page.locator(BAR)).to_contain_text("sees this page")

    page.locator(BAR).get_by_role("button", name="Stop sharing").click()
    expect(page.locator(BAR)).to_contain_text("Nobody sees your page any more.")
    expect(page.locator(".engage-live-frame")).to_be_hidden()
    expect(agent.get_by_role("status")).to_contain_text("The shopper has stopped.")
    expect(agent.locator("#engage-stage iframe")).to_have_count(0)
    expect(page.locator(".engage-messages")).to_contain_text(re.compile(r"Page shared \d\d:\d\d.\d\d:\d\d\."))
    assert find_overflow(page) == []
    assert find_violations(page) == []  # at the end, since it keeps both pages from speaking for seconds
    assert find_violations(agent) == []


def again(page: Page, agent: Page) -> None:
    """Share anew from the agent's page, after it ended."""
    agent.get_by_role("link", name="Ask again").click()
    agent.get_by_role("button", name="Ask to see the page").click()
    page.get_by_role("button", name="Yes, show my page").click()
    expect(page.locator(BAR)).to_contain_text("sees this page")


@pytest.mark.attack("N09")
def test_n09__no__network_cut__agent_gone__tab_closed__each_ends_on_both_sides(
    real_shop: RealShop, new_context: NewContext, agent: Page
) -> None:
    page = new_context().new_page()
    talk(page, agent, real_shop)
    desk, agent = agent, look(agent)
    status = agent.get_by_role("status")
    agent.get_by_role("button", name="Ask to see the page").click()
    page.get_by_role("button", name="No, thanks").click()
    expect(status).to_contain_text("does not want to share")
    expect(page.locator(BAR)).to_have_count(0)

    again(page, agent)
    page.context.set_offline(True)
    expect(status).to_contain_text("The shopper is gone")
    expect(page.locator(BAR)).to_contain_text("The connection is lost")
    page.context.set_offline(False)
    expect(page.locator(BAR)).to_contain_text("Nobody sees your page any more.")

    again(page, agent)
    agent.close()
    expect(page.locator(BAR)).to_contain_text("Our agent is gone.")

    agent = share(page, desk)
    page.close()
    expect(agent.get_by_role("status")).to_contain_text("The shopper is gone")
    # Another file's recording may be in this shop, which is kept.
    count = "from oscar_engage.models import LiveMessage; print(LiveMessage.objects.filter(session__keeps=False).count())"
    assert real_shop.manage("shell", "-v0", "-c", count).split() == ["0"]


@pytest.mark.attack("I06")
def test_i06__private_and_payment_pages__pause_says_so_to_both__and_nothing_goes_out(
    real_shop: RealShop, new_context: NewContext, agent: Page
) -> None:
    page = new_context().new_page()
    talk(page, agent, real_shop)
    agent = share(page, agent)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if "record.js" in request.url else None)
    page.goto(f"{real_shop.address}/accounts/login/")
    expect(page.locator(BAR)).to_contain_text("This page is private")
    expect(agent.get_by_role("status")).to_contain_text("private page")
    expect(agent.locator("#engage-stage iframe")).to_have_count(0)
    assert sent == []

    page.goto(f"{real_shop.address}/catalogue/")
    expect(replayed(agent)).to_contain_text("All products")
    shopping.begin_checkout(page, real_shop.address)
    shopping.give_address(page)
    shopping.choose_delivery(page, real_shop.address)
    expect(page.get_by_text("Where you pay, nobody sees your page.")).to_be_visible()
    assert page.locator("script[src*=oscar_engage]").count() == 0
    expect(agent.get_by_role("status")).to_contain_text("on which one pays")
    page.goto(f"{real_shop.address}/catalogue/")
    expect(replayed(agent)).to_contain_text("All products")


def test_code_on_the_telephone__opens_a_chat_and_shares_the_page(
    real_shop: RealShop, new_context: NewContext, agent: Page
) -> None:
    agent.get_by_role("link", name="Shared page by telephone").click()
    agent.get_by_role("button", name="Get a code").click()
    code = agent.locator(".engage-code strong").inner_text()
    assert find_violations(agent) == []

    shopper = new_context().new_page()
    shopper.set_viewport_size({"width": 390, "height": 844})
    shopping.open_product(shopper, real_shop.address)
    shopping.open_help(shopper)
    shopper.locator(PANEL).get_by_role("link", name="Show my page to an agent").click()
    panel = shopper.locator(PANEL)
    panel.get_by_label("Code").fill("000 000" if code != "000 000" else "111 111")
    panel.get_by_role("button", name="Yes, show my page").click()
    expect(panel).to_contain_text("This code is not right, or too old.")
    assert find_overflow(shopper) == []
    panel.get_by_label("Code").fill(code)
    panel.get_by_role("button", name="Yes, show my page").click()
    expect(shopper.locator(BAR)).to_contain_text("You share this page")
    assert find_overflow(shopper) == []
    assert find_violations(shopper) == []

    agent.goto(f"{real_shop.address}/dashboard/engage/desk/")
    badge = agent.locator(".engage-card-state").get_by_role("link", name="Shared page")
    agent.goto(real_shop.address + str(badge.get_attribute("href")))
    expect(agent.locator("#engage-stage iframe")).to_be_visible()
    expect(shopper.locator(BAR)).to_contain_text("sees this page")


_HOSTILE = """
from oscar_engage.models import LiveMessage, LiveSession
from oscar_engage.sharing.bodies import pack
session = LiveSession.objects.filter(state="live").latest("pk")
LiveMessage.objects.create(session=session, side="shopper", seq=900, body=pack({{"events": {events!r}}}), at=session.shopper_at)
LiveSession.objects.filter(pk=session.pk).update(shopper_seq=900)
"""


def hostile_page() -> list[dict[str, object]]:
    """Return a page as no strip would let it pass: what stands in the table is written past all of it."""
    evil = "//evil.example/t"
    nodes = [
        ("script", {"src": f"{evil}.js"}),
        ("img", {"src": f"{evil}.gif", "onerror": "top.pwned = 1"}),
        ("img", {"src": "/accounts/logout/", "rr_dataURL": f"https:{evil}.png"}),
        ("link", {"rel": "stylesheet", "href": f"{evil}.css"}),
        ("style", {"_cssText": f"@import '{evil}.css'; body {{ background: url({evil}.png) }}"}),
        ("iframe", {"srcdoc": "<script>top.pwned = 1</script>", "rr_src": f"https:{evil}.html"}),
        ("iframe", {"src": "javascript:top.pwned=1"}),
        ("meta", {"http-equiv": "refresh", "content": f"0;url=https:{evil}"}),
        ("object", {"data": f"{evil}.swf"}),
        ("video", {"src": f"{evil}.mp4", "autoplay": "1", "rr_mediaState": "played"}),
        ("a", {"href": f"https:{evil}", "ping": f"https:{evil}"}),
        ("p", {"style": f"background: url({evil}.png)", "onclick": "top.pwned = 1"}),
        ("form", {"action": f"https:{evil}"}),
    ]
    children = [
        {"type": 2, "tagName": tag, "attributes": attributes, "childNodes": [], "id": 100 + number}
        for number, (tag, attributes) in enumerate(nodes)
    ]
    words = {"type": 3, "textContent": "This is the hostile page", "id": 99}
    body = {"type": 2, "tagName": "body", "attributes": {"onload": "top.pwned = 1"}, "childNodes": [words, *children], "id": 98}
    html = {"type": 2, "tagName": "html", "attributes": {}, "childNodes": [body], "id": 97}
    return [
        {"type": 4, "data": {"href": f"https:{evil}", "width": 800, "height": 600}, "timestamp": 1},
        {
            "type": 2,
            "data": {"node": {"type": 0, "childNodes": [html], "id": 96}, "initialOffset": {"top": 0, "left": 0}},
            "timestamp": 2,
        },
    ]


@pytest.mark.attack("A10", "A11")
def test_a10__hostile_recording_past_all_stripping__runs_nothing_and_fetches_nothing(
    real_shop: RealShop, new_context: NewContext, agent: Page
) -> None:
    page = new_context().new_page()
    talk(page, agent, real_shop)
    agent = share(page, agent)
    asked: list[str] = []
    agent.context.route(re.compile("evil|logout"), lambda route: (asked.append(route.request.url), route.abort()))
    real_shop.manage("shell", "-v0", "-c", _HOSTILE.format(events=hostile_page()))
    expect(replayed(agent)).to_contain_text("This is the hostile page")
    assert agent.locator("#engage-stage iframe").get_attribute("sandbox") == "allow-same-origin"
    agent.wait_for_timeout(1500)
    assert asked == []
    assert agent.evaluate("window.pwned === undefined")
    assert agent.url.endswith("/shared/")


_RECORD = """async ([script, typed]) => {
    const told = [];
    for (const field of document.querySelectorAll('input, textarea')) {
        if (/^(text|search|email|tel|password|textarea)$/.test(field.type)) field.value = typed;
    }
    const secret = document.createElement('div');
    secret.innerHTML = '<p data-engage-mask>MASKEDWORDS <b>MASKEDTOO</b></p><p data-engage-block>BLOCKEDWORDS</p>'
        + '<p>4111 1111 <b>1111</b> 1111</p><p contenteditable>TYPEDHERE</p><textarea>TYPEDTHERE</textarea>'
        + '<input type="hidden" value="HIDDENVALUE"><input type="password" value="PASSWORDVALUE"><output>OUTPUTVALUE</output>';
    const { begin } = await import(script);
    document.body.append(secret);
    const recorder = begin((event) => told.push(event));
    await new Promise((done) => setTimeout(done, 60));
    const late = secret.cloneNode(true);
    document.body.append(late);
    for (const field of document.querySelectorAll('input')) {
        if (field.type === 'password') field.type = 'text';
        if (field.type !== 'file') field.setAttribute('value', typed);
        field.dispatchEvent(new Event('input', { bubbles: true }));
    }
    late.querySelector('[data-engage-mask]').title = 'MASKEDTITLE';
    late.querySelector('[data-engage-mask] b').firstChild.data = 'MASKEDLATER';
    await new Promise((done) => setTimeout(done, 200));
    recorder.again();
    recorder.stop();
    const hidden = [...document.querySelectorAll('input[type="hidden"]')]
        .map((field) => field.value).filter((text) => text.length > 5);
    return [JSON.stringify(told), hidden];
}"""
_SECRETS = (
    "MASKED",
    "BLOCKEDWORDS",
    "TYPED",
    "HIDDENVALUE",
    "PASSWORDVALUE",
    "OUTPUTVALUE",
    "Typed By Shopper",
    "csrfmiddlewaretoken",
)


@pytest.mark.attack("I01", "I02")
def test_i02__every_page_with_a_form__stream_has_no_token_hidden_field_password_card_or_masked_word(
    real_shop: RealShop, new_context: NewContext
) -> None:
    page = new_context().new_page()
    shopping.begin_checkout(page, real_shop.address)
    product = page.evaluate(
        'async () => (await (await fetch(\'/catalogue/\')).text()).match(/href="(\\/catalogue\\/[^"]+_\\d+\\/)"/)[1]'
    )
    paths = ["/", "/catalogue/", product, f"{product}reviews/add/", "/search/?q=tent", "/basket/", "/accounts/login/"]
    paths += ["/password-reset/", "/checkout/shipping-address/", "/engage/note/new/", "/engage/chat/new/", "/engage/live/code/"]
    recorded = 0
    for path in paths:
        page.goto(f"{real_shop.address}{path}")
        if page.locator("form").count() == 0:
            continue
        stream, hidden = page.evaluate(_RECORD, ["/static/oscar_engage/dist/record.js", "Typed By Shopper"])
        events = json.loads(stream)
        assert {event["type"] for event in events} >= {2, 3}, path
        found = [secret for secret in (*_SECRETS, *hidden) if secret in stream]
        assert not found, (path, found)
        words = re.findall(r'"((?:[^"\\]|\\.)*)"', stream)  # as a number it is one of a node or a time
        assert not [one for one in words if "1111" in one], path
        recorded += 1
    assert recorded >= 9
