"""What comes of one moment? The pure core of a decision, for a beat and for the replay of a recorded one alike."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from oscar_engage.conf import EngageSettings
from oscar_engage.core.quiet import is_quiet, quiet_for
from oscar_engage.decisions.edge import split
from oscar_engage.decisions.gates import Facts, Limits, ShopAnswers
from oscar_engage.decisions.judge import Fate, Match, Verdict, judge, remember
from oscar_engage.decisions.line.order import Asked
from oscar_engage.decisions.models import Reason
from oscar_engage.rules.engine.wake import HORIZON, TICK
from oscar_engage.rules.moment import Moment
from oscar_engage.visitors.consent import ConsentLevel

AGENT_RETRY = 15.0  # seconds: half an agent's lease, so a freed slot is noticed before its agent may be gone

COUNT_RETRY = 1.0  # seconds: by then the beat that counted a rule's offers of the day is over


@dataclass(frozen=True, slots=True)
class Weighed:
    """The verdicts on what is new or waits, the match that takes the moment, and what ``VisitState.holding`` is to remember.

    Whether the winner is offered is not said here: its arm is drawn last.
    """

    verdicts: tuple[Verdict, ...]
    winner: Match | None
    holding: tuple[int, ...]


def _first(passing: Sequence[Match]) -> Match:
    return passing[0]


def weigh(
    matches: Sequence[Match],
    facts: Facts,
    *,
    holding: Iterable[int],
    choose: Callable[[Sequence[Match]], Match] = _first,
) -> Weighed:
    """Ask the gates about every match that is new or waits; ``holding`` is what the visit remembers of the last moment.

    ``choose`` says which of those that all gates let pass takes the moment; they come in the order of ``matches``.
    """
    settled, waiting = split(holding)
    shop, places = ShopAnswers(facts), [match.place for match in matches]
    verdicts = tuple(
        judge(match, facts, is_waiting=place in waiting, shop=shop)
        for match, place in zip(matches, places, strict=True)
        if place not in settled
    )
    passing = [verdict.match for verdict in verdicts if verdict.reason is None]
    winner = choose(passing) if passing else None
    return Weighed(verdicts, winner, remember(places, verdicts))


def find_recorded(weighed: Weighed, consent: int) -> tuple[Verdict, ...]:
    """Return the verdicts that get a row: below statistics only the winner's, for anything else is a trace."""
    return tuple(
        verdict
        for verdict in weighed.verdicts
        if verdict.is_new and (verdict.match is weighed.winner or consent >= ConsentLevel.STATISTICS)
    )


def find_wake(clocks: Iterable[float | None], verdicts: Iterable[Verdict], facts: Facts) -> float | None:
    """Return the seconds until another beat is worth sending, if ever.

    ``clocks`` are those until a clock turns a rule on that may act; besides, a page may be no longer new, quiet hours over,
    or an agent free.
    """
    told = [(verdict.reason, verdict.fate) for verdict in verdicts]
    reasons = {reason for reason, _fate in told}
    waits = list(clocks)
    if (Reason.CAPPED_DAY, Fate.UNBEGUN) in told:
        waits.append(COUNT_RETRY)
    if Reason.TOO_EARLY in reasons:
        waits.append(facts.limits.quiet_seconds - facts.open_seconds + TICK)
    if Reason.QUIET_HOURS in reasons:
        zone, within = timezone.get_default_timezone(), timedelta(seconds=HORIZON)
        waits.append(quiet_for(facts.limits.quiet_hours, facts.now, zone, within=within))
    if Reason.NO_AGENT in reasons or Reason.IN_LINE in reasons:
        waits.append(AGENT_RETRY)
    return min((seconds for seconds in waits if seconds is not None), default=None)


def places_at(moment: Moment, path: str, queue: str, ahead: tuple[Asked, ...] = ()) -> int:
    """Return how many more may be invited to a chat about the page at ``path``; nobody, where the desk cannot tell.

    The shopper's language is the page's; where that is not known, any will do. ``ahead``: who comes before the shopper.
    """
    if moment.places is None:
        return (moment.free_agents() or 0) - len(ahead)
    asked = {"queue": queue, "path": path, "language": language_of(moment)}
    return (moment.places(**asked, ahead=ahead) if ahead else moment.places(**asked)) or 0


def has_calls_at(moment: Moment, path: str) -> bool:
    """Return whether a call can be asked for at ``path``; where nobody was asked, it is left open."""
    return moment.takes_calls is None or bool(moment.takes_calls(path=path))


def language_of(moment: Moment) -> str:
    """Return the language to answer in, as far as it is known."""
    return moment.page.language or moment.state.arrival.language


def read_limits(settings: EngageSettings) -> Limits:
    """Return what the gates ask of the shop's settings."""
    return Limits(
        offers_per_visit=settings.offers_per_visit,
        offers_per_week=settings.offers_per_week,
        cooldown=timedelta(days=settings.cooldown_days),
        quiet_seconds=settings.quiet_seconds,
        excluded_paths=settings.excluded_paths,
        quiet_hours=settings.quiet_hours,
    )


def is_quiet_at(limits: Limits, now: datetime) -> bool:
    """Whether the shop makes no offers at ``now``, by its own clock, wherever the shopper is."""
    return bool(limits.quiet_hours) and is_quiet(limits.quiet_hours, now.astimezone(timezone.get_default_timezone()))
