"""Serves beats and product pages in this process, in turns, and prints what they cost, as JSON."""

import gc
import json
import statistics
import sys
import time
from collections import defaultdict
from typing import Any

import django

from benchmarks.core_speed import Sample, take_sample
from benchmarks.visit import signal_id

RULES = 20  # that hold now and then; more are added that hardly ever do
VISITORS = 40
ROUNDS = 3
PAGES_EACH = 5  # product pages after each step of the visitors
JSON = "text/plain;charset=UTF-8"

IDLE = ("page.idle", {"seconds": 10})
VIEW = [("page.viewed", {}), ("page.hidden", {"seconds": 3}), ("page.exit_intent", {}), IDLE]
KINDS: dict[str, tuple[int, list[Any]]] = {
    "page view and three signals": (0, VIEW),
    "one signal": (15, [IDLE]),
    "wake-up without signals": (10, []),
    "wake-up, a rule comes true": (25, []),
}
"""Kind of beat: the seconds since the shopper's last move, and the signals."""

_PAGE = ["page view and three signals", "one signal", "wake-up without signals", "one signal"]
MIX = [*_PAGE * 4, *_PAGE[:2], "wake-up, a rule comes true", "one signal"]
"""What a browser sends on five pages, four beats on each; on one of the five a rule comes true."""


def main() -> None:
    """Make the shop's tables, a product, the live rules (their number is the argument) and forty visitors; measure."""
    rules = int(sys.argv[1])
    django.setup()
    from django.db import connection

    from oscar_engage.rules.background import end_every
    from tests.storefront.journeys import stock_shop

    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        make_rules()
        make_more_rules(rules - RULES)
        await_rules()
        print(json.dumps(measure(stock_shop().get_absolute_url())))
    finally:
        end_every()
        connection.creation.destroy_test_db(str(name), verbosity=0)


def make_rules() -> None:
    """Publish rules of three to four conditions each, on what beats change; the first comes true after 20 idle seconds."""
    from django.utils import timezone

    from oscar_engage.rules.life.publish import publish, save_draft
    from oscar_engage.rules.models import Rule
    from oscar_engage.widgets.models import Engagement

    Engagement.objects.create(slug="delivery", widget="balloon", title="Delivery", body="Two days.")
    engagements = {"delivery": "balloon"}
    for number in range(RULES):
        rule = Rule.objects.create(name=f"Rule {number}", priority=number)
        when = {
            "combinator": "and",
            "rules": [
                condition("visit.pages", ">", 4 + number),
                condition("page.idle_seconds", ">", 20 + number * 5),
                {
                    "combinator": "or",
                    "rules": [
                        condition("basket.total", ">", {"amount": str(50 + number * 10), "currency": "GBP"}),
                        condition("visit.product_views", "<", 40),
                    ],
                },
            ],
        }
        scope = {"combinator": "and", "rules": [condition("page.kind", "=", "product" if number % 2 else "other")]}
        document = {
            "schema": 1,
            "scope": scope,
            "branches": [{"when": when, "then": [{"do": "show.balloon", "with": {"engagement": "delivery"}}]}],
        }
        save_draft(rule, document, user=None, now=timezone.now(), engagements=engagements)
        publish(rule, user=None, now=timezone.now(), engagements=engagements)


def make_more_rules(count: int) -> None:
    """Have ``count`` more rules live, written past ``publish``, which would compare each with all others.

    They differ in what they ask; each waits for the clock, and hardly one ever comes true.
    """
    from oscar_engage.rules.models import Rule, RuleStatus, RuleVersion

    kinds = ("home", "category", "product", "basket", "checkout", "other")
    shows = [{"do": "show.balloon", "with": {"engagement": "delivery"}}]
    rules = Rule.objects.bulk_create([Rule(name=f"More {number}", priority=100 + number) for number in range(count)])
    versions = []
    for number, rule in enumerate(rules):
        asked = [
            condition("visit.pages", ">", number % 9),
            condition("page.idle_seconds", ">", 30 + number % 60),
            condition("visit.searches", ">=", 1 + number % 5),
            condition("basket.total", ">", {"amount": str(20 + number % 97), "currency": "GBP"}),
            condition("visit.last_search", "contains", f"word{number % 211}"),
        ]
        when = {"combinator": "and", "rules": [*asked[: 3 + number % 3], condition("page.kind", "=", kinds[number % 6])]}
        document = {"schema": 1, "branches": [{"when": when, "then": shows}], "else": [], "unknown": "skip"}
        versions.append(RuleVersion(rule=rule, number=1, document=document))
    for rule, version in zip(rules, RuleVersion.objects.bulk_create(versions), strict=True):
        rule.published, rule.status = version, RuleStatus.LIVE
    Rule.objects.bulk_update(rules, ["published", "status"])


def await_rules() -> None:
    """Wait for the thread that reads the rules, as a process that has just begun does not."""
    from django.utils import timezone

    from oscar_engage.rules.live import live_set

    end = time.monotonic() + 30
    while live_set(timezone.now()) is None:
        if time.monotonic() > end:
            raise RuntimeError("The rules were not read within half a minute.")
        time.sleep(0.02)


def condition(field: str, operator: str, value: object) -> dict[str, object]:
    """Return one condition in the stored form."""
    return {"field": field, "operator": operator, "value": value}


def measure(product_path: str) -> dict[str, Any]:
    """Send all visitors through ``MIX`` in step, after a warm-up of five pages each, with product pages in between."""
    from django.core.handlers.wsgi import WSGIHandler

    from oscar_engage.decisions.models import Decision
    from oscar_engage.learning.vectors.models import ScoredVector
    from oscar_engage.signals.counters import snapshot
    from oscar_engage.storefront.middleware import EngageMiddleware

    middleware, shop = EngageMiddleware(refuse), WSGIHandler()
    cookies: dict[int, str] = {}
    for _turn in range(5):
        step(middleware, cookies, _PAGE[0])
    queries = {kind: count_queries(middleware, cookies, kind) for kind in KINDS}
    ask_page(shop, product_path)
    gc.collect()
    beats: dict[str, list[Sample]] = defaultdict(list)
    pages: list[Sample] = []
    for _round in range(ROUNDS):
        for kind in MIX:
            requests = [make_request(cookies, visitor, kind) for visitor in range(VISITORS)]
            beats[kind].append(take_sample(lambda sent=requests: serve_all(middleware, sent)))
            pages.append(take_sample(lambda: [ask_page(shop, product_path) for _turn in range(PAGES_EACH)]))
    every = [sample for samples in beats.values() for sample in samples]
    best = min(sample.loop for sample in [*pages, *every])
    kinds = {kind: statistics.median(sample.cpu_at(best) for sample in beats[kind]) / VISITORS for kind in KINDS}
    return {
        "mean": statistics.mean(kinds[kind] for kind in MIX),
        "raw_mean": statistics.mean(sample.cpu for sample in every) / VISITORS,
        "kinds": kinds,
        "queries": queries,
        "page": statistics.median(sample.cpu_at(best) for sample in pages) / PAGES_EACH,
        "slowdown": statistics.mean(sample.loop for sample in every) / best,
        "beats": len(every) * VISITORS,
        "decisions": Decision.objects.count(),
        "vectors": ScoredVector.objects.count(),
        "faults": sum(snapshot().values()),
    }


def count_queries(middleware: Any, cookies: dict[int, str], kind: str) -> float:
    """Return the queries of one beat of this kind, on average over the visitors."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        step(middleware, cookies, kind)
    return len(captured) / VISITORS


def refuse(request: Any) -> Any:
    """Stand where the shop would be: a beat never comes here."""
    raise RuntimeError(f"{request.path} was not served by the fast path")


def step(middleware: Any, cookies: dict[int, str], kind: str) -> None:
    """Serve one beat of each visitor and keep the cookies."""
    for visitor in range(VISITORS):
        response = middleware(make_request(cookies, visitor, kind))
        if "engage_visitor" in response.cookies:
            cookies[visitor] = response.cookies["engage_visitor"].value
        if response.status_code not in {200, 204}:
            raise RuntimeError(f"A beat was answered with {response.status_code}.")
        response.close()


def serve_all(middleware: Any, requests: list[Any]) -> None:
    """Serve the beats as the web server would."""
    for request in requests:
        middleware(request).close()


def ask_page(shop: Any, path: str) -> None:
    """Have the shop serve a page from the first middleware to the last byte."""
    from django.test import RequestFactory

    response = shop.get_response(RequestFactory().get(path))
    if response.status_code != 200:  # noqa: PLR2004 - HTTP's own number
        raise RuntimeError(f"{path} answered {response.status_code}.")
    b"".join(response)
    response.close()


def make_request(cookies: dict[int, str], visitor: int, kind: str) -> Any:
    """Return a beat as the browser sends it."""
    from django.test import RequestFactory

    now = int(time.time() * 1000)
    idle, signals = KINDS[kind]
    body = {
        "v": 1,
        "sent": now,
        "page": "",
        "path": "/catalogue/tent_1/",
        "title": "Tent",
        "idle": 1000 * idle,
        "visible": 60_000,
        "age": 60_000,
        "showing": [],
        "fetch": True,
        "signals": [{"id": signal_id(now), "kind": name, "at": now - 10_000, "data": data} for name, data in signals],
    }
    cookie = "consent=personalisation"
    if visitor in cookies:
        cookie += f"; engage_visitor={cookies[visitor]}"
    factory = RequestFactory(headers={"cookie": cookie, "sec-fetch-site": "same-origin"})
    return factory.post("/engage/beat/", json.dumps(body), content_type=JSON)


if __name__ == "__main__":
    main()
