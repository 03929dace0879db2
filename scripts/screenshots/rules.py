"""What does a merchandiser see while writing a rule? From the list over a ready rule to a draft with hints."""

from playwright.sync_api import Page, expect

from scripts.screenshots.camera import Camera

RULE = "Still stalled: invite to a chat"
READY = "size-toggling"


def take_rules(page: Page, root: str, camera: Camera) -> None:
    """Take the pictures of the rules' pages; a draft is made of one ready rule, and never published."""
    page.goto(f"{root}/rules/")
    camera.take(page, "rules")
    page.get_by_role("link", name=RULE).click()
    camera.take(page, "rule-editor")
    camera.take(page, "rule-conditions", focus=page.locator(".engage-branch").first)
    page.goto(f"{root}/rules/new/")
    page.get_by_role("button", name="Save draft").click()
    page.locator("[data-engage-summary]").wait_for()
    camera.take(page, "rule-errors")
    page.goto(f"{root}/rules/ready/")
    camera.take(page, "rule-ready")
    page.locator(f"[name=ready][value={READY}]").click()
    expect(page.locator(".engage-hints")).to_be_visible()
    camera.take(page, "rule-draft")
    _take_changes(page, camera)


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
