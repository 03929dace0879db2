"""What can a rule read? The registry of typed variables, and the reader that asks each at most once a moment."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from oscar_engage.core.registry import Registry
from oscar_engage.rules.engine.segments import segment_of
from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.rules.engine.wake import ReadAt
from oscar_engage.rules.engine.walk import Read
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.types import Membership, ValueType
from oscar_engage.visitors.consent import ConsentLevel

logger = logging.getLogger(__name__)

SEGMENTS = _("Segments")
"""The heading under which segments are offered beside the variables' groups."""

Reading = Callable[[Moment], Value]
AnyReading = TypeVar("AnyReading", bound=Reading)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A named, typed value that a rule can read.

    ``clock``: grows by one each second while nothing happens. ``personal``: unknown without the consent to
    personalisation. ``service``: a fact of the current page or of what just failed there, which a service rule may read
    below that consent.
    """

    name: str
    type: ValueType
    label: str | Promise
    group: str | Promise
    reading: Reading
    clock: bool = False
    personal: bool = False
    service: bool = False

    def read(self, moment: Moment) -> Value:
        """Return the value at ``moment``; unknown without consent, and unknown when the reading fails."""
        if self.personal and moment.consent < ConsentLevel.PERSONALISATION:
            return UNKNOWN
        try:
            return self.reading(moment)
        except Exception:
            logger.warning("The variable %s could not be read.", self.name, exc_info=True)
            return UNKNOWN


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
) -> Callable[[AnyReading], AnyReading]:
    """Register the decorated function of a moment as the variable ``name`` (dotted lower case).

    Shops add their own in ``AppConfig.ready()``. The function returns a value of its type, or ``UNKNOWN``.
    """

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
            ),
        )
        return reading

    return register


def reading(moment: Moment) -> Read:
    """Return the reader of ``moment``: it asks each variable at most once and gives ``UNKNOWN`` for one that is gone."""
    known: dict[str, Value] = {}

    def read(name: str) -> Value:
        if name in known:
            return known[name]
        value = VARIABLES.get(name).read(moment) if name in VARIABLES else UNKNOWN
        known[name] = value
        return value

    return read


def reading_later(moment: Moment, read: Read) -> ReadAt:
    """Return readers of the moments after ``moment``, which ask anew only for the clock; the rest comes from ``read``."""
    clocks = clock_names()

    def read_at(seconds: float) -> Read:
        later = reading(moment.later(seconds))
        return lambda name: later(name) if name in clocks else read(name)

    return read_at


def clock_names() -> frozenset[str]:
    """Return the names of the variables that grow with time alone."""
    return frozenset(entry.name for entry in VARIABLES if entry.clock)
