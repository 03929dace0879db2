"""What do a run's pictures show, drawn, in words and as a table? How it learnt, what it foretold, whom it ranks first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from oscar_engage.dashboard.learning.plot import Curve, Plot, draw_plot
from oscar_engage.dashboard.learning.points import Points, read_points
from oscar_engage.dashboard.reports.chart import Scale, make_scale
from oscar_engage.dashboard.templatetags.engage_numbers import number, percent
from oscar_engage.learning.registry.models import Task

STILL = 0.005
"""How much the last step of a learning curve has to gain for more visits to teach still: the slack of promotion."""

RARE = 0.05
"""Below this, chances are told of a thousand, not of a hundred."""

LUCK = 0.5
"""Of two shoppers, chance alone ranks every other pair right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture: ``name`` for its id, its title, what to read off it, and the same numbers as a table."""

    name: str
    title: str
    sentence: str
    plot: Plot
    below: str
    beside: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def draw_pictures(task: str, curves: object) -> tuple[Picture, ...]:
    """Return the pictures that ``curves`` of a run allow, none where nothing was kept."""
    return tuple(_pictures(task, curves))


def _pictures(task: str, curves: object) -> Iterator[Picture]:
    learning = tuple(sorted(read_points(curves, "learning", width=2)))
    if len(learning) > 1:
        yield _draw_learning(learning)
    calibration = tuple(sorted(point for point in read_points(curves, "calibration", width=3) if point[2] > 0))
    if calibration:
        yield _draw_calibration(task, calibration)
    qini = tuple(sorted(read_points(curves, "qini", width=2)))
    if len(qini) > 1:
        yield _draw_qini(qini)


def _draw_learning(points: Points) -> Picture:
    rows = [(point[0], point[1]) for point in points]
    words = {"pairs": _hundred(rows[-1][1]), "rows": number(round(rows[-1][0]))}
    said = _("From %(rows)s looks at visits it has learnt to rank %(pairs)s of 100 pairs right; luck ranks 50.") % words
    more = _("More visits teach it still.") if rows[-1][1] - rows[-2][1] > STILL else _("More visits teach it little now.")
    return Picture(
        name="learning",
        title=_("How it learns"),
        sentence=f"{said} {more}",
        plot=draw_plot(
            [Curve(_("pairs ranked right"), rows, [1.0] * len(rows))],
            across=make_scale([row[0] for row in rows], low=0.0, say=_say_count),
            up=make_scale([row[1] for row in rows], low=LUCK, say=percent),
        ),
        below=_("looks at visits that it learnt from"),
        beside=_("pairs ranked right"),
        head=(_("Learnt from"), _("Pairs ranked right")),
        rows=tuple((number(round(first)), percent(second)) for first, second in rows),
    )


def _draw_calibration(task: str, points: Points) -> Picture:
    most = max(max(point[0], point[1]) for point in points)
    scale = make_scale([most], low=0.0, say=percent)
    all_of_them = sum(point[2] for point in points)
    off = sum(abs(point[0] - point[1]) * point[2] for point in points) / all_of_them
    average = _("On average it is off by %(points)s of 100.") % {"points": number(round(100 * off, 1))}
    return Picture(
        name="calibration",
        title=_("Foretold, and what happened"),
        sentence=f"{_say_calibration(task, points)} {average}",
        plot=draw_plot(
            [
                Curve(_("as foretold"), [(0.0, 0.0), (scale.high, scale.high)]),
                Curve(_("what happened; larger for more visits"), [(one[0], one[1]) for one in points], [p[2] for p in points]),
            ],
            across=scale,
            up=scale,
        ),
        below=_("foretold"),
        beside=_("happened"),
        head=(_("Foretold"), _("Happened"), _("Visits")),
        rows=tuple((percent(one[0]), percent(one[1]), number(round(one[2]))) for one in points),
    )


def _say_calibration(task: str, points: Points) -> str:
    """Say of those with the highest chances, of whom it matters most, how many did it."""
    foretold, happened, _count = points[-1]
    of = 100 if foretold >= RARE else 1000
    words = {"all": number(of), "foretold": number(round(of * foretold)), "happened": number(round(of * happened))}
    if task == Task.EXIT:
        return _("Of %(all)s of whom it foretold %(foretold)s to leave, %(happened)s left.") % words
    return _("Of %(all)s of whom it foretold %(foretold)s to buy, %(happened)s bought.") % words


def _draw_qini(points: Points) -> Picture:
    rows = [(point[0], point[1]) for point in points]
    all_in = rows[-1]
    up = make_scale([gain for _share, gain in rows], low=0.0, say=_say_gain)
    return Picture(
        name="qini",
        title=_("Whom it would help first"),
        sentence=_say_qini(rows),
        plot=draw_plot(
            [
                Curve(_("by luck"), [(0.0, 0.0), all_in]),
                Curve(_("in its order"), rows),
            ],
            across=Scale(0.0, 1.0, (0.0, 0.25, 0.5, 0.75, 1.0), percent),
            up=up,
        ),
        below=_("share of shoppers invited"),
        beside=_("orders won among 1,000 shoppers"),
        head=(_("Invited"), _("Orders won of 1,000, in its order"), _("by luck")),
        rows=tuple(
            (percent(share), _say_gain(gain), _say_gain(all_in[1] * share / (all_in[0] or 1.0))) for share, gain in _thin(rows)
        ),
    )


def _say_qini(rows: Sequence[tuple[float, float]]) -> str:
    best = max(rows, key=lambda row: row[1])
    words = {"all": _say_gain(rows[-1][1]), "best": _say_gain(best[1]), "share": percent(best[0])}
    if best[1] <= 0:
        return _("In no order did inviting win anything.")
    if best[0] >= rows[-1][0]:
        return _("Inviting everybody wins %(all)s orders among 1,000 shoppers; nobody has to be left out.") % words
    return (
        _("Inviting the %(share)s that it ranks first wins %(best)s orders among 1,000 shoppers; inviting everybody, %(all)s.")
        % words
    )


def _thin(rows: Sequence[tuple[float, float]], most: int = 11) -> Sequence[tuple[float, float]]:
    """Return about ``most`` rows, the first and the last among them: a table of forty lines nobody reads."""
    step = max(1, (len(rows) - 1) // (most - 1))
    return [*rows[:-1:step], rows[-1]]


def _hundred(share: float) -> str:
    return number(round(100 * share))


def _say_count(value: float) -> str:
    return number(round(value))


def _say_gain(gain: float) -> Any:
    return number(round(1000 * gain, 1) + 0.0)
