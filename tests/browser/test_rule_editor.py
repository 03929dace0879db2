"""Can a rule be written by keyboard alone, and without JavaScript; is the editor accessible, and light?"""

import gzip
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Response, Route, expect

from sandbox.drive import staff
from sandbox.drive.shop import RealShop
from tests.browser.findings import Watch, find_inline_code, find_overflow, find_violations

NewContext = Callable[..., BrowserContext]
SIZES = ({"width": 1280, "height": 800}, {"width": 390, "height": 780})
SETTLES_MS = 500
SLOW_MS = 800
"""How long a slow shop takes to answer."""
MOST_TABS = 120
MERCHANDISER = "merchandiser@example.com"
MOST_SCRIPT = 17 * 1024
"""Bytes after gzip that the editor may add to what Oscar's dashboard loads on its own pages."""
NAME_OF_FOCUS = """() => {
  const element = document.activeElement;
  const label = element.labels?.[0]?.textContent ?? element.getAttribute("aria-label") ?? element.textContent;
  return label.replace(/\\s+/g, " ").trim();
}"""


@pytest.fixture
def sit_down(new_context: NewContext, real_shop: RealShop) -> Callable[..., Page]:
    """Sign in as the merchandiser; the editor of a new rule is open."""

    def build(**options: Any) -> Page:
        page = staff.sign_in(new_context(**options).new_page(), real_shop.address, MERCHANDISER)
        page.goto(f"{real_shop.address}/dashboard/engage/rules/new/")
        return page

    return build


def stored(shop: RealShop, name: str) -> Any:
    """What the latest version of the rule says."""
    code = (
        "import json; from oscar_engage.rules.models import RuleVersion;"
        f"print(json.dumps(RuleVersion.objects.filter(rule__name={name!r}).latest('number').document))"
    )
    return json.loads(shop.manage("shell", "-v0", "-c", code))


def three_levels(engagement: str) -> dict[str, Any]:
    """On a product page and (three products viewed, or (about to leave and five minutes there))."""
    innermost = [
        {"field": "visit.exit_intents", "operator": ">=", "value": 1},
        {"field": "visit.seconds", "operator": ">", "value": 300},
    ]
    inner = [
        {"field": "visit.product_views", "operator": ">=", "value": 3},
        {"combinator": "and", "rules": innermost},
    ]
    rules = [{"field": "page.kind", "operator": "=", "value": "product"}, {"combinator": "or", "rules": inner}]
    then = [{"do": "show.balloon", "with": {"engagement": engagement}}]
    return {
        "schema": 1,
        "branches": [{"when": {"combinator": "and", "rules": rules}, "then": then}],
        "else": [],
        "unknown": "skip",
    }


class Keyboard:
    """Somebody who has no mouse: Tab, letters, Enter."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0

    def reach(self, name: str, *, back: bool = False) -> None:
        """Press Tab until what is focused is called ``name``."""
        passed = []
        for _press in range(MOST_TABS):
            self._press("Shift+Tab" if back else "Tab")
            passed.append(self.page.evaluate(NAME_OF_FOCUS))
            if passed[-1].startswith(name):
                return
        raise AssertionError(f"Tab never reached {name!r}, but {passed}")

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def enter(self, *, changes: str = "#engage-document") -> None:
        """Press Enter and wait until the answer has come."""
        with self.page.expect_response(lambda response: response.request.method == "POST"):
            self._press("Enter")
        self.page.wait_for_timeout(SETTLES_MS)
        expect(self.page.locator(changes)).to_be_visible()

    def choose(self, text: str) -> None:
        """Choose in a list by typing its first letters, and wait for what depends on it."""
        with self.page.expect_response(lambda response: response.request.method == "POST"):
            self.type(text)
        self.page.wait_for_timeout(SETTLES_MS)

    def condition(self, variable: str, operator: str, value: Callable[[], None]) -> None:
        """Fill in the condition whose search of variables has the focus."""
        assert self.page.evaluate(NAME_OF_FOCUS).startswith("Search the variables")
        self.type(variable)
        self.enter()
        self.reach("Comparison")
        self.choose(operator)
        self._press("Tab")
        value()

    def _press(self, key: str) -> None:
        self.presses += 1
        self.page.keyboard.press(key)


def test_rule_of_three_levels__by_keyboard_alone__is_saved_as_meant(sit_down: Callable[..., Page], real_shop: RealShop) -> None:
    page = sit_down()
    keys = Keyboard(page)
    keys.reach("Name")
    keys.type("By keyboard")
    keys.reach("Search the variables")
    keys.condition("kind of page", "is", lambda: keys.type("product"))
    keys.reach("Add group (Conditions of branch 1")
    keys.enter()
    keys.condition("products viewed", "is at least", lambda: keys.type("3"))
    keys.reach("How many must be true", back=True)
    keys.type("any")
    keys.reach("Add group (Group 2")
    keys.enter()
    keys.condition("about to leave", "is at least", lambda: keys.type("1"))
    keys.reach("Add condition (Group 2")
    keys.enter()
    keys.condition("length of the visit", "is more", lambda: (keys.type("5"), keys.reach("Unit"), keys.type("min")))
    keys.reach("What to do")
    keys.choose("Show a")
    keys.reach("Engagement")
    keys.type("Between two sizes")
    expect(page.locator("#engage-sentence")).to_contain_text("length of the visit is more than 5 minutes")
    keys.reach("Save draft")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("By keyboard")

    assert stored(real_shop, "By keyboard") == three_levels("size-doubts")


def test_removal_and_undo__by_keyboard__stay_where_the_work_is(sit_down: Callable[..., Page]) -> None:
    page = sit_down()
    keys = Keyboard(page)
    keys.reach("Search the variables")
    keys.condition("kind of page", "is", lambda: keys.type("product"))
    keys.reach("Add condition (Conditions of branch 1")
    keys.enter()
    keys.condition("searches", "is at least", lambda: keys.type("2"))
    keys.reach("Move condition 2 up")
    keys.enter()
    assert page.evaluate(NAME_OF_FOCUS) == "Move condition 1 down"
    keys.reach("Remove condition 1")
    keys.enter()
    assert page.evaluate(NAME_OF_FOCUS) == "Undo"
    expect(page.locator(".engage-condition")).to_have_count(1)
    keys.enter()
    assert page.evaluate(NAME_OF_FOCUS) == "Remove condition 1"
    expect(page.locator(".engage-condition")).to_have_count(2)
    expect(page.locator(".engage-condition").first.locator("input[type=text]")).to_have_value("2")


def test_rule_of_three_levels__without_javascript__is_saved_as_meant(
    sit_down: Callable[..., Page], real_shop: RealShop
) -> None:
    page = sit_down(java_script_enabled=False)
    page.get_by_label("Name").fill("Without JavaScript")
    _plain_condition(page, "branches[0].when.rules[0]", "page.kind", "=")
    page.locator("[name='branches[0].when.rules[0].value']").select_option("product")
    page.locator("[value='add-group:branches[0].when']").click()
    _plain_condition(page, "branches[0].when.rules[1].rules[0]", "visit.product_views", ">=")
    page.locator("[name='branches[0].when.rules[1].rules[0].value']").fill("3")
    page.locator("[name='branches[0].when.rules[1].combinator']").select_option(label="any of these")
    page.locator("[value='add-group:branches[0].when.rules[1]']").click()
    _plain_condition(page, "branches[0].when.rules[1].rules[1].rules[0]", "visit.exit_intents", ">=")
    page.locator("[name='branches[0].when.rules[1].rules[1].rules[0].value']").fill("1")
    page.locator("[value='add-condition:branches[0].when.rules[1].rules[1]']").click()
    _plain_condition(page, "branches[0].when.rules[1].rules[1].rules[1]", "visit.seconds", ">")
    page.locator("[name='branches[0].when.rules[1].rules[1].rules[1].value.amount']").fill("5")
    page.locator("[name='branches[0].when.rules[1].rules[1].rules[1].value.unit']").select_option(label="minutes")
    page.locator("[name='branches[0].then[0].do']").select_option(label="Show a balloon")
    page.get_by_role("button", name="Show the engagements for this").first.click()
    page.locator("[name='branches[0].then[0].with.engagement']").select_option("size-doubts")
    page.get_by_role("button", name="Read it back").click()
    expect(page.locator("#engage-sentence")).to_contain_text("length of the visit is more than 5 minutes")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Without JavaScript")

    assert stored(real_shop, "Without JavaScript") == three_levels("size-doubts")


def _plain_condition(page: Page, path: str, variable: str, operator: str) -> None:
    """Choose a variable and how to compare; without script a button shows what there is to choose."""
    page.locator(f"[name='{path}.field']").select_option(variable)
    page.locator(f"[value='change:{path}.operator']").click()
    expect(page.locator(f"[name='{path}.operator']")).to_be_focused()
    page.locator(f"[name='{path}.operator']").select_option(operator)
    page.locator(f"[value='change:{path}.operator']").click()


@pytest.mark.parametrize("has_script", [True, False])
def test_product__searched_by_name__is_chosen(sit_down: Callable[..., Page], has_script: bool) -> None:
    page = sit_down(java_script_enabled=has_script)
    line = "branches[0].when.rules[0]"
    page.locator(f"[name='{line}.field']").select_option("page.product")
    if not has_script:
        page.locator(f"[value='change:{line}.operator']").click()
    page.locator(f"[name='{line}.operator']").select_option("=")
    if not has_script:
        page.locator(f"[value='change:{line}.operator']").click()
    search = page.locator(f"[name='{line}.find']")
    search.fill("tent")
    if not has_script:
        page.get_by_role("button", name="Find").click()
    choice = page.locator(f"select[name='{line}.value']")
    expect(choice.locator("option").nth(1)).to_contain_text("ent")
    choice.select_option(index=1)
    expect(choice).not_to_have_value("")


def test_pages__of_rules__are_accessible_fit_and_have_no_inline_code(
    sit_down: Callable[..., Page], real_shop: RealShop
) -> None:
    page = sit_down()
    watch = Watch(page.context, real_shop.address)
    root = f"{real_shop.address}/dashboard/engage/rules"

    def inspect() -> list[str]:
        found = []
        for size in SIZES:
            page.set_viewport_size(size)
            page.wait_for_timeout(SETTLES_MS)
            found += [f"{size['width']}: {each}" for each in find_violations(page) + find_overflow(page)]
        page.set_viewport_size(SIZES[0])
        return found + watch.complaints + watch.foreign + find_inline_code(page, page.context.request.get(page.url).text())

    for path in ("/", "/ready/", "/new/"):
        page.goto(root + path)
        assert inspect() == []

    page.goto(f"{root}/ready/")
    page.locator("[name=ready][value=valuable-basket-idle]").click()
    expect(page.locator(".engage-hints")).to_contain_text("is not active yet")
    page.get_by_role("button", name="Add group (Conditions of branch 1").click()
    page.get_by_role("button", name="Add group (Group 4").click()
    page.get_by_role("button", name="Add a branch").click()
    page.get_by_role("button", name="Remove condition 1").last.click()
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.locator("[name='scope.combinator']").wait_for(state="detached")
    assert inspect() == []


def test_presses__faster_than_the_shop_answers__are_none_of_them_lost(sit_down: Callable[..., Page]) -> None:
    page = sit_down()

    def late(route: Route) -> None:
        page.wait_for_timeout(SLOW_MS)
        route.continue_()

    page.route("**/rules/new/", late)
    add = page.get_by_role("button", name="Add condition (Conditions of branch 1")
    for _press in range(2):
        add.click()
    page.get_by_role("button", name="Add a branch").click()
    expect(page.locator("[name='branches[1].when.combinator']")).to_be_visible()
    expect(page.locator("[name^='branches[0].when.rules['][name$='].field']")).to_have_count(3)


def test_press__the_shop_does_not_answer__keeps_the_focus_and_can_be_repeated(sit_down: Callable[..., Page]) -> None:
    page = sit_down()
    page.route("**/rules/new/", lambda route: route.abort(), times=1)
    add = page.get_by_role("button", name="Add condition (Conditions of branch 1")
    add.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text(
        "The shop gave no answer to that. Nothing you entered is lost: try it again."
    )
    expect(add).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[name^='branches[0].when.rules['][name$='].field']")).to_have_count(2)
    expect(page.locator("[data-engage-unanswered]")).to_be_hidden()


def test_condition_with_parameters__category_by_name__is_accessible_and_read_back(
    sit_down: Callable[..., Page],
) -> None:
    page = sit_down()
    line = "branches[0].when.rules[0]"
    page.locator(f"[name='{line}.field']").select_option("history.count")
    page.locator(f"[name='{line}.with.kind']").select_option("product.viewed")
    page.get_by_role("searchbox", name="Category: search by name").fill("tent")
    choice = page.locator(f"[name='{line}.with.category']")
    expect(choice.locator("option").nth(1)).to_contain_text("Tents")
    choice.select_option(label="Tents")
    page.locator(f"[name='{line}.with.days']").fill("7")
    page.locator(f"[name='{line}.operator']").select_option(">=")
    page.locator(f"[name='{line}.value']").fill("3")
    page.locator("[name='branches[0].then[0].do']").select_option("nothing")
    expect(page.locator("#engage-sentence")).to_contain_text(
        "number of products viewed of category “Tents” in the last 7 days is at least 3"
    )
    for size in SIZES:
        page.set_viewport_size(size)
        page.wait_for_timeout(SETTLES_MS)
        assert find_violations(page) + find_overflow(page) == []


def test_editor__its_scripts__weigh_little_beside_oscars_own(sit_down: Callable[..., Page], real_shop: RealShop) -> None:
    page = sit_down()
    weights: dict[str, int] = {}

    def weigh(response: Response) -> None:
        if response.request.resource_type == "script":
            weights[urlsplit(response.url).path] = len(gzip.compress(response.body(), 9))

    page.on("response", weigh)
    page.goto(f"{real_shop.address}/dashboard/catalogue/")
    page.wait_for_load_state("networkidle")
    oscars = dict(weights)
    page.goto(f"{real_shop.address}/dashboard/engage/rules/new/")
    page.wait_for_load_state("networkidle")
    ours = {path: weight for path, weight in weights.items() if path not in oscars}

    assert any("htmx" in path for path in ours)
    assert any("rules" in path for path in ours)
    assert sum(ours.values()) <= MOST_SCRIPT, ours
