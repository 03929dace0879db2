"""How was the service in some days? What the page and the overview say of contacts, deflection and first-contact resolution."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from oscar_engage.analytics.costs.rates import Channel
from oscar_engage.analytics.deflection.contacts import UNCOUNTED, VALUES
from oscar_engage.analytics.deflection.self_help import SUGGESTION
from oscar_engage.analytics.interval import Rate, wilson
from oscar_engage.analytics.rollups.declare import Cells
from oscar_engage.analytics.rollups.read import Counts, ReadCounts, Shelf
from oscar_engage.desk.ratings.steps import StepFigures, by_whom

READ = ("contacts", "self_help", "satisfaction")
"""The rollups of the service."""

FEWEST_CHATS = 20
"""Of fewer chats no time is measured: one that was left open would be half of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFigures:
    """Contacts of one channel, topic or both. See :data:`oscar_engage.analytics.deflection.contacts.VALUES`."""

    begun: int = 0
    self_served: int = 0
    ended: int = 0
    told: int = 0
    first: int = 0
    once: int = 0
    handled: int = 0
    seconds: int = 0

    def __add__(self, other: "ContactFigures") -> "ContactFigures":
        return ContactFigures(**{name: getattr(self, name) + getattr(other, name) for name in VALUES})

    @property
    def to_agent(self) -> int:
        """How many somebody had to answer."""
        return self.begun - self.self_served

    @property
    def first_contact_rate(self) -> Rate | None:
        """Share of first contacts, of which an agent said how they ended, that were solved and not asked again."""
        return wilson(self.once, self.first) if self.first else None

    @property
    def measured_minutes(self) -> Decimal | None:
        """Minutes that a chat was with its agent, on average; ``None`` of fewer than :data:`FEWEST_CHATS`."""
        return Decimal(self.seconds) / self.handled / 60 if self.handled >= FEWEST_CHATS else None


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpFigures:
    """Help without an agent of one step, topic or both. See :mod:`oscar_engage.analytics.deflection.self_help`."""

    shown: int = 0
    helped: int = 0
    quiet: int = 0
    deflected: int = 0

    def __add__(self, other: "HelpFigures") -> "HelpFigures":
        return HelpFigures(
            shown=self.shown + other.shown,
            helped=self.helped + other.helped,
            quiet=self.quiet + other.quiet,
            deflected=self.deflected + other.deflected,
        )

    @property
    def deflected_rate(self) -> Rate | None:
        """Share of those who were shown help, said that it helped and did not ask; ``None``: nobody was."""
        return wilson(self.deflected, self.shown) if self.shown else None

    @property
    def quiet_rate(self) -> Rate | None:
        """Share of those who were shown help and did not ask, whatever they said: the upper bound of deflection."""
        return wilson(self.quiet, self.shown) if self.shown else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceReport:
    """The figures of ``[since, until)``: ``contacts`` by channel and topic, ``help`` by step and topic, words by step.

    ``contacts_by_day``: those that somebody had to answer, by channel. ``uncounted``: what staff and automata began.
    """

    since: date
    until: date
    contacts: Mapping[tuple[str, str], ContactFigures]
    help: Mapping[tuple[str, str], HelpFigures]
    satisfaction: Mapping[str, StepFigures]
    contacts_by_day: Mapping[date, Mapping[str, int]]
    help_by_day: Mapping[date, HelpFigures]
    uncounted: int
    filled_at: datetime | None

    @property
    def last(self) -> date:
        """The last day that belongs to it."""
        return self.until - timedelta(days=1)

    @property
    def all_contacts(self) -> ContactFigures:
        """All channels and topics together."""
        return sum(self.contacts.values(), ContactFigures())

    @property
    def all_help(self) -> HelpFigures:
        """All steps and topics together."""
        return sum(self.help.values(), HelpFigures())

    @property
    def rated_help(self) -> HelpFigures:
        """All steps of which it is known how often they were shown, also where they did not help."""
        return sum((figures for (step, _topic), figures in self.help.items() if step != SUGGESTION), HelpFigures())

    def by_channel(self) -> dict[str, ContactFigures]:
        """Return the contacts of each channel that there was, in the order of :class:`Channel`."""
        found = {channel: ContactFigures() for channel in Channel}
        for (channel, _topic), figures in self.contacts.items():
            found[Channel(channel)] += figures
        return {channel.value: figures for channel, figures in found.items() if figures != ContactFigures()}

    def by_step(self) -> dict[str, HelpFigures]:
        """Return the help of each step."""
        found: dict[str, HelpFigures] = {}
        for (step, _topic), figures in self.help.items():
            found[step] = found.get(step, HelpFigures()) + figures
        return found

    def by_whom(self) -> tuple[StepFigures, StepFigures]:
        """Return how the self-served judged, and how those whom an agent served did."""
        return by_whom(dict(self.satisfaction))


def read_service(since: date, until: date, *, counts_of: ReadCounts | None = None) -> ServiceReport:
    """Return the figures of the days ``[since, until)``; one query, none of a caller who has ``counts_of`` all :data:`READ`."""
    counts_of = counts_of or Shelf(READ, since=since, until=until)
    contacts, shown, judged = (counts_of(name, since=since, until=until) for name in READ)
    total = contacts.total()
    staff = sum(int(values[0]) for (channel, _topic), values in total.items() if channel == UNCOUNTED)
    return ServiceReport(
        since=since,
        until=until,
        contacts={
            (channel, topic): _contact_figures(values) for (channel, topic), values in total.items() if channel != UNCOUNTED
        },
        help={(step, topic): _help_figures(values) for (step, topic), values in shown.total().items()},
        satisfaction={
            step: StepFigures(judged=int(number), helped=int(helped)) for (step,), (number, helped) in judged.total().items()
        },
        contacts_by_day={day: to_agent_by_channel(cells) for day, cells in contacts.days.items()},
        help_by_day={day: sum(map(_help_figures, cells.values()), HelpFigures()) for day, cells in shown.days.items()},
        uncounted=staff,
        filled_at=_latest(contacts, shown, judged),
    )


def to_agent_by_channel(cells: Cells) -> dict[str, int]:
    """Return how many contacts of a day somebody had to answer, by channel."""
    found: dict[str, int] = {}
    for (channel, _topic), values in cells.items():
        if channel != UNCOUNTED:
            found[channel] = found.get(channel, 0) + _contact_figures(values).to_agent
    return found


def _contact_figures(values: Iterable[float]) -> ContactFigures:
    return ContactFigures(**{name: int(value) for name, value in zip(VALUES, values, strict=True)})


def _help_figures(values: Iterable[float]) -> HelpFigures:
    shown, helped, quiet, deflected = (int(value) for value in values)
    return HelpFigures(shown=shown, helped=helped, quiet=quiet, deflected=deflected)


def _latest(*counts: Counts) -> datetime | None:
    return max((one.filled_at for one in counts if one.filled_at is not None), default=None)
