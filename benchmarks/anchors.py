"""Are picked places found again? Thirteen of a product's page after each of three changes, in Chromium, on the sandbox shop."""

import subprocess
from collections import Counter

from playwright.sync_api import BrowserContext, sync_playwright

from benchmarks import shop
from benchmarks.bars import Line, report
from benchmarks.size import FLAGS, only_the_shop
from sandbox.demo.people import CUSTOMERS
from sandbox.drive.picking import CHANGES, MISSING, PLACES, RIGHT, WRONG, Found, try_places

FEWEST_RIGHT = 35


def measure() -> bool:
    """Print what became of each place, and return whether the bars hold."""
    shop.prepare()
    chromium = subprocess.run([shop.ROOT / "scripts" / "ensure-chromium"], check=True, stdout=subprocess.PIPE, text=True)
    anna = CUSTOMERS[0]
    with (
        shop.serving(shop.WITH) as address,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium.stdout.strip(), args=FLAGS) as browser,
    ):

        def new_context() -> BrowserContext:
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            context.route("**/*", only_the_shop)
            return context

        found = try_places(address, new_context, (anna.email, anna.password))
    print_table(found)
    counted = Counter(one.verdict for one in found if one.change in CHANGES)
    lines = [
        Line(what=f"right, of {len(PLACES) * len(CHANGES)}", measured=counted[RIGHT], floor=FEWEST_RIGHT),
        Line(what="missing", measured=counted[MISSING]),
        Line(what="wrong", measured=counted[WRONG], bar=0),
        Line(what="wrong after anything that was tried", measured=sum(one.verdict == WRONG for one in found), bar=0),
    ]
    return report("anchors: places picked on a product's page, found again", lines)


def print_table(found: list[Found]) -> None:
    """Print a row for each place, a column for each change."""
    changes = list(dict.fromkeys(one.change for one in found))
    width = max(map(len, PLACES))
    print("\n" + " " * width + "".join(f"  {change}" for change in changes))
    verdicts = {(one.place, one.change): one.verdict for one in found}
    for place in PLACES:
        print(f"{place:<{width}}" + "".join(f"  {verdicts[place, change]:<{len(change)}}" for change in changes))
