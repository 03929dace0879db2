"""Does the board work by mouse, by keyboard and without a script; is whoever came too late told so; is it accessible?"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from sandbox.drive import staff
from sandbox.drive.shop import RealShop
from tests.browser.findings import Watch, find_inline_code, find_overflow, find_violations

NewContext = Callable[..., BrowserContext]
SIZES = ({"width": 1280, "height": 800}, {"width": 390, "height": 780})
SETTLES_MS = 900
SUPERVISOR = "supervisor@example.com"
BOARD = "/dashboard/engage/board/"

FILL = """
import json, uuid
from datetime import timedelta
from django.utils import timezone
from oscar_engage.desk.models import Conversation, ConversationKind, Queue
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.place import Place
from oscar_engage.visitors.models import Visitor
now = timezone.now()
Conversation.objects.filter(name__startswith="Board").delete()
queues = {slug: Queue.objects.get_or_create(slug=slug, defaults={"name": name})[0]
          for slug, name in (("board-delivery", "Delivery"), ("board-returns", "Returns"))}
told = {}
for at, (name, slug, kind, minutes) in enumerate((
    ("Board Ada", "board-delivery", "chat", 3), ("Board Ben", "board-delivery", "note", 34),
    ("Board Cleo", "board-returns", "note", 50), ("Board Dora", "board-delivery", "chat", 1),
)):
    then = now - timedelta(minutes=minutes)
    visitor = Visitor.objects.create(created_at=then, last_seen_at=then, consent=1)
    one = open_conversation(ConversationKind(kind), visitor_id=visitor.pk, body="When does my parcel arrive? It is late.",
                            name=name, now=then, place=Place(page_path="/basket/", page_title="Basket"))
    Conversation.objects.filter(pk=one.pk).update(queue=queues[slug])
    told[name] = {"pk": one.pk, "reference": one.reference, "public_id": one.public_id}
print(json.dumps({"queues": {slug: queue.pk for slug, queue in queues.items()}, "told": told}))
"""
EMPTY = """
from oscar_engage.desk.models import Conversation, Queue
from oscar_engage.desk.erase import delete_conversations
from django.utils import timezone
delete_conversations(Conversation.objects.filter(name__startswith="Board"), now=timezone.now())
Queue.objects.filter(slug__startswith="board-").delete()
"""


@pytest.fixture
def filled(real_shop: RealShop) -> Iterator[dict[str, Any]]:
    """Two queues with four that wait: their numbers and references by name."""
    yield json.loads(real_shop.manage("shell", "-v0", "-c", FILL).splitlines()[-1])
    real_shop.manage("shell", "-v0", "-c", EMPTY)


@pytest.fixture
def sit_down(new_context: NewContext, real_shop: RealShop, filled: dict[str, Any]) -> Callable[..., Page]:
    """Sign in as the supervisor; the board is open."""

    def build(**options: Any) -> Page:
        page = staff.sign_in(new_context(**options).new_page(), real_shop.address, SUPERVISOR)
        page.goto(real_shop.address + BOARD)
        return page

    return build


def column(page: Page, name: str) -> Locator:
    return page.locator(".engage-board-column", has=page.get_by_role("heading", name=re.compile(f"^{name}")))


def drag(page: Page, filled: dict[str, Any], name: str, to: str) -> None:
    """Drag a card by the mouse, on a window without scrolling: Playwright scrolls between press and move, no hand does."""
    page.set_viewport_size({"width": 2400, "height": 1600})  # five columns: the sandbox has queues of its own
    card(page, filled, name).drag_to(column(page, to))


def card(page: Page, filled: dict[str, Any], name: str) -> Locator:
    return page.locator(f"#engage-ticket-{filled['told'][name]['pk']}")


def move_quietly(shop: RealShop, filled: dict[str, Any], name: str, slug: str) -> None:
    """Have somebody else move it, so fast that no page knows of it yet."""
    pk, queue = filled["told"][name]["pk"], filled["queues"][slug]
    code = f"from oscar_engage.desk.models import Conversation; Conversation.objects.filter(pk={pk}).update(queue={queue})"
    shop.manage("shell", "-v0", "-c", code)


def stop_polling(page: Page) -> None:
    page.evaluate(
        "document.addEventListener('htmx:beforeRequest', e => { if (e.target.id === 'engage-board-poll') e.preventDefault() })"
    )


def test_drag__into_another_queue__moves_it_and_undo_brings_it_back(
    sit_down: Callable[..., Page], filled: dict[str, Any]
) -> None:
    page = sit_down()
    watch = Watch(page.context, "http://nowhere")
    reference = filled["told"]["Board Ada"]["reference"]
    expect(column(page, "Delivery")).to_contain_text(reference)
    drag(page, filled, "Board Ada", "Returns")

    expect(column(page, "Returns")).to_contain_text(reference)
    expect(page.locator("#engage-board-news")).to_contain_text(f"{reference} waits in “Returns” now.")
    page.get_by_role("button", name="Undo").click()
    expect(column(page, "Delivery")).to_contain_text(reference)
    expect(page.locator("#engage-board-news")).to_contain_text("again")
    assert watch.complaints == []


def test_drag__after_somebody_else_moved_it__is_refused_with_where_it_is(
    sit_down: Callable[..., Page], filled: dict[str, Any], real_shop: RealShop
) -> None:
    page = sit_down()
    stop_polling(page)
    move_quietly(real_shop, filled, "Board Ada", "board-returns")
    with page.expect_response(lambda response: response.request.method == "POST") as answered:
        drag(page, filled, "Board Ada", "In no queue")
    assert answered.value.status == 409
    reference = filled["told"]["Board Ada"]["reference"]
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(f"someone else moved {reference} to “Returns” first")
    expect(column(page, "Returns")).to_contain_text(reference)


def test_keyboard__moves_a_card_and_undoes_it(sit_down: Callable[..., Page], filled: dict[str, Any]) -> None:
    page = sit_down()
    pk, reference = filled["told"]["Board Ben"]["pk"], filled["told"]["Board Ben"]["reference"]
    page.locator(f"#engage-ticket-summary-{pk}").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label(f"Queue for {reference}")).to_be_focused()
    page.keyboard.type("Ret")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(column(page, "Returns")).to_contain_text(reference)
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(column(page, "Delivery")).to_contain_text(reference)


def test_without_script__move_undo_and_too_late(
    sit_down: Callable[..., Page], filled: dict[str, Any], real_shop: RealShop
) -> None:
    page = sit_down(java_script_enabled=False)
    reference = filled["told"]["Board Cleo"]["reference"]

    def move(to: str) -> None:
        one = card(page, filled, "Board Cleo")
        one.locator("summary").click()
        one.locator("select").select_option(label=to)
        one.get_by_role("button", name="Move").click()

    move("Delivery")
    expect(column(page, "Delivery")).to_contain_text(reference)
    page.get_by_role("button", name="Undo").click()
    expect(column(page, "Returns")).to_contain_text(reference)
    move_quietly(real_shop, filled, "Board Cleo", "board-delivery")
    move("In no queue")
    expect(page.get_by_role("alert")).to_contain_text(f"someone else moved {reference} to “Delivery” first")


def test_poll__shows_what_others_did_and_keeps_an_open_list(
    sit_down: Callable[..., Page], filled: dict[str, Any], real_shop: RealShop
) -> None:
    page = sit_down()
    pk = filled["told"]["Board Ben"]["pk"]
    page.locator(f"#engage-ticket-summary-{pk}").click()
    move_quietly(real_shop, filled, "Board Ada", "board-returns")
    expect(column(page, "Returns")).to_contain_text(filled["told"]["Board Ada"]["reference"])
    assert page.locator(f"#engage-ticket-move-{pk}").evaluate("one => one.open")


@pytest.mark.attack("I10")
def test_board__with_an_agent_and_a_chat__is_accessible_and_fits(
    sit_down: Callable[..., Page], filled: dict[str, Any], real_shop: RealShop, new_context: NewContext
) -> None:
    agent = staff.sign_in(new_context().new_page(), real_shop.address, "agent-one@example.com")
    staff.go_online(agent, real_shop.address)
    public_id = filled["told"]["Board Dora"]["public_id"]
    chat = f"{real_shop.address}/dashboard/engage/desk/{public_id}/"
    agent.goto(chat)
    agent.get_by_role("button", name="Take", exact=True).click()
    expect(agent.get_by_role("log")).to_contain_text("is here")

    page = sit_down()
    watch = Watch(page.context, real_shop.address)
    expect(page.locator(".engage-board-agents")).to_contain_text(filled["told"]["Board Dora"]["reference"])
    assert inspect(page) == []
    page.get_by_text("Set offline…").first.click()
    assert inspect(page) == []
    assert find_inline_code(page, page.context.request.get(real_shop.address + BOARD).text()) == []

    page.goto(chat)
    page.get_by_text("Note or whisper").click()
    page.get_by_label("For colleagues; the customer does not see it").fill("Offer a voucher")
    page.get_by_role("button", name="Whisper to").click()
    expect(page.get_by_role("log")).to_contain_text("Offer a voucher")
    expect(agent.locator("#engage-whispers")).to_contain_text("Offer a voucher")
    expect(agent.locator("#engage-watchers")).to_contain_text("Looking on: Sven")
    agent.get_by_text("Hand on…").click()
    assert inspect(agent) == []
    assert inspect(page) == []
    assert watch.complaints + watch.foreign == []
    staff.end_conversation(agent)
    agent.get_by_role("button", name="Go offline").click()


def inspect(page: Page) -> list[str]:
    """What is wrong with ours on the page as it stands, in both sizes."""
    found: list[str] = []
    for size in SIZES:
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a size
        page.wait_for_timeout(SETTLES_MS)
        found += [f"{size['width']}: {each}" for each in find_violations(page) + find_overflow(page)]
    page.set_viewport_size(SIZES[0])  # type: ignore[arg-type]  # a size
    return found
