"""Serves beats in this process and prints what they cost, as JSON."""

import json
import statistics
import time
import uuid
from typing import Any

import django

RULES = 20
VISITORS = 40
BEATS_EACH = 25
WARM = 80
JSON = "text/plain;charset=UTF-8"


def main() -> None:
    """Make the shop's tables, twenty live rules and forty visitors; measure their beats."""
    django.setup()
    from django.db import connection

    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        make_rules()
        print(json.dumps(measure()))
    finally:
        connection.creation.destroy_test_db(str(name), verbosity=0)


def make_rules() -> None:
    """Publish rules of three to four conditions each, on what beats change; a few of them come true now and then."""
    from django.utils import timezone

    from oscar_engage.rules.models import Rule
    from oscar_engage.rules.publish import publish, save_draft
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


def condition(field: str, operator: str, value: object) -> dict[str, object]:
    """Return one condition in the stored form."""
    return {"field": field, "operator": operator, "value": value}


def measure() -> dict[str, Any]:
    """Serve the beats of all visitors in turn; only the second half of each visit is measured."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from oscar_engage.decisions.models import Decision
    from oscar_engage.signals.counters import snapshot
    from oscar_engage.storefront.middleware import EngageMiddleware

    middleware = EngageMiddleware(refuse)
    cookies: dict[int, str] = {}
    for turn in range(WARM):
        serve(middleware, cookies, visitor=turn % VISITORS, turn=turn // VISITORS)
    cpu, wall = [], []
    for turn in range(BEATS_EACH):
        for visitor in range(VISITORS):
            request = make_request(cookies, visitor, turn)
            before_cpu, before_wall = time.process_time(), time.perf_counter()
            response = middleware(request)
            response.close()
            cpu.append((time.process_time() - before_cpu) * 1000)
            wall.append((time.perf_counter() - before_wall) * 1000)
    with CaptureQueriesContext(connection) as captured:
        for visitor in range(VISITORS):
            serve(middleware, cookies, visitor=visitor, turn=BEATS_EACH)
    return {
        "cpu_mean": statistics.mean(cpu),
        "cpu_median": statistics.median(cpu),
        "wall_median": statistics.median(wall),
        "beats": len(cpu),
        "queries": len(captured) / VISITORS,
        "decisions": Decision.objects.count(),
        "faults": sum(snapshot().values()),
    }


def refuse(request: Any) -> Any:
    """Stand where the shop would be: a beat never comes here."""
    raise RuntimeError(f"{request.path} was not served by the fast path")


def serve(middleware: Any, cookies: dict[int, str], *, visitor: int, turn: int) -> None:
    """Serve one beat and keep the visitor's cookie."""
    response = middleware(make_request(cookies, visitor, turn))
    if "engage_visitor" in response.cookies:
        cookies[visitor] = response.cookies["engage_visitor"].value
    if response.status_code not in {200, 204}:
        raise RuntimeError(f"A beat was answered with {response.status_code}.")
    response.close()


def make_request(cookies: dict[int, str], visitor: int, turn: int) -> Any:
    """Return a beat as the browser sends it: a page view now and then, otherwise idle time."""
    from django.test import RequestFactory

    now = int(time.time() * 1000)
    kind, data = ("page.viewed", {}) if turn % 3 == 0 else ("page.idle", {"seconds": 30})
    body = {
        "v": 1,
        "sent": now,
        "page": "",
        "path": "/catalogue/tent_1/",
        "title": "Tent",
        "idle": 1000 * (turn % 8) * 5,
        "visible": 60_000,
        "age": 60_000,
        "showing": [],
        "fetch": True,
        "signals": [{"id": str(uuid.uuid4()), "kind": kind, "at": now - 10_000, "data": data}],
    }
    cookie = "consent=personalisation"
    if visitor in cookies:
        cookie += f"; engage_visitor={cookies[visitor]}"
    factory = RequestFactory(headers={"cookie": cookie, "sec-fetch-site": "same-origin"})
    return factory.post("/engage/beat/", json.dumps(body), content_type=JSON)


if __name__ == "__main__":
    main()
