"""What does the page on service times show? Figures as rows of words, each beside that of the days compared with."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from oscar_engage.analytics.interval import Rate
from oscar_engage.analytics.staffing.duration import say_duration
from oscar_engage.analytics.staffing.figures import AgentFigures, Hour, Spread, by_hour, queues_in
from oscar_engage.analytics.staffing.read import CHANNELS, Desk
from oscar_engage.dashboard.templatetags.engage_numbers import number, percent

CHANNEL_NAMES: Mapping[str, Any] = {
    "chat": pgettext_lazy("plural, channel", "chats"),
    "note": pgettext_lazy("plural, channel", "notes"),
    "call": pgettext_lazy("plural, channel", "calls"),
}
WEEKDAYS = (
    *(pgettext_lazy("weekday, short", "Mon"), pgettext_lazy("weekday, short", "Tue"), pgettext_lazy("weekday, short", "Wed")),
    *(pgettext_lazy("weekday, short", "Thu"), pgettext_lazy("weekday, short", "Fri"), pgettext_lazy("weekday, short", "Sat")),
    pgettext_lazy("weekday, short", "Sun"),
)
NOTHING = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure in words, that of the days beside (empty: nothing is compared), and a remark."""

    words: str
    other: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, what it says of a row's figures, and the same as a plain value for a file."""

    label: Any
    say: Callable[[Any], str]
    plain: Callable[[Any], Any]
    note: Callable[[Any], str] = lambda _figures: ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what it is about, and its cells."""

    label: str
    cells: tuple[Cell, ...]


def _spread(figures: Any, measure: str) -> Spread:
    found: Spread = figures.times.get(measure, Spread(None, None, 0))
    return found


def _number_of(name: str, label: Any) -> Column:
    return Column(label, lambda figures: number(getattr(figures, name)), lambda figures: getattr(figures, name))


def _median_of(measure: str, label: Any) -> Column:
    def most(figures: Any) -> str:
        found = _spread(figures, measure)
        return _("9 of 10: %(time)s") % {"time": say_duration(found.most)} if found.number > 1 else ""

    return Column(
        label,
        lambda figures: say_duration(_spread(figures, measure).median) or NOTHING,
        lambda figures: _rounded(_spread(figures, measure).median),
        most,
    )


def _rate_of(name: str, label: Any) -> Column:
    def rate(figures: Any) -> Rate | None:
        found: Rate | None = getattr(figures, name)
        return found

    def interval(figures: Any) -> str:
        found = rate(figures)
        return f"{percent(found.low)} {NOTHING} {percent(found.high)}" if found else ""

    return Column(
        label,
        lambda figures: percent(found.value) if (found := rate(figures)) else NOTHING,
        lambda figures: _rounded(found.value, 4) if (found := rate(figures)) else "",
        interval,
    )


def _rounded(value: float | None, digits: int = 0) -> Any:
    return "" if value is None else round(value, digits) if digits else round(value)


ASKED = _number_of("asked", gettext_lazy("Asked"))
ANSWERED = _number_of("answered", gettext_lazy("Answered"))
RESPONSE = _median_of("response", gettext_lazy("First response"))
WAIT = _median_of("wait", gettext_lazy("Wait"))
HOLD = _median_of("hold", gettext_lazy("Hold"))
HANDLE = _median_of("handle", gettext_lazy("Handle time"))
LONGEST = Column(
    gettext_lazy("Longest wait"),
    lambda figures: say_duration(figures.longest) if figures.longest else NOTHING,
    lambda figures: figures.longest,
)
ABANDONED = _rate_of("abandoned_rate", gettext_lazy("Abandoned"))
KEPT = _rate_of("kept_rate", gettext_lazy("Promises kept"))
QUEUE_COLUMNS = (ASKED, ANSWERED, RESPONSE, WAIT, HOLD, HANDLE, LONGEST, ABANDONED, KEPT)


def _hours(seconds: int) -> str:
    return str(number_format(seconds / 3600, 1, use_l10n=True))


def _of_service(column: Column) -> Column:
    """Return the column for an hour, of which the service is a part."""
    return Column(
        column.label,
        lambda hour: column.say(hour.service),
        lambda hour: column.plain(hour.service),
        lambda hour: column.note(hour.service),
    )


ONLINE = Column(
    gettext_lazy("Hours online"),
    lambda figures: _hours(figures.staff.online),
    lambda figures: round(figures.staff.online / 3600, 2),
)
OCCUPANCY = Column(
    gettext_lazy("Time with a chat"),
    lambda figures: percent(figures.staff.occupancy) or NOTHING,
    lambda figures: _rounded(figures.staff.occupancy, 4),
)
UTILISATION = Column(
    gettext_lazy("Slots in use"),
    lambda figures: percent(figures.staff.utilisation) or NOTHING,
    lambda figures: _rounded(figures.staff.utilisation, 4),
)
HOUR_COLUMNS = (
    *map(_of_service, (ASKED, ANSWERED, RESPONSE, WAIT, LONGEST, ABANDONED, KEPT)),
    *(ONLINE, OCCUPANCY, UTILISATION),
)
AGENT_COLUMNS = (
    _number_of("had", gettext_lazy("Conversations")),
    _median_of("response.chat", gettext_lazy("First response, chats")),
    _median_of("response.note", gettext_lazy("First response, notes")),
    HOLD,
    HANDLE,
    *(KEPT, ONLINE, OCCUPANCY, UTILISATION),
)


def rows_of(columns: Sequence[Column], figures: Iterable[tuple[str, Any, Any]]) -> list[Row]:
    """Return a row for each ``(label, figures, those of the days beside or None)``."""
    return [
        Row(
            label,
            tuple(Cell(column.say(here), "" if other is None else column.say(other), column.note(here)) for column in columns),
        )
        for label, here, other in figures
    ]


def cell_of(column: Column, here: Any, other: Any) -> Cell:
    """Return one cell; where there is nothing now and was nothing then, it does not say so twice."""
    words, then = column.say(here), "" if other is None else column.say(other)
    return Cell(words, "" if words == then == NOTHING else then, column.note(here))


def queue_figures(desk: Desk, other: Desk | None, names: Mapping[str, str]) -> list[tuple[str, Any, Any]]:
    """Return each queue and channel in which anything began, and all queues together first."""
    found: list[tuple[str, Any, Any]] = []
    queues = sorted(queues_in(desk.total), key=lambda queue: names[queue].lower())
    wanted: list[tuple[str | None, str]] = [(queue, names[queue]) for queue in queues]
    if len(queues) > 1:
        wanted.insert(0, (None, _("All queues")))
    for channel in CHANNELS:
        for queue, name in wanted:
            here = desk.service(channel, queue)
            if here.asked:
                beside = other.service(channel, queue) if other else None
                found.append((f"{name}, {CHANNEL_NAMES[channel]}", here, beside))
    return found


def hour_figures(desk: Desk, other: Desk | None) -> list[tuple[str, Any, Any]]:
    """Return each hour of the day in which a chat began or an agent was there."""
    here = _by_hour(desk)
    beside = _by_hour(other) if other else {}
    return [(f"{hour}:00", figures, beside.get(hour, Hour()) if other else None) for hour, figures in here.items()]


def _by_hour(desk: Desk) -> dict[str, Hour]:
    return by_hour(desk.total, desk.times, desk.staff_hours, channel="chat")


def agent_figures(agents: Sequence[AgentFigures], others: Sequence[AgentFigures] | None) -> list[tuple[str, Any, Any]]:
    """Return each agent, beside what was theirs then; who was not there then has nothing beside."""
    beside = {figures.agent: figures for figures in others or ()}
    return [(figures.name, figures, beside.get(figures.agent)) for figures in agents]


def tiles_of(desk: Desk, other: Desk | None) -> list[tuple[Any, Cell]]:
    """Return the figures at the top of the page."""
    chats, notes = desk.service("chat"), desk.service("note")
    then = (other.service("chat"), other.service("note")) if other else (None, None)
    wanted = (
        (gettext_lazy("Promises kept, chats"), KEPT, chats, then[0]),
        (gettext_lazy("Promises kept, notes"), KEPT, notes, then[1]),
        (gettext_lazy("First response, chats"), RESPONSE, chats, then[0]),
        (gettext_lazy("First response, notes"), RESPONSE, notes, then[1]),
        (gettext_lazy("Longest wait in a chat"), LONGEST, chats, then[0]),
        (gettext_lazy("Chats abandoned"), ABANDONED, chats, then[0]),
    )
    tiles = [(label, cell_of(column, here, beside)) for label, column, here, beside in wanted]
    used = Cell(
        percent(desk.staff.utilisation) or NOTHING,
        "" if other is None else percent(other.staff.utilisation) or NOTHING,
        _("with a chat %(share)s of the time") % {"share": percent(desk.staff.occupancy) or NOTHING},
    )
    return [*tiles, (gettext_lazy("Slots in use"), used)]
