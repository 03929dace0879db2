"""What do the counts say? Cells of a period in, figures out: shares with their intervals, medians, what is known of agents."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from oscar_engage.analytics.interval import Rate, wilson
from oscar_engage.analytics.staffing.classes import MEDIAN, MOST, quantile

Cells = Mapping[tuple[str, ...], tuple[int | float, ...]]
Classes = Mapping[str, int | float]


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of a time and what nine of ten did not exceed, in seconds; ``None`` where nothing was measured."""

    median: float | None
    most: float | None
    number: int

    @classmethod
    def of(cls, classes: Classes) -> "Spread":
        """Read both from the counts of ``classes``."""
        return cls(quantile(classes, MEDIAN), quantile(classes, MOST), int(sum(classes.values())))


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Conversations that began in a period, of a queue, a channel, or all. ``longest``: the longest wait, in seconds."""

    is_live: bool = True
    """Whether somebody waited at the other end: nobody leaves a note."""

    asked: int = 0
    answered: int = 0
    abandoned: int = 0
    kept: int = 0
    broken: int = 0
    longest: int = 0
    times: Mapping[str, Spread] = field(default_factory=dict)
    """By measure: response, wait, hold, handle."""

    @property
    def kept_rate(self) -> Rate | None:
        """Share of the conversations with a decided promise in which it was kept; ``None`` without any.

        Shown from the first one on: its interval says how little few of them tell.
        """
        decided = self.kept + self.broken
        return wilson(self.kept, decided) if decided else None

    @property
    def abandoned_rate(self) -> Rate | None:
        """Abandonment rate: share of the chats asked that ended before an answer; ``None`` without any."""
        return wilson(self.abandoned, self.asked) if self.asked and self.is_live else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Seconds of presence in a period, of one agent or of all together; see ``desk.staffing.models.AgentHour``."""

    online: int = 0
    away: int = 0
    busy: int = 0
    used: int = 0
    room: int = 0

    @property
    def utilisation(self) -> float | None:
        """Share of the slots there were that chats took, while online; a silent chat takes a tenth of one."""
        return min(1.0, self.used / self.room) if self.room else None

    @property
    def occupancy(self) -> float | None:
        """Share of the time online in which at least one chat went on: what call centres call occupancy."""
        return self.busy / self.online if self.online else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """One hour of the day: the chats that began in it, and who was there."""

    service: Service = field(default_factory=Service)
    staff: Staff = field(default_factory=Staff)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentFigures:
    """One agent in a period: ``had`` conversations last, of which promises were kept; times; presence."""

    agent: int
    name: str
    had: int
    kept: int
    broken: int
    times: Mapping[str, Spread]
    staff: Staff

    @property
    def kept_rate(self) -> Rate | None:
        """Share in which promises were kept, with its interval, which says how little few conversations tell."""
        decided = self.kept + self.broken
        return wilson(self.kept, decided) if decided else None


def service_of(hours: Cells, times: Cells, *, queue: str | None = None, channel: str) -> Service:
    """Return the figures of one ``channel``, of one ``queue`` or of all; cells of ``service_hours`` and ``service_times``."""
    found = [values for (_hour, of, by), values in hours.items() if by == channel and queue in {None, of}]
    sums = [int(sum(column)) for column in zip(*found, strict=True)] or [0] * 6
    return Service(
        is_live=channel == "chat",
        **dict(zip(("asked", "answered", "abandoned", "kept", "broken"), sums, strict=False)),
        longest=int(max((values[5] for values in found), default=0)),
        times=_spreads(times, by="queue", of=queue, channel=channel),
    )


def left_out_of(hours: Cells, channel: str) -> int:
    """Return how many conversations of members of staff and automata are in no figure; ``channel``: how they are kept."""
    return int(sum(values[0] for (_hour, _of, by), values in hours.items() if by == channel))


def by_hour(hours: Cells, times: Cells, staff: Cells, *, channel: str) -> dict[str, Hour]:
    """Return the figures of each hour of the day in which anything of ``channel`` began, or an agent was there."""
    cells: defaultdict[str, dict[tuple[str, ...], tuple[int | float, ...]]] = defaultdict(dict)
    for key, values in hours.items():
        cells[key[0]][key] = values
    found = {}
    for hour in sorted({*cells, *(hour for (hour,) in staff)}):
        whole = service_of(cells[hour], {}, channel=channel)
        service = replace(whole, times=_spreads(times, by="hour", of=hour, channel=channel))
        there = staff_of({key: values for key, values in staff.items() if key == (hour,)})
        if service.asked or there.online:
            found[hour] = Hour(service=service, staff=there)
    return found


def queues_in(hours: Cells) -> list[str]:
    """Return the numbers of the queues in which anything began, as texts; empty for no queue."""
    return sorted({queue for _hour, queue, _channel in hours})


def staff_of(cells: Cells) -> Staff:
    """Return the seconds of all cells of ``staff_hours``."""
    sums = [int(sum(column)) for column in zip(*cells.values(), strict=True)] or [0] * 5
    return Staff(**dict(zip(("online", "away", "busy", "used", "room"), sums, strict=True)))


def figures_of(agent: int, name: str, cells: Cells) -> AgentFigures:
    """Return the figures of one agent from the cells of all days: ``(agent, measure, class)``."""
    plain: defaultdict[str, int] = defaultdict(int)
    classes: defaultdict[str, dict[str, int | float]] = defaultdict(dict)
    for (_agent, measure, name_of_class), (number,) in cells.items():
        if name_of_class:
            classes[measure][name_of_class] = number
        else:
            plain[measure] += int(number)
    return AgentFigures(
        agent=agent,
        name=name,
        **{key: plain[key] for key in ("had", "kept", "broken")},
        times={measure: Spread.of(found) for measure, found in classes.items()},
        staff=Staff(**{key: plain[key] for key in ("online", "away", "busy", "used", "room")}),
    )


def load_by_weekday(days: Iterable[tuple[int, Cells]], channels: Iterable[str]) -> dict[tuple[int, int], int]:
    """Return how many conversations began by ``(weekday, hour)``, Monday being 0; ``days``: weekday and cells of each day."""
    wanted = set(channels)
    found: defaultdict[tuple[int, int], int] = defaultdict(int)
    for weekday, cells in days:
        for (hour, _queue, channel), values in cells.items():
            if channel in wanted:
                found[weekday, int(hour)] += int(values[0])
    return dict(found)


def _spreads(times: Cells, *, by: str, of: str | None, channel: str) -> dict[str, Spread]:
    classes: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for (how, which, where, measure, name), (number,) in times.items():
        if how == by and where == channel and of in {None, which}:
            classes[measure][name] += number
    return {measure: Spread.of(found) for measure, found in classes.items()}
