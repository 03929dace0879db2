"""What does a merchandiser see while writing a rule? From the list over a ready rule to a draft with hints."""

from playwright.sync_api import Page, expect

from scripts.screenshots.camera import Camera

RULE = "Still stalled: invite to a chat"
READY = "size-toggling"
BEGINS = "branches[0].when.rules"


def take_rules(page: Page, root: str, camera: Camera) -> None:
    """Take the pictures of the rules' pages; a draft is made of one ready rule, and never published."""
    page.goto(f"{root}/rules/")
    camera.take(page, "rules")
    page.get_by_role("link", name=RULE).click()
    camera.take(page, "rule-editor")
    camera.take(page, "rule-conditions", focus=page.locator(".engage-branch").first)
    page.get_by_role("link", name="Dry run").click()
    page.locator("#engage-runs ~ ul a").click()
    camera.take(page, "dry-run", focus=page.locator(".engage-steps"))
    page.goto(f"{root}/rules/new/")
    page.get_by_role("button", name="Save draft").click()
    page.locator("[data-engage-summary]").wait_for()
    camera.take(page, "rule-errors")
    page.goto(f"{root}/rules/ready/")
    camera.take(page, "rule-ready")
    page.locator(f"[name=ready][value={READY}]").click()
    expect(page.locator(".engage-hints")).to_be_visible()
    expect(page.locator("#engage-matches strong")).to_be_visible()
    camera.take(page, "rule-draft")
    _take_history(page, camera)
    _take_changes(page, camera)
    _take_parameters(page, root, camera)
    _take_segment(page, root, camera)


def _take_history(page: Page, camera: Camera) -> None:
    """A second version, beside the first; ends at the rule again."""
    page.locator(f"[name='{BEGINS}[1].value']").fill("2")
    page.get_by_role("button", name="Save draft").click()
    page.get_by_role("link", name="History").click()
    camera.take(page, "rule-history")
    page.locator(".breadcrumb a").last.click()
    expect(page.locator(".engage-hints")).to_be_visible()


def _take_changes(page: Page, camera: Camera) -> None:
    """A variable searched for, a product chosen by name, a removal that can be taken back."""
    page.get_by_role("button", name="Add condition (Conditions of branch 1").click()
    search = page.get_by_role("searchbox", name="Search the variables").last
    expect(search).to_be_focused()
    search.type("product in view")
    search.press("Enter")
    line = page.locator(".engage-condition").last
    expect(line.get_by_label("Comparison").locator("option", has_text="is one of")).to_be_attached()
    line.get_by_label("Comparison").select_option(label="is one of")
    line.get_by_role("searchbox").fill("tent")
    line.get_by_role("checkbox").first.check()
    expect(page.locator("#engage-sentence")).to_contain_text("product in view")
    camera.take(page, "rule-by-name", focus=line)
    page.get_by_role("button", name="Remove condition 2").click()
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    camera.take(page, "rule-undo", focus=page.locator(".engage-undo"))


def _take_parameters(page: Page, root: str, camera: Camera) -> None:
    """How often something happened, with a category chosen by name; nothing is saved."""
    page.goto(f"{root}/rules/new/")
    line = f"{BEGINS}[0]"
    page.locator(f"[name='{line}.field']").select_option("history.count")
    page.locator(f"[name='{line}.with.kind']").select_option("product.viewed")
    page.get_by_role("searchbox", name="Category: search by name").fill("tent")
    choice = page.locator(f"[name='{line}.with.category']")
    expect(choice.locator("option").nth(1)).to_be_attached()
    choice.select_option(label="Tents")
    page.locator(f"[name='{line}.with.days']").fill("7")
    page.locator(f"[name='{line}.operator']").select_option(">=")
    page.locator(f"[name='{line}.value']").fill("3")
    page.locator("[name='branches[0].then[0].do']").select_option("show.balloon")
    engagement = page.locator("[name='branches[0].then[0].with.engagement']")
    expect(engagement).to_be_visible()
    engagement.select_option(index=1)
    expect(page.locator("#engage-sentence")).to_contain_text("in the last 7 days is at least 3")
    camera.take(page, "rule-parameters", focus=page.locator(".engage-condition").first)


def _take_segment(page: Page, root: str, camera: Camera) -> None:
    """Conditions with a name."""
    page.goto(f"{root}/segments/new/")
    page.locator("[name=name]").fill("Keen on tents")
    page.locator("[name='scope.rules[0].field']").select_option("visit.product_views")
    page.locator("[name='scope.rules[0].operator']").select_option(">=")
    page.locator("[name='scope.rules[0].value']").fill("2")
    page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_text("is saved")).to_be_visible()
    camera.take(page, "segment")
