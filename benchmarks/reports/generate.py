"""Fills an empty database with a shop's past: rules, agents and queues by hand, everything else by the ten thousand."""

import time
from datetime import datetime, timedelta

from benchmarks.reports.load import load, without_indexes
from benchmarks.reports.past import AGENTS, CLIENT, DECISION, QUEUES, RULES, VISIT, VISITOR, Past, identify, say

CHATS_OF_TEN = 6
QUARTER = 4


def generate(visits: int, *, now: datetime) -> dict[str, int]:
    """Write the past of a shop with so many ``visits`` and return how many rows each table got."""
    from oscar.core.loading import get_model

    from oscar_engage.models import (
        AgentHour,
        Assignment,
        Conversation,
        Conversion,
        Decision,
        Message,
        SignalRecord,
        Visit,
        Visitor,
        VisitorBasket,
    )
    from oscar_engage.visitors.state import VisitState, to_json

    order = get_model("order", "Order")
    versions, rules = _make_rules(now)
    agents, queues = _make_desk()
    past, written = Past(visits, now=now), {}
    first = to_json(VisitState(started_at=now, last_at=now))
    state = _as_text(first)

    def note(name: str, number: int) -> None:
        written[name] = number
        print(f"  {name}: {number:,} after {time.monotonic() - began:.0f} s", flush=True)

    began = time.monotonic()
    tables = (Visitor, Visit, SignalRecord, Assignment, Decision, VisitorBasket, Conversion, order, Conversation, Message)
    with without_indexes(*tables, AgentHour):
        fields: tuple[str, ...] = ("id", "key", "handover", "consent", "is_staff", "is_automaton", "created_at", "last_seen_at")
        note("visitors", load(Visitor, fields, past.visitor_rows()))
        fields = ("id", "visitor_id", "started_at", "last_at", "state")
        note("visits", load(Visit, fields, past.visit_rows(lambda _at: state)))
        fields = ("event_id", "visitor_id", "visit_id", "kind", "source", "payload", "at", "received_at")
        note("signals", load(SignalRecord, fields, past.signal_rows()))
        fields = ("visitor_id", "rule_id", "arm", "probability", "drawn_at")
        note("assignments", load(Assignment, fields, past.assignment_rows(rules)))
        fields = (
            *("id", "visitor_id", "visit_id", "version_id", "arm", "probability", "reason", "eligible_at", "offered_at"),
            *("seen_at", "accepted_at", "dismissed_at", "branch", "action", "engagement", "page_path"),
        )
        rest = (0, "show.balloon", "delivery-times", "/checkout/")
        note("decisions", load(Decision, fields, ((*row, *rest) for row in past.decision_rows(versions))))
        fields = ("visitor_id", "basket_id", "seen_at", "outcome", "settled_at")
        note("baskets", load(VisitorBasket, fields, past.basket_rows()))
        fields = ("order_id", "order_number", "basket_id", "visitor_id", "total", "currency", "placed_at")
        rows = (
            (number, str(100_000 + number), basket, visitor, total, "GBP", say(at))
            for number, basket, visitor, total, at in past.order_rows()
        )
        note("conversions", load(Conversion, fields, rows))
        fields = (
            *("id", "number", "currency", "total_incl_tax", "total_excl_tax", "shipping_incl_tax", "shipping_excl_tax"),
            *("status", "date_placed"),
        )
        orders = (
            (number, str(100_000 + number), "GBP", total, total, "0.00", "0.00", "Complete", say(at))
            for number, _basket, _visitor, total, at in past.order_rows()
        )
        note("orders", load(order, fields, orders))
        fields = (
            *("id", "public_id", "reference", "kind", "status", "visitor_id", "visit_id", "decision_id", "agent_id"),
            *("queue_id", "created_at", "due_at", "taken_at", "first_reply_at", "closed_at", "last_seq"),
        )
        note("conversations", load(Conversation, fields, _conversations(past, agents, queues)))
        fields = ("conversation_id", "seq", "client_id", "role", "agent_id", "body", "at")
        note("messages", load(Message, fields, _messages(past, agents)))
        fields = ("agent_id", "hour", "online", "away", "busy", "used", "room")
        hours = ((agent, say(hour), 3000, 600, 1500, 24_000, 90_000) for hour in past.hours() for agent in agents)
        note("agents' hours", load(AgentHour, fields, hours))
    return written


def _as_text(state: object) -> str:
    import json

    return state if isinstance(state, str) else json.dumps(state)


def _make_rules(now: datetime) -> tuple[list[int], list[int]]:
    from oscar_engage.models import Rule, RuleVersion

    versions, rules = [], []
    for number in range(RULES):
        rule = Rule.objects.create(name=f"Rule {number}")
        version = RuleVersion.objects.create(rule=rule, number=1, document={"schema": 1, "branches": [], "else": []})
        created_at = now - timedelta(days=90)
        Rule.objects.filter(pk=rule.pk).update(status="live", published=version, created_at=created_at)
        versions.append(version.pk)
        rules.append(rule.pk)
    return versions, rules


def _make_desk() -> tuple[list[int], list[int]]:
    from django.contrib.auth import get_user_model

    from oscar_engage.models import Agent, Queue

    agents = []
    for number in range(AGENTS):
        user = get_user_model().objects.create_user(f"agent-{number}", f"agent-{number}@shop.example")
        agents.append(Agent.objects.create(user=user, display_name=f"Agent {number}").pk)
    queues = [Queue.objects.create(slug=f"queue-{n}", name=f"Queue {n}", is_default=n == 0).pk for n in range(QUEUES)]
    return agents, queues


def _conversations(past: Past, agents: list[int], queues: list[int]):
    for number, visit in past.asked():
        at, is_chat, is_left = visit.at + timedelta(minutes=4), number % 10 < CHATS_OF_TEN, number % 20 == 0
        slow = 1 + (number % 7) * (1 if is_chat else 90)
        times = [None if is_left else say(at + timedelta(seconds=slow * seconds)) for seconds in (15, 40)]
        yield (
            *(number, f"c{number}", f"R-{number}", "chat" if is_chat else "note", "closed"),
            *(identify(VISITOR, visit.visitor), identify(VISIT, visit.number)),
            identify(DECISION, visit.number) if number % QUARTER == 0 else None,
            None if is_left else agents[number % len(agents)],
            queues[number % len(queues)],
            *(say(at), say(at + timedelta(minutes=3 if is_chat else 240)), *times, say(at + timedelta(seconds=slow * 300)), 4),
        )


def _messages(past: Past, agents: list[int]):
    for number, visit in past.asked():
        at, slow = visit.at + timedelta(minutes=4), 1 + (number % 7) * (1 if number % 10 < CHATS_OF_TEN else 90)
        said = (("shopper", 0), ("agent", 40), ("shopper", 80), ("agent", 120))
        for seq, (role, seconds) in enumerate(said[:1] if number % 20 == 0 else said, start=1):
            agent = agents[number % len(agents)] if role == "agent" else None
            client = identify(CLIENT, number * 4 + seq)
            yield number, seq, client, role, agent, "Is it in stock?", say(at + timedelta(seconds=slow * seconds))
