"""What are the objects of the trail called today, and where do they stand? Of what is gone nothing but its number is known."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import Model
from django.urls import NoReverseMatch, reverse
from django.utils.translation import pgettext

from oscar_engage.dashboard.rules.reading import name_of
from oscar_engage.desk.carry.models import CannedReply
from oscar_engage.desk.mailbox.models import Mailbox
from oscar_engage.desk.models import Agent, Conversation, Queue, Skill
from oscar_engage.desk.promises.models import OpeningHours, Policy
from oscar_engage.desk.topics.models import Topic
from oscar_engage.keys.models import ApiKey
from oscar_engage.modules import is_there
from oscar_engage.rules.models import Rule, RuleVersion, Segment
from oscar_engage.webhooks.models import WebhookSubscription
from oscar_engage.widgets.models import Engagement


@dataclass(frozen=True, slots=True)
class Thing:
    """What an object is called, and the address of its page; empty where it has none."""

    name: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class _Source:
    model: type[Model]
    page: str = ""
    argument: Callable[[Any], Any] = lambda row: row.pk
    name: Callable[[Any], str] = str
    related: tuple[str, ...] = ()


def _version(row: Any) -> str:
    return pgettext("trail", "%(rule)s, version %(number)s") % {"rule": row.rule.name, "number": row.number}


_SOURCES: Mapping[str, _Source] = {
    "rule": _Source(Rule, "engage-rule-edit", name=lambda row: row.name),
    "rule_version": _Source(RuleVersion, "engage-rule-edit", lambda row: row.rule_id, _version, ("rule",)),
    "segment": _Source(Segment, "engage-segment-edit"),
    "engagement": _Source(Engagement, "engage-engagement-edit"),
    "conversation": _Source(Conversation, "engage-conversation", lambda row: row.public_id, lambda row: row.reference),
    "agent": _Source(Agent, "engage-agent-edit"),
    "queue": _Source(Queue, "engage-queue-edit"),
    "skill": _Source(Skill, "engage-skill-edit"),
    "topic": _Source(Topic, "engage-topic-edit"),
    "canned_reply": _Source(CannedReply, "engage-canned-edit"),
    "mailbox": _Source(Mailbox, "engage-mailbox-edit"),
    "policy": _Source(Policy, "engage-policy-edit"),
    "opening_hours": _Source(OpeningHours, "engage-opening-hours-edit"),
    "webhook": _Source(WebhookSubscription, "engage-webhook-edit"),
    "key": _Source(ApiKey),
    "role": _Source(Group, name=lambda row: row.name),
}
"""Where the names are of each kind of object that has one."""

_ALONE = frozenset({"switch", "settings", "priorities", "learning", "search", "report", "topics"})
"""Kinds of which there is but one, or none with a number that means something."""


def find_things(named: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Thing]:
    """Return the objects of these kinds and ids that are still there; one query for each kind."""
    by_kind: dict[str, set[str]] = defaultdict(set)
    for kind, object_id in named:
        by_kind[kind].add(object_id)
    found: dict[tuple[str, str], Thing] = {}
    for kind, ids in by_kind.items():
        if kind in _ALONE:
            found |= {(kind, one): Thing("") for one in ids}
        elif kind == "user":
            found |= {(kind, pk): Thing(name) for pk, name in _people(ids)}
        elif kind in _SOURCES:
            found |= {(kind, pk): thing for pk, thing in _rows(_SOURCES[kind], ids)}
    return found


def _people(ids: Iterable[str]) -> Iterable[tuple[str, str]]:
    users: Any = get_user_model()._default_manager.in_bulk(ids)  # maybe in another database: never joined
    return [(str(pk), name_of(user)) for pk, user in users.items()]


def _rows(source: _Source, ids: Iterable[str]) -> Sequence[tuple[str, Thing]]:
    numbers = [int(one) for one in ids if one.isdigit()]
    rows: Any = source.model._default_manager.filter(pk__in=numbers)
    rows = rows.select_related(*source.related) if source.related else rows
    return [(str(row.pk), Thing(source.name(row), _address(source, row))) for row in rows]


def _address(source: _Source, row: Any) -> str:
    if not source.page or not is_there("pages", source.page):
        return ""
    try:
        return reverse(f"engage_dashboard:{source.page}", args=[source.argument(row)])
    except NoReverseMatch:
        return ""
