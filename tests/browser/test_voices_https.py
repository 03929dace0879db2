"""Do two browsers talk in a shop that was put behind nginx by HTTPS, with a relay, by the lines of docs/voices.md?"""

import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, expect

from sandbox.drive import shopper as shopping
from sandbox.drive.relay import NoRelayError, own_address
from sandbox.drive.staff import answer, go_online, sign_in
from tests.browser.secure_shop import Secure, has_nginx, secure_shop
from tests.browser.shared_steps import PANEL
from tests.browser.test_voices import BAR, PATHS, SOON, WATCH, ask, beside, expect_heard
from tests.browser.voices_shop import FAKE_MEDIA, has_redis


def free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module", params=[True, False], ids=["relay_by_tls", "relay_by_udp"])
def secure(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secure]:
    """The shop, nginx and the relay."""
    if not has_nginx():
        pytest.skip("NO NGINX: install nginx and openssl; the how-to for HTTPS and TURN was not followed")
    if not has_redis():
        pytest.skip("NO REDIS: the how-to for HTTPS and TURN was not followed; start one or name it in ENGAGE_TEST_REDIS")
    folder: Path = tmp_path_factory.mktemp("secure")
    ports = {"nginx": free_port("127.0.0.1"), "turn": free_port(own_address()), "turns": free_port(own_address())}
    with ExitStack() as stack:
        try:
            yield stack.enter_context(secure_shop(folder, ports, is_relay_tls=request.param))
        except NoRelayError:
            pytest.skip("NO RELAY: install coturn (scripts/ensure-coturn); the how-to for HTTPS and TURN was not followed")


@pytest.fixture(scope="module")
def secure_browser(secure: Secure, browser_type: BrowserType, browser_type_launch_args: dict[str, Any]) -> Iterator[Browser]:
    """Chromium that finds the shop's names, trusts its certificate, and has made-up cameras."""
    flags = [*browser_type_launch_args["args"], *FAKE_MEDIA, *secure.browser_flags]
    one = browser_type.launch(**{**browser_type_launch_args, "args": flags})
    yield one
    one.close()


def open_page(browser: Browser) -> Page:
    context: BrowserContext = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(SOON)
    context.add_init_script(f"({WATCH})()")
    return context.new_page()


def test_how_to__https_and_relay__two_talk_through_it(secure: Secure, secure_browser: Browser) -> None:
    page, desk = open_page(secure_browser), open_page(secure_browser)
    sign_in(desk, secure.address, "agent-one@example.com")
    go_online(desk, secure.address)
    shopping.open_product(page, secure.address)
    assert page.evaluate("isSecureContext")
    assert {cookie["name"] for cookie in desk.context.cookies() if cookie.get("secure")} >= {"sessionid", "csrftoken"}
    shopping.open_help(page)
    page.evaluate("document.querySelector('#engage-root .engage-panel a[href*=\"note/new\"]').href = '/engage/chat/new/'")
    page.locator(f'{PANEL} a[href="/engage/chat/new/"]').first.click()
    shopping.begin_chat(page, "Do you hear me by HTTPS?")
    answer(desk, secure.address, question="Do you hear me by HTTPS?", reply="Let me see.")

    tab = beside(desk, "^Talk with")
    ask(tab)
    dialog = page.get_by_role("dialog", name=re.compile("asks to talk with you"))
    expect(dialog).to_be_visible()
    assert "network address" not in dialog.inner_text()  # through the relay alone neither browser learns the other's
    dialog.get_by_role("button", name="Yes, talk").click()
    for one in (page, tab):
        expect(one.locator(BAR)).to_contain_text("You talk with")
    expect_heard(page, tab)
    assert page.evaluate(PATHS) == ["relay", "relay"]
    assert "ALLOCATE processed, success" in secure.relay_log.read_text()
    page.goto(f"{secure.address}/catalogue/")
    expect(page.locator(BAR)).to_contain_text("You talk with")
    page.locator(BAR).get_by_role("button", name="Hang up").click()
    expect(tab.locator(BAR)).to_contain_text("The shopper has hung up.")
