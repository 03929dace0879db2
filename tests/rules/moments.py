"""Moments and documents for tests: literals, with only what matters spelled out."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from oscar_engage.rules.moment import Moment
from oscar_engage.rules.past.log import Fact, Past, sort_facts
from oscar_engage.signals.kinds import KINDS
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.page import PageFacts
from oscar_engage.visitors.state import BasketState, PageSeen, VisitState, begin, to_ms

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ENGAGEMENTS = {"delivery-times": "balloon", "ask-us": "note", "checkout-help": "invitation"}


def make_state(*, page_since: datetime | None = NOW - timedelta(seconds=60), **fields: Any) -> VisitState:
    """Return a visit that began 100 seconds ago and opened its page 60 seconds ago."""
    seen = () if page_since is None else (PageSeen(to_ms(page_since), "product", 5),)
    return msgspec.structs.replace(begin(NOW - timedelta(seconds=100)), **{"pages_seen": seen, **fields})


def make_basket(total: float = 120, currency: str = "GBP", **fields: Any) -> BasketState:
    """Return a basket that changed 30 seconds ago."""
    values = {"basket_id": 7, "lines": 2, "quantity": 3, "changed_at": NOW - timedelta(seconds=30), **fields}
    return BasketState(total=total, currency=currency, **values)


def make_moment(state: VisitState | None = None, **fields: Any) -> Moment:
    """Return a moment of a visitor who agreed to everything, on a product page, idle for 10 seconds."""
    values: dict[str, Any] = {
        "page": PageFacts(kind="product", product_id=5),
        "now": NOW,
        "idle_seconds": 10.0,
        "visible_seconds": 60.0,
        "consent": ConsentLevel.PERSONALISATION,
        "visits": 2,
        "is_customer": False,
        "free_agents": lambda: 1,
        **fields,
    }
    return Moment(state=state or make_state(), **values)


def make_past(*facts: tuple[Any, ...], days: int = 90, is_whole: bool = True, **fields: Any) -> Past:
    """Return a log: (kind, seconds ago) each, or (kind, seconds ago, payload, visit), in any order, of every kind."""
    built = [
        Fact(NOW - timedelta(seconds=ago), kind, *(more or ({},)), number=place)
        for place, (kind, ago, *more) in enumerate(facts)
    ]
    values: dict[str, Any] = {"known_since": NOW - timedelta(days=days), "is_whole": is_whole, **fields}
    return Past(facts=sort_facts(sorted(built, key=lambda fact: (fact.at, fact.number)), KINDS.names()), **values)


def condition(field: str, operator: str, value: Any = None, **params: Any) -> dict[str, Any]:
    """Return the JSON of one condition; ``params`` are its variable's parameters."""
    return {"field": field, **({"with": params} if params else {}), "operator": operator, "value": value}


def group(*rules: Any, combinator: str = "and", **more: Any) -> dict[str, Any]:
    """Return the JSON of one group."""
    return {"combinator": combinator, "rules": list(rules), **more}


def do(engagement: str) -> list[dict[str, Any]]:
    """Return the JSON of the action that this engagement is for."""
    actions = {"balloon": "show.balloon", "note": "offer.note", "invitation": "invite.chat"}
    return [{"do": actions[ENGAGEMENTS[engagement]], "with": {"engagement": engagement}}]


def rule_json(*when: Any, engagement: str = "delivery-times", **more: Any) -> dict[str, Any]:
    """Return the JSON of a rule with one branch."""
    return {"schema": 1, "branches": [{"when": group(*when), "then": do(engagement)}], **more}


EXAMPLE = {
    "schema": 1,
    "scope": group(condition("page.kind", "=", "checkout")),
    "branches": [
        {
            "when": group(
                condition("basket.total", ">", {"amount": "100.00", "currency": "GBP"}),
                condition("page.idle_seconds", ">", 45),
                group(condition("visitor.segment", "=", "self_server"), combinator="or", **{"not": True}),
            ),
            "then": do("checkout-help"),
        }
    ],
    "else": do("delivery-times"),
    "unknown": "skip",
}
