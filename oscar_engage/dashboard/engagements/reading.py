"""What do the engagements' pages show? Rows of the list, where one stands, its versions and what was done to it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Max
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from oscar_engage.audit.models import AuditEntry
from oscar_engage.dashboard.rules.standing import people
from oscar_engage.surveys.models import Survey
from oscar_engage.widgets.languages import missing_languages
from oscar_engage.widgets.life.diff import Change, diff
from oscar_engage.widgets.life.document import document_of
from oscar_engage.widgets.life.parts import PARTS
from oscar_engage.widgets.life.publish import is_unborn, latest_version, may_publish
from oscar_engage.widgets.life.states import describe_standing, standing_of
from oscar_engage.widgets.models import Engagement, EngagementVersion
from oscar_engage.widgets.wordings import own_language, wordings_of

LINES_SHOWN = 100
ACTIONS: Mapping[str, str | Promise] = {
    "engagement.created": _("wrote it"),
    "engagement.changed": _("changed it"),
    "engagement.drafted": _("saved version %(number)s"),
    "engagement.published": _("published version %(number)s"),
    "engagement.approval_asked": _("asked for approval of version %(number)s"),
    "engagement.sent_back": _("sent version %(number)s back"),
    "engagement.switched_off": _("switched it off"),
    "engagement.switched_on": _("switched it on"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One engagement of the list."""

    engagement: Engagement
    standing: str
    standing_label: str
    missing: Sequence[str]
    wordings: int
    has_draft: bool
    is_waiting: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where a saved engagement stands, for the head of its pages; ``changes`` from what shoppers read to the newest draft."""

    standing: str
    standing_label: str
    latest: EngagementVersion | None
    author: str
    has_draft: bool
    is_waiting: bool
    may_publish: bool
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailLine:
    """One thing that somebody did."""

    at: datetime
    name: str
    words: str


def read_rows(engagements: Sequence[Engagement], *, now: datetime) -> list[Row]:
    """Return the rows of the list; one query."""
    numbers = EngagementVersion.objects.filter(engagement__in=[one.pk for one in engagements]).values("engagement")
    newest = dict(numbers.annotate(newest=Max("number")).values_list("engagement", "newest"))
    return [_row(engagement, newest.get(engagement.pk), now=now) for engagement in engagements]


def read_head(engagement: Engagement, user: AbstractBaseUser | AnonymousUser, *, now: datetime) -> Head:
    """Return where ``engagement`` stands, with two queries at most."""
    latest = latest_version(engagement)
    has_draft = latest is not None and (is_unborn(engagement) or engagement.published_id != latest.pk)
    author = None if latest is None else latest.created_by_id
    return Head(
        standing=standing_of(engagement, now=now).value,
        standing_label=describe_standing(engagement, now=now),
        latest=latest,
        author=people([author]).get(author, "") if author is not None else "",
        has_draft=has_draft,
        is_waiting=engagement.asked_at is not None,
        may_publish=may_publish(latest, user),  # type: ignore[arg-type]  # a logged-in user
        changes=diff(document_of(engagement), latest.document) if latest is not None and has_draft else (),
    )


def read_trail(engagement: Engagement) -> list[TrailLine]:
    """Return what was done to ``engagement``, the newest first, as much as a page holds."""
    entries = list(
        AuditEntry.objects.filter(object_kind="engagement", object_id=str(engagement.pk)).order_by("-at", "-pk")[:LINES_SHOWN]
    )
    names = people(entry.actor_id for entry in entries)
    return [
        TrailLine(at=entry.at, name=names.get(entry.actor_id, ""), words=_say(entry.action, entry.detail)) for entry in entries
    ]


def _say(action: str, detail: Mapping[str, object]) -> str:
    return str(ACTIONS.get(action, action)) % {"number": detail.get("number", "")} if action in ACTIONS else action


def _texts(engagement: Engagement) -> Iterable[Iterable[str]]:
    """Return the languages of each wording; what a survey asks in other languages than the shop's own stands in it."""
    survey: Survey | None = getattr(engagement, "survey", None)
    if survey is None or engagement.widget not in PARTS:
        return [wording.texts for wording in wordings_of(engagement)]
    return [[own_language(), *PARTS.get(engagement.widget).languages({"words": survey.words})]]


def _row(engagement: Engagement, newest: int | None, *, now: datetime) -> Row:
    wordings = wordings_of(engagement)
    live = engagement.published.number if engagement.published is not None else None
    return Row(
        engagement=engagement,
        standing=standing_of(engagement, now=now).value,
        standing_label=describe_standing(engagement, now=now),
        missing=list(dict.fromkeys(name for texts in _texts(engagement) for name in missing_languages(texts))),
        wordings=len(wordings),
        has_draft=not is_unborn(engagement) and newest is not None and newest != live,
        is_waiting=engagement.asked_at is not None,
    )
