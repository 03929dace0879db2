"""How many visits of the last days would this draft have matched? Its conditions, judged over all recorded moments at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from oscar_engage.decisions.matches.fill import unread_visits
from oscar_engage.decisions.matches.models import VisitMoments
from oscar_engage.decisions.matches.moments import unpack
from oscar_engage.decisions.past.moment import fields_of
from oscar_engage.rules.engine.columns import Columns, find_acting, load_column
from oscar_engage.rules.engine.compare import IS_KNOWN, IS_UNKNOWN
from oscar_engage.rules.engine.tree import Condition, Document, Group, Node
from oscar_engage.rules.recall import is_recalled
from oscar_engage.rules.variables import VARIABLES

LIMIT = 10_000
"""Visits that are counted at most, the latest: of more, the share is as good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchCount:
    """``visits`` of ``of_visits`` would have been matched. ``is_sampled``: there were more, and only the latest were asked.

    ``unread``: visits that have ended and are still to be read by the worker. ``unsaid``: the variables that no recorded visit
    tells, so that conditions on them held nowhere.
    """

    visits: int
    of_visits: int
    is_sampled: bool
    unread: int
    unsaid: tuple[str, ...]


def match_count(document: Document, *, days: int = 7, now: datetime, limit: int = LIMIT) -> MatchCount:
    """Return how many visits of the last ``days`` (7 at most) had a moment in which ``document`` does something; two queries.

    Conditions only: no consent, no caps, no other rules, no hold-out. Clocks are looked at when the browser spoke and when a
    page was left, not in between. The dry run knows all of that, and takes its time.
    """
    kept = VisitMoments.objects.filter(ended_at__gt=now - timedelta(days=days)).exclude(moments=b"")
    packed = list(kept.order_by("-ended_at").values_list("moments", flat=True)[: limit + 1])
    fields = fields_of(document)
    values, ends = unpack((bytes(one) for one in packed[:limit]), sorted(fields))
    columns = {field: load_column(column, is_lasting=False) for field, column in values.items()}
    moments = Columns(ends[-1] if ends else 0, columns)
    unsaid = frozenset(field for field in fields if not _is_read(field))
    return MatchCount(
        visits=_count_spans(find_acting(_without_known(document, unsaid), moments), ends, moments.size),
        of_visits=len(ends),
        is_sampled=len(packed) > limit,
        unread=unread_visits(now).filter(last_at__gt=now - timedelta(days=days)).count(),
        unsaid=tuple(sorted(unsaid)),
    )


def _without_known(document: Document, unsaid: frozenset[str]) -> Document:
    """Return ``document`` with no condition that asks whether one of the ``unsaid`` is known: that we do not know either."""

    def group(one: Group) -> Group:
        return replace(one, rules=tuple(map(node, one.rules)))

    def node(one: Node) -> Node:
        if isinstance(one, Group):
            return group(one)
        is_open = one.field in unsaid and one.operator in (IS_UNKNOWN, IS_KNOWN)
        return Condition(one.field, "=", True) if is_open else one  # of what is unknown this is neither true nor false

    branches = tuple(replace(branch, when=group(branch.when)) for branch in document.branches)
    return replace(document, scope=None if document.scope is None else group(document.scope), branches=branches)


def _is_read(field: str) -> bool:
    return is_recalled(field) and field in VARIABLES  # the key of one with parameters is not


def _count_spans(found: int, ends: Sequence[int], size: int) -> int:
    """Return how many spans, each up to one of ``ends``, have a moment of ``found`` in them."""
    bits = format(found, "b").zfill(size)[::-1]
    start = count = 0
    for end in ends:
        count += bits.find("1", start, end) >= 0
        start = end
    return count
