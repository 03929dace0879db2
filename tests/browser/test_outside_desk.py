"""A chat that is answered and closed in the outside desk, through the whole shop: browser, web server, worker, HTTPS."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import BrowserContext, expect

from sandbox.drive.shop import RealShop
from sandbox.drive.staff import sign_in
from tests.browser.findings import find_overflow, find_violations
from tests.browser.test_chat_path import PANEL, begin
from tests.outside.stand_in import ACCOUNT, INBOX, SECRET, TOKEN, StandIn, make_certificate, running

NewContext = Callable[..., BrowserContext]
AGENT = "agent-one@example.com"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[StandIn, Path]]:
    made = make_certificate(tmp_path_factory.mktemp("chatwoot"), "IP:127.0.0.1")
    if made is None:
        pytest.skip("the certificate of the test's server is made with openssl, which is not installed")
    with running(*made, host="127.0.0.1") as found:
        found.agents.append({"id": 3, "name": "One", "email": AGENT, "role": "agent"})
        yield found, Path(made[1])


@pytest.fixture(scope="module")
def shop(desk: tuple[StandIn, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealShop]:
    found, certificate = desk
    setting = {
        "ADAPTER": "oscar_engage.outside.chatwoot.Chatwoot",
        "URL": found.url,
        "ACCOUNT": ACCOUNT,
        "INBOX": INBOX,
        "TOKEN": TOKEN,
        "SECRET": SECRET,
        "AGENT": AGENT,
        "PRIVATE": True,
    }
    given = {"ENGAGE_OUTSIDE_DESK": json.dumps(setting), "SSL_CERT_FILE": str(certificate), "ENGAGE_LEARNING": "0"}
    real = RealShop(tmp_path_factory.mktemp("shop"), given)
    real.start()
    with urlopen(f"{real.address}/", timeout=120):  # noqa: S310 - our own shop; its first page takes long
        pass
    found.inbox["webhook_url"] = f"http://localhost:{real.port}/engage/outside/"
    yield real
    assert real.stop() == 0


def wait_until(condition: Callable[[], object], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def test_chat__is_answered_and_closed_in_the_outside_desk(
    shop: RealShop, desk: tuple[StandIn, Path], new_context: NewContext, tmp_path: Path
) -> None:
    stand_in, told_at = desk[0], f"{shop.address}/engage/outside/"
    page = new_context().new_page()
    page.set_default_timeout(60_000)
    begin(page, shop, "Does the tent come in green?")
    wait_until(lambda: "Does the tent come in green?" in stand_in.texts(message_type="incoming"))
    number = stand_in.conversations[0]["id"]

    stand_in.reply(number, AGENT, "It does, in <b>two</b> greens.")
    assert set(stand_in.send_events(told_at)) == {204}
    expect(page.locator(".engage-messages")).to_contain_text("It does, in <b>two</b> greens.")
    box = page.locator(PANEL).get_by_label("Your message")
    box.fill("Then I take the darker one")
    box.press("Enter")
    wait_until(lambda: "Then I take the darker one" in stand_in.texts(message_type="incoming"))
    assert stand_in.texts(message_type="outgoing", private=False) == ["It does, in <b>two</b> greens."]

    look_at_the_desk(shop, stand_in, new_context, tmp_path)
    stand_in.resolve(number)
    stand_in.send_events(told_at)
    expect(page.locator(PANEL)).to_contain_text("How helpful was this?")
    assert page.locator(".engage-messages").inner_text().count("two") == 1


def look_at_the_desk(shop: RealShop, stand_in: StandIn, new_context: NewContext, folder: Path) -> None:
    """See the page of the outside desk, wide and narrow, and the link beside the conversation."""
    staff = sign_in(new_context().new_page(), shop.address, "supervisor@example.com")
    staff.goto(f"{shop.address}/dashboard/engage/outside/")
    expect(staff.locator("#engage-outside-state")).to_contain_text("answers")
    staff.get_by_role("button", name="Try the connection").press("Enter")
    expect(staff.locator("body")).to_contain_text(
        "The outside desk answers: “The shop”, with 3 agents; agents here as well: 1."
    )
    for width in (1280, 390):
        staff.set_viewport_size({"width": width, "height": 900})
        staff.screenshot(path=str(folder / f"outside-{width}.png"), full_page=True)
        assert (find_violations(staff), find_overflow(staff)) == ([], []), width
    staff.set_viewport_size({"width": 1280, "height": 900})
    staff.goto(f"{shop.address}/dashboard/engage/desk/")
    words = 'from oscar_engage.models import Conversation; print(Conversation.objects.latest("pk").public_id)'
    public_id = shop.manage("shell", "-v0", "-c", words).strip().splitlines()[-1]
    staff.goto(f"{shop.address}/dashboard/engage/desk/{public_id}/")
    link = staff.get_by_role("link", name="See it in the outside desk")
    expected = f"{stand_in.url}/app/accounts/{ACCOUNT}/conversations/{stand_in.conversations[0]['id']}"
    expect(link).to_have_attribute("href", expected)
    staff.screenshot(path=str(folder / "conversation.png"), full_page=True)
    assert find_violations(staff) == []
