"""What can a rule read? The registry of typed variables, and the reader that asks each at most once a moment."""

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeVar

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from oscar_engage.conf import get_settings
from oscar_engage.core.registry import Registry, UnknownEntryError
from oscar_engage.rules.engine.segments import segment_of
from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.rules.engine.wake import ReadAt
from oscar_engage.rules.engine.walk import Read
from oscar_engage.rules.errors import WrongValueError
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.parameters import Check, Parameter, Params, bare_name, check_parameters, make_key, read_key
from oscar_engage.rules.purse import Purse
from oscar_engage.rules.types import Membership, ValueType
from oscar_engage.signals.counters import count
from oscar_engage.statements.alone import undone_alone
from oscar_engage.visitors.consent import ConsentLevel

logger = logging.getLogger(__name__)

CHEAP, COSTLY = 0, 1
"""What it costs to ask: nothing to speak of, or a query, a computation, another system. Costly ones are asked last."""

_OUR_MODULES = "oscar_engage."

NO_PARAMS: Params = MappingProxyType({})

SEGMENTS = _("Segments")
"""The heading under which segments are offered beside the variables' groups."""

Reading = Callable[..., Value]
AnyReading = TypeVar("AnyReading", bound=Reading)


def _no_check(values: Params) -> Iterable[tuple[str, str]]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A named, typed value that a rule can read.

    ``clock``: grows by one each second while nothing happens. ``personal``: unknown without the consent to
    personalisation. ``service``: a fact of the current page or of what just failed there, which a service rule may read
    below that consent. ``parameters`` are what a condition gives beside the name; ``check`` tells which do not go together, and
    ``phrase`` says the variable in a sentence, with the parameters' words at their names (default: the label).

    ``cost``: a :data:`COSTLY` variable is asked last, and not at all once the beat's time budget is spent. ``ttl``: a beat
    never asks it but reads what was kept; a worker asks ``reading(whom, **parameters)`` again once that is older than so many
    seconds (``rules.kept.values``). All others are ``reading(moment, **parameters)``.
    """

    name: str
    type: ValueType
    label: str | Promise
    group: str | Promise
    reading: Reading
    clock: bool = False
    personal: bool = False
    service: bool = False
    cost: int = CHEAP
    ttl: int = 0
    parameters: Sequence[Parameter] = ()
    phrase: str | Promise = ""
    check: Check = _no_check

    def read(self, moment: Moment, params: Params = NO_PARAMS) -> Value:
        """Return the value at ``moment``; unknown without consent, and unknown when the reading fails, which is counted.

        A query of it that fails is undone by itself: the beat's transaction goes on.
        """
        if self.personal and moment.consent < ConsentLevel.PERSONALISATION:
            return UNKNOWN
        try:
            if self.ttl:
                return self._read_kept(moment, params)
            if self.cost == CHEAP and self.is_ours:
                return self.reading(moment, **params)
            with undone_alone():
                return self.reading(moment, **params)
        except Exception:
            count("fault", "variable", error=self.name)
            logger.warning("The variable %s could not be read.", self.name, exc_info=True)
            return UNKNOWN

    @property
    def is_ours(self) -> bool:
        """Whether it comes with this package: one that is cheap asks no database."""
        return str(getattr(self.reading, "__module__", "")).startswith(_OUR_MODULES)

    def _read_kept(self, moment: Moment, params: Params) -> Value:
        with undone_alone():
            key = make_key(self.name, self.parameters, params)
            return moment.kept().read(self, key, awaited=moment.awaited, now=moment.now)


class VariableRegistry(Registry[Variable]):
    """The registered variables; a segment counts as one too: ``segment.<slug>`` is asked like any yes or no.

    Segments are not listed, since they are rows and not code, and never read: before a rule is judged, they are written out
    (``engine.segments.expand``).
    """

    def get(self, name: str) -> Variable:
        """Return the variable called ``name``; any name of a segment gives one."""
        return super().get(name) if segment_of(name) is None else _segment_variable(name)

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or (isinstance(name, str) and segment_of(name) is not None)


def _never_read(moment: Moment) -> Value:
    return UNKNOWN


@lru_cache(maxsize=256)
def _segment_variable(name: str) -> Variable:
    return Variable(
        name=name,
        type=Membership(),
        label=format_lazy(_("segment “{name}”"), name=segment_of(name)),
        group=SEGMENTS,
        reading=_never_read,
    )


VARIABLES: Registry[Variable] = VariableRegistry("variable")


def variable(
    name: str,
    *,
    type: ValueType,
    label: str | Promise,
    group: str | Promise,
    clock: bool = False,
    personal: bool = False,
    service: bool = False,
    cost: int = CHEAP,
    ttl: int = 0,
    parameters: Sequence[Parameter] = (),
    phrase: str | Promise = "",
    check: Check = _no_check,
) -> Callable[[AnyReading], AnyReading]:
    """Register the decorated function as the variable ``name`` (dotted lower case); the rest is as in :class:`Variable`.

    Shops add their own in ``AppConfig.ready()``. The function takes a moment, with ``ttl`` a ``rules.kept.values.Whom``, and
    the parameters by name; it returns a value of its type, or ``UNKNOWN``. Raises ``ValueError`` for what cannot be.
    """
    check_parameters(name, parameters)
    if bare_name(name) != name or ttl < 0 or (ttl and not (personal and cost == COSTLY and not clock)):
        raise ValueError(f"{name!r}: a name has no “?”, and a ttl belongs to what is costly and personal and no clock.")

    def register(reading: AnyReading) -> AnyReading:
        VARIABLES.register(
            name,
            Variable(
                name=name,
                type=type,
                label=label,
                group=group,
                reading=reading,
                clock=clock,
                personal=personal,
                service=service,
                cost=cost,
                ttl=ttl,
                parameters=tuple(parameters),
                phrase=phrase,
                check=check,
            ),
        )
        return reading

    return register


_split: dict[str, tuple[Variable, Params]] = {}  # by key; an entry counts as long as its variable is the registered one
_MOST_SPLIT = 10_000


def split_key(key: str) -> tuple[Variable, Params]:
    """Return the variable that ``key`` asks, with its parameters.

    Raises ``UnknownEntryError`` when there is none of that name, ``WrongValueError`` when it does not take these parameters.
    """
    name, _mark, query = key.partition("?")
    entry = VARIABLES.get(name)
    if not query and not entry.parameters:
        return entry, NO_PARAMS
    kept = _split.get(key)
    if kept is not None and kept[0] is entry:
        return kept
    found = (entry, MappingProxyType(read_key(entry.parameters, query)))
    if len(_split) >= _MOST_SPLIT:
        _split.clear()
    _split[key] = found
    return found


def find_variable(key: str) -> Variable | None:
    """Return the variable that ``key`` asks, or ``None`` when there is none that takes these parameters."""
    try:
        return split_key(key)[0]
    except (UnknownEntryError, WrongValueError):
        return None


def get_variable(key: str) -> Variable:
    """Return the variable that ``key`` asks; raises as :func:`split_key`."""
    return split_key(key)[0]


def reading(moment: Moment, *, clock: Callable[[], float] = time.monotonic) -> Read:
    """Return the reader of ``moment``: it asks each key at most once and gives ``UNKNOWN`` for one whose variable is gone.

    Costly variables share one time budget, ``COSTLY_BUDGET_MS``: once it is spent, the others are unknown.
    """
    known: dict[str, Value] = {}
    purse = Purse(get_settings().costly_budget_ms, clock=clock)

    def ask(key: str) -> Value:
        try:
            entry, params = split_key(key)
        except (UnknownEntryError, WrongValueError):
            return UNKNOWN
        if entry.cost == CHEAP:
            return entry.read(moment, params)
        if purse.is_empty:
            moment.unasked.add(key)
        return purse.spend(lambda: entry.read(moment, params), name=entry.name)

    def read(key: str) -> Value:
        if key in known:
            return known[key]
        known[key] = value = ask(key)
        return value

    return read


def reading_later(moment: Moment, read: Read) -> ReadAt:
    """Return readers of the moments after ``moment``, which ask anew only for the clock; the rest comes from ``read``.

    A costly clock is not asked again: what it will be worth follows from what it read. One that ``read`` left unknown stays so.
    """
    clocks, costly = clock_names(), costly_names()

    def read_at(seconds: float) -> Read:
        if not seconds:
            return read
        later = reading(moment.later(seconds))

        def read_later(key: str) -> Value:
            if key not in clocks:
                return read(key)
            return _grown(read(key), seconds) if key in costly else later(key)

        return read_later

    return read_at


def _grown(value: Value, seconds: float) -> Value:
    return value + seconds if isinstance(value, int | float) else value


class Names(frozenset[str]):
    """Names of variables; a key is in it when its variable is."""

    def __contains__(self, key: object) -> bool:
        return super().__contains__(bare_name(key) if isinstance(key, str) else key)


def clock_names() -> Names:
    """Return the names of the variables that grow with time alone; keys of them are in it, too."""
    return Names(entry.name for entry in VARIABLES if entry.clock)


def costly_names() -> Names:
    """Return the names of the variables that are asked last; keys of them are in it, too."""
    return Names(entry.name for entry in VARIABLES if entry.cost != CHEAP)


def describe_params(entry: Variable, params: Params) -> Mapping[str, Any]:
    """Return every parameter in words, by name; what is not set is empty."""
    return {one.name: one.type.describe(params[one.name]) if one.name in params else "" for one in entry.parameters}
