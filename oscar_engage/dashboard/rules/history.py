"""How did a rule become what it is? Its versions with author and publication, and what changed between any two."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator

from oscar_engage.dashboard.rules.reading import words_of
from oscar_engage.dashboard.rules.standing import people
from oscar_engage.dashboard.rules.trail import TrailLine, read_publications, read_trail
from oscar_engage.rules.errors import InvalidRuleError
from oscar_engage.rules.grammar import parse_document
from oscar_engage.rules.life.diff import Change, diff
from oscar_engage.rules.models import Rule, RuleVersion

VERSIONS_A_PAGE = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """One version; ``published_at`` has every time it went live, the newest first."""

    number: int
    author: str
    created_at: datetime
    published_at: Sequence[datetime]
    words: str
    is_published: bool
    is_latest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two versions: ``changes`` from the ``old`` to the ``new`` one; ``None`` when one of them can no longer be read."""

    old: int
    new: int
    changes: Sequence[Change] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The whole page: versions of this ``page``, all numbers to choose from, the trail with names beside it."""

    page: Page[Any]
    rows: Sequence[HistoryRow]
    numbers: Sequence[int]
    trail: Sequence[tuple[TrailLine, str]]


def read_history(rule: Rule, *, page: str | None) -> History:
    """Return the history of ``rule``; the number of queries does not depend on how long it is."""
    numbers = list(rule.versions.order_by("-number").values_list("number", flat=True))
    paginator = Paginator(rule.versions.order_by("-number"), VERSIONS_A_PAGE)
    shown = paginator.get_page(page)
    versions, trail = list(shown), read_trail(rule)
    names = people([version.created_by_id for version in versions] + [line.actor for line in trail])
    published = read_publications([version.pk for version in versions])
    rows = [
        HistoryRow(
            number=version.number,
            author=names.get(version.created_by_id, ""),
            created_at=version.created_at,
            published_at=published.get(version.pk, ()),
            words=words_of(version.document),
            is_published=version.pk == rule.published_id,
            is_latest=version.number == numbers[0],
        )
        for version in versions
    ]
    return History(page=shown, rows=rows, numbers=numbers, trail=[(line, names.get(line.actor, "")) for line in trail])


def compare(rule: Rule, given: Mapping[str, str], numbers: Sequence[int]) -> Compared | None:
    """Return what changed between the versions that ``given`` names as ``from`` and ``to``; by default, the last two.

    One that is not there is taken as the default; with a single version there is nothing to compare.
    """
    if len(numbers) < 2:  # noqa: PLR2004 - it takes two
        return None
    old, new = _choose(given.get("from", ""), numbers, numbers[1]), _choose(given.get("to", ""), numbers, numbers[0])
    versions = {version.number: version for version in rule.versions.filter(number__in={old, new})}
    return Compared(old=old, new=new, changes=_changes(versions[old], versions[new]))


def _choose(typed: str, numbers: Sequence[int], default: int) -> int:
    return next((number for number in numbers if str(number) == typed), default)


def _changes(old: RuleVersion, new: RuleVersion) -> Sequence[Change] | None:
    try:
        return diff(parse_document(old.document), parse_document(new.document))
    except InvalidRuleError:
        return None
