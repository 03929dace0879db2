"""What happened before the picture was taken? A month of made-up visitors, so that a report has something to show."""

import random
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from oscar_engage.analytics.exits.curve import count
from oscar_engage.analytics.exits.kept import add_counts
from oscar_engage.analytics.exits.views import IDLE_KNOTS, LEAVABLE, MOST_VIEWS, View
from oscar_engage.analytics.models import AnchorCount, Conversion
from oscar_engage.decisions.dry_run.models import DryRun
from oscar_engage.decisions.matches.models import VisitMoments
from oscar_engage.decisions.matches.moments import pack
from oscar_engage.decisions.models import Arm, Assignment, Decision, Reason
from oscar_engage.rules.engine.values import Value
from oscar_engage.rules.models import Rule, RuleVersion
from oscar_engage.visitors.models import Visit, Visitor

VISITORS, DAYS = 240, 25
TREATED, SEEN, ACCEPTED, DISMISSED = 0.8, 0.9, 0.25, 0.3
BOUGHT = {Arm.TREATED: 0.24, Arm.CONTROL: 0.15}
STROLLERS = 4000
"""Visits of which the curves of leaving are made: at each stage half of those who stay go on to the next."""
PLACES = {"price": 0.01, "size-table": 0.06, "add-to-basket": 0.12, "reviews": 0.09, "stock": 0.0, "voucher": 0.04}
"""Marked places, and on which share of the pages that showed one it was clicked."""
TALLY: dict[str, int | dict[str, int]] = {
    **{"visits": 3_940, "partial": 60, "in_scope": 3_940, "matched": 212, "eligible": 204, "offered": 139, "unsure": 18},
    "reached": {"0.0": 1_310, "0.1": 655, "0.2": 212},
    "held": {"0.0": 1_310, "0.1": 655, "0.2": 1_804},
    "alone": {"0.0": 0, "0.1": 148, "0.2": 443},
    "moments": {"offered": 122, "agent_unknown": 17, "lost": 31, "rule_holdout": 34},
    "ended": {"offered": 122, "agent_unknown": 17, "lost": 31, "rule_holdout": 34},
    "unsaid": {"page.idle_seconds": 18},
}
"""What a dry run came to."""
MANY = 1_000_000
"""Above every order number of the sandbox."""


def fill() -> None:
    """Invent the past of every published rule, the same one each time."""
    chance, now = random.Random(4), timezone.now()  # noqa: S311 - pictures, not secrets
    with transaction.atomic():
        for rule in Rule.objects.filter(published__isnull=False).select_related("published").order_by("priority"):
            for number in range(VISITORS):
                _invent(rule, chance, now - timedelta(days=chance.random() * DAYS), order_id=MANY * rule.pk + number)


def fill_exits() -> None:
    """Invent when shoppers left, the same each time: soon at first, and the sooner the longer they are idle."""
    chance = random.Random(5)  # noqa: S311 - pictures, not secrets
    views = [view for _visit in range(STROLLERS) for view in _stroll(chance)]
    add_counts({timezone.now().date(): count(views)})


def fill_places() -> None:
    """Invent what was looked at and clicked, the same each time."""
    chance, day = random.Random(6), timezone.localdate()  # noqa: S311 - pictures, not secrets
    for slot, share in PLACES.items():
        seen = chance.randint(400, 2_000)
        AnchorCount.objects.create(day=day, slot=slot, seen=seen, clicked=int(seen * share))


def fill_moments() -> None:
    """Invent what was recorded of the last week's visits, the same each time: pages, products viewed, time without activity."""
    chance, now = random.Random(7), timezone.now()  # noqa: S311 - pictures, not secrets
    recent = Visit.objects.filter(last_at__gt=now - timedelta(days=7), last_at__lt=now - timedelta(hours=1)).order_by("pk")
    VisitMoments.objects.bulk_create(
        VisitMoments(visit=visit, ended_at=visit.last_at, moments=pack(_moments(chance))) for visit in recent
    )


def _moments(chance: random.Random) -> Iterator[dict[str, Value]]:
    toggled = int(chance.random() < 0.1)  # noqa: PLR2004 - one in ten
    for number in range(chance.randint(1, 9)):
        kind = chance.choice(("home", "category", "product", "product", "basket"))
        idle = float(chance.choice(IDLE_KNOTS))
        yield {"page.kind": kind, "visit.product_views": number, "page.idle_seconds": idle, "struggle.options_toggled": toggled}


def fill_dry_run(name: str) -> None:
    """Invent the result of a dry run of the rule called ``name``: as from :data:`STROLLERS` visits."""
    version, now = Rule.objects.get(name=name).published, timezone.now()
    DryRun.objects.create(
        version=version,
        days=7,
        since=now - timedelta(days=7),
        until=now,
        visits_total=STROLLERS,
        visits_done=STROLLERS,
        tally=TALLY,
        created_at=now,
        finished_at=now,
    )


def _stroll(chance: random.Random) -> Iterator[View]:
    for stage in LEAVABLE:
        for nth in range(1, 3 * MOST_VIEWS):
            idle = 0 if stage == "payment" else chance.choice(IDLE_KNOTS[: chance.randint(1, len(IDLE_KNOTS))])
            has_left = chance.random() < 0.05 + 0.25 / nth + idle / 900
            yield View(stage, min(nth, MOST_VIEWS), idle, has_left)
            if has_left:
                return
            if chance.random() < 0.5:  # noqa: PLR2004 - a half
                break


def _invent(rule: Rule, chance: random.Random, at: datetime, *, order_id: int) -> None:
    visitor = Visitor.objects.create(id=_uuid(chance), created_at=at, last_seen_at=at)
    visit = Visit.objects.create(id=_uuid(chance), visitor=visitor, started_at=at, last_at=at)
    arm = Arm.TREATED if chance.random() < TREATED else Arm.CONTROL
    Assignment.objects.create(visitor_id=visitor.pk, rule=rule, arm=arm, probability=TREATED, drawn_at=at)
    _decide(rule.published, visit, arm, chance)
    if chance.random() < BOUGHT[arm]:
        Conversion.objects.create(
            order_id=order_id,
            order_number=str(order_id),
            visitor_id=visitor.pk,
            total=Decimal(chance.randint(2_000, 18_000)) / 100,
            currency="GBP",
            placed_at=at + timedelta(hours=2),
        )


def _decide(version: RuleVersion, visit: Visit, arm: Arm, chance: random.Random) -> None:
    at, is_treated = visit.started_at, arm == Arm.TREATED
    is_seen = is_treated and chance.random() < SEEN
    is_accepted = is_seen and chance.random() < ACCEPTED
    is_dismissed = is_seen and not is_accepted and chance.random() < DISMISSED
    Decision.objects.create(
        id=_uuid(chance),
        visitor_id=visit.visitor_id,
        visit=visit,
        version=version,
        branch=0,
        action=version.document["branches"][0]["then"][0]["do"],
        arm=arm,
        probability=TREATED,
        reason=Reason.OFFERED if is_treated else Reason.RULE_HOLDOUT,
        eligible_at=at,
        offered_at=at if is_treated else None,
        seen_at=at if is_seen else None,
        accepted_at=at if is_accepted else None,
        dismissed_at=at if is_dismissed else None,
    )


def _uuid(chance: random.Random) -> uuid.UUID:
    return uuid.UUID(int=chance.getrandbits(128), version=4)
