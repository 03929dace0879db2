"""Is the shop's past there? Writes it once, in one transaction, and has it counted."""

import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_engage.models import Agent, Queue, Rule, RuleVersion, Topic, Visitor
from sandbox.demo.past.books import write_costs, write_hours, write_volumes
from sandbox.demo.past.counts import count_days
from sandbox.demo.past.effects import DAYS, EFFECTS, SEED, SIZE
from sandbox.demo.past.shoppers import shoppers
from sandbox.demo.past.talks import talks
from sandbox.demo.past.write import KEY, Desk, write_orders, write_shoppers, write_talks

FIRST_NUMBER = 70_001
"""Of the orders: above those of the demo customers, below those that Oscar gives."""

AGENTS = ("agent-one@example.com", "agent-two@example.com")
MOST_PRODUCTS = 60


def load_past(now: datetime, say: Callable[[str], None], *, size: int = SIZE) -> bool:
    """Write the past of ``size`` browsers and count it; return whether that was to be done.

    It is left out where it is there already, and where a rule, an agent or a queue of the demo shop is gone: then somebody
    has made the shop their own.
    """
    if Visitor.objects.filter(key=KEY.format(number=0)).exists():
        return False
    versions, desk = _find_versions(), _find_desk()
    if versions is None or desk is None:
        return False
    began = time.monotonic()
    say(f"a past of {DAYS} days, so that the reports have something to say (ENGAGE_SANDBOX_PAST=0 leaves it out)")
    midnight = timezone.localtime(now, timezone.get_default_timezone()).replace(hour=0, minute=0, second=0, microsecond=0)
    chance = random.Random(SEED)  # noqa: S311 - a repeatable past, not a secret
    with transaction.atomic():
        came = list(shoppers(midnight, size=size, seed=SEED))
        write_shoppers(came, versions)
        products = list(get_model("catalogue", "Product").objects.browsable().order_by("pk")[:MOST_PRODUCTS])
        orders = write_orders(came, products, first_number=FIRST_NUMBER)
        talked = [talk for shopper in came for talk in talks(shopper, midnight=midnight, chance=chance)]
        write_talks(talked, desk)
        first = (midnight - timedelta(days=DAYS)).date()
        write_hours(desk.agents, midnight, chance)
        write_costs(first, now=now)
        write_volumes(first, now=now, chance=chance)
    say(f"  {len(came)} browsers, {orders} orders, {len(talked)} conversations ({time.monotonic() - began:.1f} s)")
    count_days(now, say)
    say(f"  the past is there ({time.monotonic() - began:.1f} s)")
    return True


def _find_versions() -> dict[str, RuleVersion] | None:
    names = [effect.rule for effect in EFFECTS]
    published = Rule.objects.filter(name__in=names, published__isnull=False).select_related("published")
    found = {rule.name: rule.published for rule in published if rule.published}
    return found if len(found) == len(names) else None


def _find_desk() -> Desk | None:
    agents = dict(Agent.objects.filter(user__email__in=AGENTS).values_list("user__email", "pk"))
    queues = dict(Queue.objects.values_list("slug", "pk"))
    if len(agents) < len(AGENTS) or not queues:
        return None
    return Desk(agents=[agents[email] for email in AGENTS], queues=queues, topics=dict(Topic.objects.values_list("slug", "pk")))
