"""Which of all rules hold, and when will the clock turn one on? The set judges as ``walk.choose`` does, rule by rule.

A handful of rules is judged by its closures, one after the other; beyond :data:`MOST_CLOSURES` the bits of an index are
faster (``make bench NAME=rules`` measures both).
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Container, Iterable, Sequence

from oscar_engage.rules.engine.compile import Choose, compile_document
from oscar_engage.rules.engine.index import IndexedRow, RowIndex
from oscar_engage.rules.engine.masks import mask_of
from oscar_engage.rules.engine.rows import Row, TooManyRowsError, certain, spread_document
from oscar_engage.rules.engine.tree import Document
from oscar_engage.rules.engine.wake import HORIZON, ReadAt, WakePlan, limits_of, moves, next_wake, plan_wake
from oscar_engage.rules.engine.walk import Read

MOST_CLOSURES = 4
"""Rules up to which closures are faster than the index."""

_CONFIRM = -2
"""Stands for a branch in the index where only the rule's closure can tell which it is."""


class RuleSet(ABC):
    """Rules that are judged together, known by their position."""

    @abstractmethod
    def matches(self, read: Read) -> list[tuple[int, int]]:
        """Return position and branch (``ELSE`` for the last resort) of each rule that takes one, in order of position.

        ``read`` is asked for a costly variable only when a rule hangs on it, and otherwise at most once for each variable,
        except by rules of very many alternatives; it should remember what it was asked.
        """

    def next_wake(
        self,
        present: Iterable[tuple[int, int]],
        *,
        read_at: ReadAt,
        may_act: Callable[[int], bool] | None = None,
        horizon: float = HORIZON,
    ) -> float | None:
        """Return the seconds until a rule takes a branch that does something, other than the one it takes now.

        ``present`` are the ``matches`` of ``read_at(0.0)``; ``may_act`` says for a position whether its rule counts (``None``:
        all do). See ``wake.next_wake``.
        """
        branches = dict(present)
        found = self._may_wake(read_at(0.0))
        plans = [(plan, branches.get(position)) for position, plan in found if may_act is None or may_act(position)]
        return next_wake(plans, read_at=read_at, horizon=horizon) if plans else None

    @abstractmethod
    def _may_wake(self, read: Read) -> Iterable[tuple[int, WakePlan]]:
        """Return the rules that the clock can change, perhaps without those that cannot act while nothing else changes."""


def build_rule_set(
    documents: Sequence[Document],
    *,
    clocks: Container[str],
    costly: Container[str] = (),
    most_closures: int = MOST_CLOSURES,
) -> RuleSet:
    """Return the set of ``documents``, which keep their order.

    ``clocks`` names the variables that grow by one each second, ``costly`` those to be asked last. It takes some 40 ms for a
    thousand rules: not for a request.
    """
    make = ClosureSet if len(documents) <= most_closures else IndexSet
    return make(documents, clocks=clocks, costly=costly)


class ClosureSet(RuleSet):
    """A few rules: one closure each."""

    def __init__(self, documents: Sequence[Document], *, clocks: Container[str], costly: Container[str]) -> None:
        plans = [plan_wake(document, clocks=clocks, costly=costly) for document in documents]
        self._chooses = tuple((position, plan.choose) for position, plan in enumerate(plans))
        self._plans = tuple((position, plan) for position, plan in enumerate(plans) if plan.limits)

    def matches(self, read: Read) -> list[tuple[int, int]]:
        """As the base class says."""
        found = []
        for position, choose in self._chooses:
            branch = choose(read)
            if branch is not None:
                found.append((position, branch))
        return found

    def _may_wake(self, read: Read) -> Iterable[tuple[int, WakePlan]]:
        return self._plans


class IndexSet(RuleSet):
    """Very many rules: their rows in an index, and closures for those that have too many rows."""

    def __init__(self, documents: Sequence[Document], *, clocks: Container[str], costly: Container[str]) -> None:
        rows: list[IndexedRow] = []
        waking: list[int] = []
        self._targets: list[tuple[int, int]] = []
        self._chooses: dict[int, Choose] = {}
        self._plans: dict[int, WakePlan] = {}
        for position, document in enumerate(documents):
            limits = limits_of(document, clocks=clocks)
            if limits:
                self._plans[position] = WakePlan(document, _on_demand(document, costly), _always, limits)
            targets: dict[int, tuple[int, int]] = {}
            for row, branch in _rows(document):
                if limits and (branch == _CONFIRM or (document.actions(branch) and _has_clock(row, clocks))):
                    waking.append(len(rows))
                rows.append(IndexedRow(row, position))
                self._targets.append(targets.setdefault(branch, (position, branch)))
            if _CONFIRM in targets:
                self._chooses[position] = compile_document(document, costly=costly)
        self._is_plain = len({position for position, _branch in self._targets}) == len(rows) and not self._chooses
        self._waking = mask_of(waking)
        self._index = RowIndex(rows, clocks=clocks, costly=costly)

    def matches(self, read: Read) -> list[tuple[int, int]]:
        """As the base class says."""
        targets = self._targets
        found = [targets[row] for row in self._index.find(read)]
        if self._is_plain:
            return found
        # The rows of a rule are neighbours, and those that hold take one branch: they have one target.
        once = [target for target, before in zip(found, [None, *found], strict=False) if target is not before]
        return self._confirm(once, read) if self._chooses else once

    def _confirm(self, found: Iterable[tuple[int, int]], read: Read) -> list[tuple[int, int]]:
        confirmed = ((place, self._chooses[place](read) if branch == _CONFIRM else branch) for place, branch in found)
        return [(place, branch) for place, branch in confirmed if branch is not None]

    def _may_wake(self, read: Read) -> Iterable[tuple[int, WakePlan]]:
        """Give the rules of which a row holds but for its clock: no other row can come to hold while only time passes."""
        positions = dict.fromkeys(self._targets[row][0] for row in self._index.find_possible(self._waking, read))
        return ((position, self._plans[position]) for position in positions)


def _has_clock(row: Row, clocks: Container[str]) -> bool:
    return any(moves(condition, clocks) for condition, _wanted, _lenient in row)


def _always(read: Read) -> bool:
    return True


def _on_demand(document: Document, costly: Container[str]) -> Choose:
    """Return the compiled rule, compiled when it is first asked: of all rules with a clock, a beat asks one or two."""
    compiled: list[Choose] = []

    def choose(read: Read) -> int | None:
        if not compiled:
            compiled.append(compile_document(document, costly=costly))
        return compiled[0](read)

    return choose


def _rows(document: Document) -> Sequence[tuple[Row, int]]:
    try:
        return spread_document(document)
    except TooManyRowsError:
        return [(certain(document), _CONFIRM)]
