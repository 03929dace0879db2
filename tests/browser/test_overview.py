"""Are the overview and all pages of the report menu whole, with figures and without, on both sizes, in both languages?"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from oscar_engage.dashboard.templatetags.engage_report_menu import PAGES
from sandbox.drive import staff
from sandbox.drive.shop import RealShop
from tests.browser.findings import find_inline_code, find_overflow, find_violations

NewContext = Callable[..., BrowserContext]
SUPERVISOR = "supervisor@example.com"
SIZES = ({"width": 1280, "height": 800}, {"width": 390, "height": 780})

FILL = """
from datetime import timedelta
from random import Random
from django.utils import timezone
from oscar_engage.analytics.costs.models import CostPeriod
from oscar_engage.analytics.models import RollupDay
from oscar_engage.analytics.rollups.declare import ROLLUPS
from oscar_engage.analytics.rollups.document import write_cells
from oscar_engage.analytics.staffing.classes import class_of
from oscar_engage.analytics.stats.moments import Moments
from oscar_engage.rules.models import Rule
now, today, luck = timezone.now(), timezone.localdate(), Random(7)
RollupDay.objects.all().delete()
def keep(name, day, cells):
    rollup = ROLLUPS.get(name)
    RollupDay.objects.create(rollup=name, day=day, version=rollup.version, cells=write_cells(rollup, cells.items()),
        digest="", filled_at=now, frozen_at=now)
rules = list(Rule.objects.filter(published__isnull=False).order_by("pk").values_list("pk", flat=True)[:3])
shares = {"shop": (420, 0.069, 46, 0.050)}
shares |= {str(pk): (130, share, 32, 0.055) for pk, share in zip(rules, (0.080, 0.030, 0.055))}
def sums(units, share):
    spent = [luck.randrange(2000, 9000) if luck.random() < share else 0 for _ in range(units)]
    return spent, [int(one > 0) for one in spent]
for back in range(1, 91):
    day, cells = today - timedelta(days=back), {}
    for rule, (treated, high, control, low) in shares.items():
        for arm, units, share in (("treated", treated, high), ("control", control, low)):
            spent, bought = sums(units, share)
            draw = repr(round(treated / (treated + control), 6))
            values = lambda ys: Moments.of((y, 0) for y in ys).as_numbers()
            cells[rule, arm, draw, "buyers", ""] = values(bought)
            cells[rule, arm, draw, "orders", ""] = values(filter(None, bought))
            cells[rule, arm, draw, "revenue", "GBP"] = values(filter(None, spent))
    keep("lift", day, cells)
    keep("contacts", day, {("chat", ""): (9, 0, 9, 8, 7, 6, 9, 2700), ("note", ""): (6, 1, 6, 5, 4, 3, 0, 0)})
    keep("self_help", day, {("article", ""): (60, 25, 40, 18)})
    keep("satisfaction", day, {("article",): (20, 15), ("chat",): (10, 9)})
    keep("vouchers", day, {("",): (3, 0), ("GBP",): (0, 1400)})
    keep("rule_costs", day, {(str(rules[0]), "chat", ""): (3, 0), (str(rules[0]), "discount", "GBP"): (0, 700)})
    keep("service_hours", day, {("10", "", "chat"): (9, 8, 1, 7, 1, 190), ("10", "", "note"): (6, 6, 0, 5, 1, 7200)})
    keep("service_times", day, {("queue", "", "chat", "response", class_of(40)): (6,)})
    keep("staff_hours", day, {("10",): (3600, 300, 2400, 1800, 7200)})
    keep("struggles", day, {
        ("field", "postcode", "any", ""): (9, 9, 2, 0, 0), ("field", "postcode", "any", "GBP"): (0, 0, 0, 7, 31000),
        ("field", "postcode", "field_error", ""): (9, 9, 2, 0, 0),
        ("step", "payment-details", "any", ""): (4, 4, 1, 0, 0), ("step", "payment-details", "any", "GBP"): (0, 0, 0, 3, 16500),
        ("visits", "", "any", ""): (0, 800, 60, 0, 0), ("visits", "", "any", "GBP"): (0, 0, 0, 10, 47500)})
pairs = lambda number, back: Moments.of([(1, 1)] * back + [(0, 1)] * (number - back)).as_numbers()
keep("guardrails", today, {
    ("returns", "shop", "treated", "0.9"): pairs(9000, 900), ("returns", "shop", "control", "0.9"): pairs(1000, 98),
    ("returns", str(rules[-1]), "treated", "0.8"): pairs(4000, 800),
    ("returns", str(rules[-1]), "control", "0.8"): pairs(1000, 60)})
CostPeriod.objects.all().delete()
CostPeriod.objects.create(starts_on=today - timedelta(days=200), currency="GBP", agent_hour=30, note_minutes=4, chat_minutes=6)
"""
EMPTY = """
from oscar_engage.analytics.costs.models import CostPeriod
from oscar_engage.analytics.models import RollupDay
CostPeriod.objects.all().delete()
RollupDay.objects.all().delete()
"""


@pytest.fixture(params=["filled", "empty"])
def state(request: pytest.FixtureRequest, real_shop: RealShop) -> Iterator[str]:
    real_shop.manage("shell", "-v0", "-c", FILL if request.param == "filled" else EMPTY)
    yield request.param
    real_shop.manage("shell", "-v0", "-c", EMPTY)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size["width"]))
def test_report_pages__any_size_and_language__are_whole(
    size: dict[str, int], new_context: NewContext, real_shop: RealShop, state: str
) -> None:
    """``ENGAGE_PICTURES=folder`` keeps a picture of each page, to be looked at."""
    page = new_context().new_page()
    page.set_viewport_size(size)  # type: ignore[arg-type]  # a size
    staff.sign_in(page, real_shop.address, SUPERVISOR)
    found: list[str] = []
    for language in ("en", "de"):
        page.set_extra_http_headers({"Accept-Language": language})
        page.goto(f"{real_shop.address}/dashboard/engage/reports/")
        addresses = [link.get_attribute("href") for link in page.locator(".engage-report-menu a").all()]
        assert len(addresses) >= len(PAGES) - 1  # whoever is no agent has no figures of their own
        for path in addresses:
            served = page.goto(f"{real_shop.address}{path}")
            assert served
            expect(page.locator("h1").first).to_be_visible()
            name = (path or "").strip("/").split("/")[-1]
            picture = os.environ.get("ENGAGE_PICTURES")
            if picture:
                page.screenshot(path=Path(picture) / f"{name}-{state}-{size['width']}-{language}.png", full_page=True)
            found += [f"{name} {language}: {one}" for one in (*find_overflow(page), *find_violations(page))]
            found += find_inline_code(page, served.text())
    assert found == []
