"""What does the product do of itself in a simulated night? It judges yesterday's challengers, learns what is due, sets bars."""

from datetime import datetime

from django.db.models import Count, Q

from oscar_engage.decisions.models import Decision
from oscar_engage.desk.dialer.forecast import Rates
from oscar_engage.learning.leads import measure
from oscar_engage.learning.nightly import watch
from oscar_engage.learning.nightly.run import learn_tonight
from oscar_engage.learning.registry.models import ModelState, ModelVersion, Task
from oscar_engage.rules.actions import ACTIONS
from oscar_engage.simulation.parameters import Parameters
from oscar_engage.simulation.trainer import train_here
from oscar_engage.simulation.world.agents import OFFERED_PLACE, AgentPool

RESTS = 3
"""Where a model speaks already, its question is learnt again in every so manieth night only: most of a run's time went there,
and one night more changes little in a model. A shop's worker, which has the whole night, learns each of them."""


def learn(now: datetime) -> int:
    """Have the night's learning done as of ``now``, and return how many runs that were.

    On the simulated clock it takes no time: the worker looks each hour whether a challenger has had its day, a simulated one
    once a day, and what was put on trial some seconds past midnight would wait for the second night. What fails is a row of its
    own, as in any night.
    """
    watch.follow(watch.look({}, now=now), now=now)
    return sum(1 for _run in learn_tonight(clock=lambda: now, but=_resting(now), train=train_here))


def _resting(now: datetime) -> frozenset[Task]:
    """Return the chances that a model foretells already, but in every third night; uplift, which takes longest, never rests."""
    if now.toordinal() % RESTS == 0:
        return frozenset()
    speaking = ModelVersion.objects.filter(state=ModelState.LIVE, task__in=(Task.PROPENSITY, Task.EXIT))
    return frozenset(Task(task) for task in speaking.values_list("task", flat=True))


def set_bars(now: datetime, *, pool: AgentPool, parameters: Parameters) -> None:
    """Measure the day before ``now`` as the hourly job does; the simulated desk keeps no hours, so the pool tells its room."""

    def places(since: datetime) -> float:
        return measure.places_in(pool.room(since), _rates(since, now, parameters))

    measure.follow(measure.look({}, now=now, places_of=places), now=now)


def _rates(since: datetime, now: datetime, parameters: Parameters) -> Rates:
    """Return what the dialer would have measured of the day's invitations."""
    with_agent = [name for name in ACTIONS.names() if ACTIONS.get(name).needs_agent]
    offers = Decision.objects.filter(offered_at__gte=since, offered_at__lt=now, action__in=with_agent)
    counted = offers.aggregate(all=Count("pk"), accepted=Count("pk", filter=Q(accepted_at__isnull=False)))
    share = (counted["accepted"] + 1) / (counted["all"] + 10)  # one in ten, while there are none
    talk = 60 * parameters.chat_minutes
    return Rates(acceptance=share, answer=OFFERED_PLACE, talk=talk, spread=parameters.chat_spread)
