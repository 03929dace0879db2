"""Where does this rule stand, and who is at it? Its state, what waits for approval, and what somebody saved meanwhile."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model

from oscar_engage.dashboard.rules.reading import missing_in, name_of, words_of
from oscar_engage.dashboard.rules.saving import Seen
from oscar_engage.dashboard.rules.trail import Changed, say_changes
from oscar_engage.rules.errors import InvalidRuleError
from oscar_engage.rules.grammar import parse_document, read_document
from oscar_engage.rules.life.approval import last_request
from oscar_engage.rules.life.columns import changes_between
from oscar_engage.rules.life.diff import Change, diff
from oscar_engage.rules.life.publish import latest_version
from oscar_engage.rules.life.states import describe_state, state_of
from oscar_engage.rules.models import Answer, ApprovalRequest, Rule, RuleVersion
from oscar_engage.rules.off import say_missing
from oscar_engage.rules.segments.shelf import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request for approval: of which version, by whom and when; once sent back, by whom and what is to change."""

    number: int
    asked_by: str
    asked_at: datetime
    answered_by: str
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A rule's state for a page's head; ``waiting`` and ``sent_back`` are about its latest version, if anything is."""

    state: str
    state_label: str
    latest: int
    has_newer_draft: bool
    waiting: Asked | None
    sent_back: Asked | None
    off: str
    """Why it does not run although it may be live: in words, the modules it uses that are off; else empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meanwhile:
    """What somebody else saved while this was typed: a version with its difference to what was typed, columns, or both."""

    number: int | None
    author: str
    at: datetime | None
    words: str
    changes: Sequence[Change]
    columns: Sequence[Changed]


def read_standing(rule: Rule, *, now: datetime) -> Standing:
    """Return where the saved ``rule`` stands, with at most three queries."""
    latest, request = latest_version(rule), last_request(rule)
    asked = None if request is None or latest is None or request.version_id != latest.pk else _asked(request)
    return Standing(
        state=state_of(rule, now=now).value,
        state_label=describe_state(rule, now=now),
        latest=0 if latest is None else latest.number,
        has_newer_draft=latest is not None and rule.published_id is not None and rule.published_id != latest.pk,
        waiting=asked if request is not None and not request.answer else None,
        sent_back=asked if request is not None and request.answer == Answer.SENT_BACK else None,
        off=say_missing(missing_in(None if latest is None else latest.document)),
    )


def read_meanwhile(rule: Rule, document: Mapping[str, Any], *, before: Seen, after: Seen, segments: Texts) -> Meanwhile:
    """Return what was saved between what was seen ``before`` and ``after``, with how the typed ``document`` differs from it."""
    is_newer = before.base is not None and before.base != after.base
    version = rule.versions.filter(number=after.base or 0).first() if is_newer else None  # the form may name one that never was
    return Meanwhile(
        number=None if version is None else version.number,
        author="" if version is None else people([version.created_by_id]).get(version.created_by_id, ""),
        at=None if version is None else version.created_at,
        words="" if version is None else words_of(version.document),
        changes=() if version is None else _differences(version, document, segments),
        columns=say_changes(changes_between(before.columns or {}, after.columns or {})),
    )


def _differences(version: RuleVersion, document: Mapping[str, Any], segments: Texts) -> Sequence[Change]:
    """Return how the typed ``document`` differs from ``version``; one that cannot be read differs from nothing."""
    typed, _errors = read_document(document, segments=segments)
    try:
        return diff(parse_document(version.document), typed)
    except InvalidRuleError:
        return ()


def people(ids: Iterable[Any]) -> dict[Any, str]:
    """Return the names of these members of staff by id, without who is gone. Never joined: they may be in another database."""
    found = get_user_model()._default_manager.in_bulk({one for one in ids if one is not None})
    return {pk: name_of(user) for pk, user in found.items()}


def _asked(request: ApprovalRequest) -> Asked:
    names = people([request.asked_by_id, request.answered_by_id])
    return Asked(
        number=request.version.number,
        asked_by=names.get(request.asked_by_id, ""),
        asked_at=request.asked_at,
        answered_by=names.get(request.answered_by_id, ""),
        comment=request.comment,
    )
