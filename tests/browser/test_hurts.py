"""Are the reports on struggles and side effects, and visitors now, whole on both sizes and in both languages?"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from sandbox.drive import staff
from sandbox.drive.shop import RealShop
from tests.browser.findings import find_inline_code, find_overflow, find_violations

NewContext = Callable[..., BrowserContext]
SUPERVISOR = "supervisor@example.com"
PAGES = {"struggles": "reports/struggles/", "side-effects": "reports/side-effects/", "visits": "visits/"}
SIZES = ({"width": 1280, "height": 800}, {"width": 390, "height": 780})

FILL = """
from datetime import timedelta
from django.utils import timezone
from oscar_engage.analytics.guardrails.count import COMPLAINTS, ORDERS, SPEED
from oscar_engage.analytics.models import RollupDay
from oscar_engage.analytics.rollups.document import write_cells
from oscar_engage.analytics.stats.moments import Moments
from oscar_engage.analytics.struggles.count import STRUGGLES
from oscar_engage.analytics.struggles.visit import Ended, Tally, read_story
from oscar_engage.rules.models import Rule
from oscar_engage.visitors.models import Visit, Visitor
from oscar_engage.visitors.state import BasketState, PageSeen, Struggles, VisitState, to_json, to_ms
now = timezone.now()
pay = [("payment.tried", {})]
stories = [
    pay, [*pay, ("payment.failed", {})],
    [("page.anchors", {"seen": ["size-table"]}), ("page.rage_clicked", {"place": "size-table|product:1"})],
    [("page.anchors", {"seen": ["size-table"]})],
    [("form.invalid", {"form": "shipping", "fields": ["postcode"]})], [("field.left", {"name": "postcode"})],
    [("search.made", {"query": "x", "results": 0})],
    [("checkout.step", {"step": "shipping-address"}), ("checkout.back", {"step": "shipping-address"})],
]
def keep(rollup, day, cells):
    RollupDay.objects.update_or_create(rollup=rollup.name, day=day, defaults={
        "version": rollup.version, "cells": write_cells(rollup, cells), "digest": "", "filled_at": now, "frozen_at": now})
RollupDay.objects.filter(rollup__in=["struggles", "guardrails", "guardrail_complaints", "guardrail_speed"]).delete()
for days in range(60):
    tally, day = Tally(), timezone.localdate() - timedelta(days=days)
    for number, story in enumerate(stories):
        for one in range(12 - number):
            struck = any(told for told in read_story(story).struggles)
            ordered = one % (5 if struck else 2) == 0
            total = 3900 + 170 * ((one * 7 + days) % 23)
            tally.add(read_story(story), Ended(ordered=ordered, hundredths=total, currency="GBP"))
    keep(STRUGGLES, day, tally.cells())
def arms(measure, rule, treated, control):
    return [((measure, rule, arm, "0.9"), Moments.of(pairs).as_numbers())
            for arm, pairs in (("treated", treated), ("control", control))]
def orders(number, back):
    return [(1, 1)] * back + [(0, 1)] * (number - back)
rule = str(Rule.objects.order_by("pk").first().pk)
today = timezone.localdate()
keep(ORDERS, today, [*arms("returns", "shop", orders(9000, 1500), orders(1000, 90)),
                     *arms("cancellations", "shop", orders(9000, 300), orders(1000, 34)),
                     *arms("returns", rule, orders(90, 3), orders(20, 1))])
keep(COMPLAINTS, today, arms("complaints", "shop", [(int(n % 50 == 0), 0) for n in range(9000)],
                             [(int(n % 55 == 0), 0) for n in range(1000)]))
keep(SPEED, today, arms("speed", "shop", [(1210 + n % 90, 1) for n in range(900)], [(1205 + n % 90, 1) for n in range(300)]))
for number in range(53):
    visitor = Visitor.objects.create(consent=3, created_at=now, last_seen_at=now, key=f"hurts{number}")
    stage = ("browsing", "basket", "checkout", "payment")[number % 4]
    state = VisitState(started_at=now, last_at=now, signals=number, reached={stage: to_ms(now)},
        pages_seen=(PageSeen(to_ms(now), "basket"),), struggles=Struggles(rage_clicks=number % 3),
        basket=BasketState(total=number * 7.5, currency="GBP", lines=int(number > 5)))
    Visit.objects.create(visitor=visitor, started_at=now, last_at=now + timedelta(hours=1), stage=stage, state=to_json(state))
"""
EMPTY = """
from oscar_engage.analytics.models import RollupDay
from oscar_engage.visitors.models import Visitor
Visitor.objects.filter(key__startswith="hurts").delete()
RollupDay.objects.filter(rollup__in=["struggles", "guardrails", "guardrail_complaints", "guardrail_speed"]).delete()
"""


@pytest.fixture
def filled(real_shop: RealShop) -> Iterator[None]:
    real_shop.manage("shell", "-v0", "-c", FILL)
    yield
    real_shop.manage("shell", "-v0", "-c", EMPTY)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size["width"]))
def test_pages__any_size_and_language__are_whole(
    size: dict[str, int], new_context: NewContext, real_shop: RealShop, filled: None
) -> None:
    """``ENGAGE_PICTURES=folder`` keeps a picture of each page, to be looked at."""
    page = new_context().new_page()
    page.set_viewport_size(size)  # type: ignore[arg-type]  # a size
    staff.sign_in(page, real_shop.address, SUPERVISOR)
    found: list[str] = []
    for language in ("en", "de"):
        page.set_extra_http_headers({"Accept-Language": language})
        for name, path in PAGES.items():
            served = page.goto(f"{real_shop.address}/dashboard/engage/{path}")
            assert served
            expect(page.locator("h1").first).to_be_visible()
            picture = os.environ.get("ENGAGE_PICTURES")
            if picture:
                page.screenshot(path=Path(picture) / f"{name}-{size['width']}-{language}.png", full_page=True)
            found += [f"{name} {language}: {one}" for one in (*find_overflow(page), *find_violations(page))]
            found += find_inline_code(page, served.text())
    assert found == []


def test_visits__refreshed__keep_the_focus_the_filter_and_the_page(
    new_context: NewContext, real_shop: RealShop, filled: None
) -> None:
    page = staff.sign_in(new_context().new_page(), real_shop.address, SUPERVISOR)
    page.goto(f"{real_shop.address}/dashboard/engage/visits/?stage=payment")
    link: Any = page.locator("#engage-visits .engage-visit-line a").nth(2)
    name = link.get_attribute("id")
    link.focus()
    page.evaluate("document.getElementById('engage-visits').dataset.old = '1'")
    with page.expect_response(lambda response: "visits/" in response.url and "stage=payment" in response.url):
        page.wait_for_selector("#engage-visits:not([data-old])")
    assert page.evaluate("document.activeElement.id") == name
    assert page.locator("#engage-visits-stage").input_value() == "payment"
