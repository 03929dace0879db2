"""What comes of one moment? The pure core of a decision, for a beat and for the replay of a recorded one alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from oscar_engage.conf import EngageSettings
from oscar_engage.decisions.edge import unpack
from oscar_engage.decisions.gates import Facts, Limits
from oscar_engage.decisions.judge import Match, Verdict, judge, remember
from oscar_engage.decisions.models import Reason
from oscar_engage.rules.engine.wake import TICK
from oscar_engage.rules.moment import Moment
from oscar_engage.visitors.consent import ConsentLevel

AGENT_RETRY = 15.0  # seconds: half an agent's lease, so a freed slot is noticed before its agent may be gone


@dataclass(frozen=True, slots=True)
class Weighed:
    """The verdicts on what is new or waits, the match that takes the moment, and what ``VisitState.holding`` is to remember.

    Whether the winner is offered is not said here: its arm is drawn last.
    """

    verdicts: tuple[Verdict, ...]
    winner: Match | None
    holding: tuple[int, ...]


def weigh(matches: Sequence[Match], facts: Facts, *, holding: Iterable[int]) -> Weighed:
    """Ask the gates about every match that is new or waits; ``holding`` is what the visit remembers of the last moment."""
    settled, waiting = unpack(holding)
    verdicts = tuple(judge(match, facts, is_waiting=match.held in waiting) for match in matches if match.held not in settled)
    winner = next((verdict.match for verdict in verdicts if verdict.reason is None), None)
    return Weighed(verdicts, winner, remember(matches, verdicts))


def find_recorded(weighed: Weighed, consent: int) -> tuple[Verdict, ...]:
    """Return the verdicts that get a row: below statistics only the winner's, for anything else is a trace."""
    return tuple(
        verdict
        for verdict in weighed.verdicts
        if verdict.is_new and (verdict.match is weighed.winner or consent >= ConsentLevel.STATISTICS)
    )


def find_wake(clocks: Iterable[float | None], verdicts: Iterable[Verdict], facts: Facts) -> float | None:
    """Return the seconds until another beat is worth sending, if ever.

    ``clocks`` are those until a clock turns a rule on that may act; besides, a page may be no longer new, or an agent free.
    """
    reasons = {verdict.reason for verdict in verdicts}
    waits = list(clocks)
    if Reason.TOO_EARLY in reasons:
        waits.append(facts.limits.quiet_seconds - facts.open_seconds + TICK)
    if Reason.NO_AGENT in reasons:
        waits.append(AGENT_RETRY)
    return min((seconds for seconds in waits if seconds is not None), default=None)


def places_at(moment: Moment, path: str, queue: str) -> int:
    """Return how many more may be invited to a chat about the page at ``path``; nobody, where the desk cannot tell.

    The shopper's language is the page's; where that is not known, any will do.
    """
    if moment.places is None:
        return moment.free_agents() or 0
    return moment.places(queue=queue, path=path, language=language_of(moment)) or 0


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
    )
