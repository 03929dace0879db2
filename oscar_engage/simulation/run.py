"""How is a whole run made? Day by day, with the nights between, and the truth at its end."""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from oscar_engage.analytics.models import RollupDay
from oscar_engage.analytics.rollups.declare import ROLLUPS
from oscar_engage.analytics.rollups.fill import fill
from oscar_engage.simulation.drive.day import People, pass_day
from oscar_engage.simulation.drive.shop import read_day
from oscar_engage.simulation.models import SimulationRun
from oscar_engage.simulation.nights import learn, set_bars
from oscar_engage.simulation.parameters import SHOP, Parameters
from oscar_engage.simulation.progress import Nights, say_left
from oscar_engage.simulation.report import build_document
from oscar_engage.simulation.world.agents import AgentPool
from oscar_engage.simulation.world.arrivals import DAYS_A_WEEK, arrivals

Say = Callable[[str], None]


def simulate(
    *,
    midnight: datetime,
    days: int,
    visits_per_day: float,
    seed: int,
    parameters: Parameters = SHOP,
    holdout: float | None = None,
    is_logged: bool = False,
    is_learning: bool = True,
    until: datetime | None = None,
    clock: Callable[[], datetime],
    say: Say = lambda _line: None,
) -> SimulationRun:
    """Fill the tables with the ``days`` days before ``midnight`` (with a time zone) and return the run with its truth.

    ``seed`` must be another than that of a run whose rows are still there: the same seed makes the same visitors. ``holdout``
    is the share that every rule holds out, ``None``: its own. ``is_logged`` writes the log of signals too, ten rows a visit.
    ``until``: simulate the day after ``midnight``, too, up to this instant, so that a page on the last 24 hours is full.
    ``say`` is told of every day; ``clock`` is the real one, by which reports are counted anew at the end.
    """
    run = SimulationRun.objects.create(started_at=clock())
    people, pool = People(seed=seed), AgentPool(parameters)
    begins = midnight - timedelta(days=days)
    visits = orders = 0
    took: list[float] = []
    nights = Nights()
    came = arrivals(begins, days=days + (until is not None), visits_per_day=visits_per_day, seed=seed, parameters=parameters)
    for number, today in enumerate(came):
        began = monotonic()
        on = begins + timedelta(days=number)
        is_today = number == days
        rows = pass_day(
            today,
            people,
            pool=pool,
            day=read_day(on, holdout=holdout),
            seed=seed,
            week=number / DAYS_A_WEEK,
            parameters=parameters,
            is_logged=is_logged,
            until=until if is_today else None,
        )
        rows.write()
        visits, orders = visits + rows.arrived, orders + rows.orders
        told = f"{rows.arrived} visits, {rows.orders} orders, {pool.chats} chats so far"
        if is_today:
            say(f"today so far: {told}")
            break
        midnight_after = on + timedelta(days=1)
        if is_learning:
            learn(midnight_after)
            set_bars(midnight_after, pool=pool, parameters=parameters)
        took.append(monotonic() - began)
        say(f"day {number + 1} of {days}: {told}; {say_left(took, days - number - 1)}")
        for line in nights.tell(midnight_after) if is_learning else ():
            say(line)
    _count_anew(begins, now=clock())
    say("counted what the reports read")
    run.document = build_document(
        people.met.values(),
        parameters=parameters,
        seed=seed,
        days=days,
        visits_per_day=visits_per_day,
        visits=visits,
        orders=orders,
    )
    run.ended_at = clock()
    run.save(update_fields=["document", "ended_at"])
    return run


def _count_anew(begins: datetime, *, now: datetime) -> None:
    """Count what the reports read: days counted today would not be due before tomorrow, and have just got new rows."""
    RollupDay.objects.filter(day__gte=begins.date(), frozen_at=None).delete()
    for rollup in ROLLUPS:
        fill(rollup, now=now)
