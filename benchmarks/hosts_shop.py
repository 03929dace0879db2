"""What a shop on several hosts is told from its centre: ``make``, ``publish``, ``switch on|off``, ``enqueue N``, ``count``."""

import json
import sys
import time
from typing import Any

import django

SLUG = "hosts"


def make() -> None:
    """Make the tables, an engagement for the rule to come, and one product."""
    from tests.tables import make_tables

    make_tables()
    from oscar_engage.widgets.models import Engagement
    from tests.storefront.journeys import stock_shop

    Engagement.objects.create(slug=SLUG, widget="balloon", title="Delivery", body="Two days.")
    told({"product": stock_shop().get_absolute_url()})


def publish() -> None:
    """Publish a rule that holds for whoever has been idle for twenty seconds; tell when."""
    from django.utils import timezone

    from benchmarks.beat_run import condition
    from oscar_engage.rules.life.publish import publish as publish_rule
    from oscar_engage.rules.life.publish import save_draft
    from oscar_engage.rules.models import Rule

    rule = Rule.objects.create(name="Hosts", holdout_share=0)
    when = {"combinator": "and", "rules": [condition("page.idle_seconds", ">", 20)]}
    shows = [{"do": "show.balloon", "with": {"engagement": SLUG}}]
    save_draft(
        rule,
        {"schema": 1, "branches": [{"when": when, "then": shows}]},
        user=None,
        now=timezone.now(),
        engagements={SLUG: "balloon"},
    )
    publish_rule(rule, user=None, now=timezone.now(), engagements={SLUG: "balloon"})
    told({"at": time.time()})


def switch(position: str) -> None:
    """Turn the switch; tell when."""
    from django.utils import timezone

    from oscar_engage.switch.state import turn

    turn(is_on=position == "on", now=timezone.now())
    told({"at": time.time()})


def enqueue(number: str) -> None:
    """Hand over so many jobs of the soak."""
    from django.db import transaction
    from django.utils import timezone

    from benchmarks.soak.work import KIND
    from oscar_engage.jobs.outbox import enqueue as hand_over

    for each in range(int(number)):
        with transaction.atomic():
            hand_over(KIND, key=f"{KIND}:{each}", payload={"number": each}, now=timezone.now())
    told({})


def count() -> None:
    """Tell what the database holds."""
    from benchmarks.soak.models import Effect
    from oscar_engage.jobs.models import Job
    from oscar_engage.models import Message, SignalRecord, Visitor

    effects = list(Effect.objects.values_list("number", flat=True))
    from benchmarks.soak.work import KIND

    told(
        {
            "signals": SignalRecord.objects.filter(kind="page.idle").count(),
            "visitors": Visitor.objects.count(),
            "messages": Message.objects.count(),
            "effects": len(effects),
            "doubled": len(effects) - len(set(effects)),
            "done": Job.objects.filter(kind=KIND, state="done").count(),
            "open": Job.objects.filter(kind=KIND).exclude(state="done").count(),
        }
    )


def told(values: dict[str, Any]) -> None:
    """Print for whoever asked."""
    print(json.dumps(values))


if __name__ == "__main__":
    django.setup()
    {"make": make, "publish": publish, "switch": switch, "enqueue": enqueue, "count": count}[sys.argv[1]](
        *sys.argv[2:]  # type: ignore[operator]  # each takes what is given
    )
