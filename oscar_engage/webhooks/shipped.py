"""Which events are there from the start? Found in the tables that they happened in, so that none is lost with a process."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from oscar_engage.audit.models import AuditEntry
from oscar_engage.decisions.models import Decision
from oscar_engage.desk.calls.models import PhoneCall
from oscar_engage.desk.models import Conversation, Message, Role
from oscar_engage.rules.models import RuleVersion
from oscar_engage.surveys.models import SurveyAnswer
from oscar_engage.webhooks.registry import EVENTS, Event

OFFER_LASTS = timedelta(days=1)
"""How long after its moment an offer is seen or answered, at most: decisions are found by when they were made."""

Found = Iterable[tuple[str, datetime]]


def _of(rows: QuerySet[Any], name: str, at: str, since: datetime, until: datetime) -> Found:
    found = rows.filter(**{f"{at}__gte": since, f"{at}__lt": until}).order_by(at)
    return ((str(one), when) for one, when in found.values_list(name, at))


def find_begun(since: datetime, until: datetime) -> Found:
    """Give the conversations that began, calls apart."""
    return _of(Conversation.objects.exclude(kind="call"), "public_id", "created_at", since, until)


def find_closed(since: datetime, until: datetime) -> Found:
    """Give the conversations that were closed, each with when: one that goes on can be closed again."""
    closed = _of(Conversation.objects.all(), "public_id", "closed_at", since, until)
    return ((f"{public_id}@{at:%Y%m%d%H%M%S}", at) for public_id, at in closed)


def find_messages(since: datetime, until: datetime) -> Found:
    """Give the messages of shoppers and agents, in conversations that are open or were closed since."""
    going_on = Q(conversation__closed_at__isnull=True) | Q(conversation__closed_at__gte=since)
    return _of(Message.objects.filter(going_on).exclude(role=Role.SYSTEM), "pk", "at", since, until)


def find_calls(since: datetime, until: datetime) -> Found:
    """Give the calls that were asked for."""
    asked = PhoneCall.objects.filter(conversation__created_at__gte=since - OFFER_LASTS)
    return _of(asked, "conversation__public_id", "asked_at", since, until)


def find_surveys(since: datetime, until: datetime) -> Found:
    """Give the answers to surveys."""
    return _of(SurveyAnswer.objects.all(), "pk", "at", since, until)


def find_published(since: datetime, until: datetime) -> Found:
    """Give the entries of the trail that say that a version went live: one that was paused can do so again."""
    return _of(AuditEntry.objects.filter(action="rule.published"), "pk", "at", since, until)


def _find_offers(at: str) -> Any:
    def find(since: datetime, until: datetime) -> Found:
        lately = Decision.objects.filter(eligible_at__gte=since - OFFER_LASTS, offered_at__isnull=False)
        return _of(lately, "pk", at, since, until)

    return find


def describe_conversation(public_id: str, has_texts: bool) -> Mapping[str, Any] | None:
    """Return what is told of a conversation; with texts, who asks, where, and the first words."""
    rows = Conversation.objects.select_related("queue", "topic")
    found = rows.filter(public_id=public_id.partition("@")[0]).first()
    if found is None:
        return None
    told = {
        "conversation": found.public_id,
        "reference": found.reference,
        "kind": found.kind,
        "status": found.status,
        "queue": found.queue.slug if found.queue else None,
        "topic": found.topic.slug if found.topic else None,
        "outcome": found.outcome or None,
        "language": found.language,
        "decision": found.decision_id,
        "created_at": found.created_at,
        "closed_at": found.closed_at,
    }
    if not has_texts:
        return told
    first = found.messages.filter(role=Role.SHOPPER).order_by("seq").values_list("body", flat=True).first()
    return {**told, "name": found.name, "email": found.email, "page_path": found.page_path, "text": first or ""}


def describe_message(pk: str, has_texts: bool) -> Mapping[str, Any] | None:
    """Return what is told of a message."""
    found = Message.objects.select_related("conversation").filter(pk=pk).first()
    if found is None:
        return None
    told = {
        "message": found.pk,
        "conversation": found.conversation.public_id,
        "reference": found.conversation.reference,
        "role": found.role,
        "number": found.seq,
        "files": found.files,
        "at": found.at,
    }
    return {**told, "text": found.body} if has_texts else told


def describe_call(public_id: str, has_texts: bool) -> Mapping[str, Any] | None:
    """Return what is told of a call that was asked for: never the number, which the desk alone dials."""
    calls = PhoneCall.objects.filter(conversation__public_id=public_id)
    call = calls.values("state", "starts_at", "ends_at", "asked_at").first()
    told = describe_conversation(public_id, has_texts)
    return None if told is None or call is None else {**told, "call": dict(call)}


def describe_offer(pk: str, has_texts: bool) -> Mapping[str, Any] | None:
    """Return what is told of an offer: by which rule, of which engagement, and what became of it."""
    names = ("action", "engagement", "variant", "offered_at", "seen_at", "accepted_at", "dismissed_at")
    found = Decision.objects.filter(pk=pk).values(*names, rule=F("version__rule"), version_number=F("version__number")).first()
    return None if found is None else {"decision": pk, **found}


def describe_survey(pk: str, has_texts: bool) -> Mapping[str, Any] | None:
    """Return what is told of an answer: the choice or the score, own words only with texts."""
    found = SurveyAnswer.objects.select_related("survey__engagement").filter(pk=pk).first()
    if found is None:
        return None
    told = {"answer": found.pk, "survey": found.survey.engagement.slug, "decision": found.decision_id, "choice": found.choice}
    told |= {"score": found.score, "at": found.at}
    return {**told, "text": found.text} if has_texts else told


def describe_published(pk: str, has_texts: bool) -> Mapping[str, Any] | None:
    """Return what is told of a version that went live."""
    entry = AuditEntry.objects.filter(pk=pk).first()
    found = RuleVersion.objects.select_related("rule").filter(pk=entry.object_id).first() if entry else None
    return None if found is None else {"rule": found.rule_id, "name": found.rule.name, "version": found.number}


for _event in (
    Event(
        name="conversation.begun",
        label=_("A note or a chat began"),
        module="desk",
        find=find_begun,
        describe=describe_conversation,
    ),
    Event(
        name="conversation.closed",
        label=_("A conversation was closed"),
        module="desk",
        find=find_closed,
        describe=describe_conversation,
    ),
    Event(
        name="message.posted",
        label=_("A shopper or an agent wrote a message"),
        module="desk",
        find=find_messages,
        describe=describe_message,
    ),
    Event(name="call.asked", label=_("A call was asked for"), module="calls", find=find_calls, describe=describe_call),
    Event(
        name="offer.shown",
        label=_("An offer was seen"),
        module="rules",
        find=_find_offers("seen_at"),
        describe=describe_offer,
    ),
    Event(
        name="offer.accepted",
        label=_("An offer was accepted"),
        module="rules",
        find=_find_offers("accepted_at"),
        describe=describe_offer,
    ),
    Event(
        name="offer.declined",
        label=_("An offer was closed"),
        module="rules",
        find=_find_offers("dismissed_at"),
        describe=describe_offer,
    ),
    Event(
        name="survey.answered",
        label=_("A survey was answered"),
        module="surveys",
        find=find_surveys,
        describe=describe_survey,
    ),
    Event(
        name="rule.published",
        label=_("A rule went live"),
        module="rules",
        find=find_published,
        describe=describe_published,
    ),
):
    EVENTS.register(_event.name, _event)
