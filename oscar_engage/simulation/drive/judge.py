"""What is done for a simulated shopper at one look? The product's rules, gates and draw, over memory in place of queries.

Beside ``decisions.decide`` this leaves out what needs the shop's tables: variables that ask the shop, the log of earlier visits
or kept values are unknown here, and so are surveys and wordings under test.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, partial
from uuid import UUID

from oscar_engage.decisions.arms import NO_EXPERIMENT, Draw, find_arm, is_explorer
from oscar_engage.decisions.caps import by_rule
from oscar_engage.decisions.gates import Facts, find_advice
from oscar_engage.decisions.judge import Match, find_match
from oscar_engage.decisions.models import Arm, Reason
from oscar_engage.decisions.order.ranking import Ranking
from oscar_engage.decisions.past.history import count_history
from oscar_engage.decisions.weigh import Weighed, find_recorded, is_quiet_at, places_at, weigh
from oscar_engage.learning.foretell import Foreteller
from oscar_engage.rules.actions import ACTIONS
from oscar_engage.rules.load import LiveRule
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.variables import reading
from oscar_engage.simulation.drive.person import Person
from oscar_engage.simulation.drive.shop import DayOfShop
from oscar_engage.simulation.parameters import Channel
from oscar_engage.simulation.world.looks import Look
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.state import VisitState

PATHS = {"home": "/", "basket": "/basket/", "checkout": "/checkout/", "search": "/search/"}


@dataclass(frozen=True, slots=True)
class Told:
    """What is recorded of one match: its arm and the reason; ``is_drawn``: it took the moment, and its arm was drawn.

    ``is_explored``: though the model was against it.
    """

    match: Match
    draw: Draw
    is_drawn: bool
    is_explored: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of a look: the rows to write, and what ``VisitState.holding`` is to remember."""

    told: tuple[Told, ...]
    holding: tuple[int, ...]


def channel_of(match: Match) -> Channel:
    """Return how the rule helps."""
    return Channel.CHAT if ACTIONS.get(match.action.do).needs_agent else Channel.SHOWN


def path_of(look: Look) -> str:
    """Return an address for the page of ``look``."""
    return PATHS.get(look.page.kind, f"/{look.page.kind}/")


def moment_of(look: Look, state: VisitState, *, consent: int, now: datetime, free: Callable[..., int | None]) -> Moment:
    """Return what rules read at this look."""
    is_personal = consent >= ConsentLevel.PERSONALISATION
    return Moment(
        state=state,
        page=look.page,
        now=now,
        idle_seconds=look.idle,
        visible_seconds=look.visible,
        consent=consent,
        visits=state.number if is_personal else None,
        is_customer=False,
        free_agents=free,
    )


def judge_look(
    look: Look,
    state: VisitState,
    person: Person,
    visit_id: UUID,
    day: DayOfShop,
    *,
    now: datetime,
    free: Callable[[], int],
    foreteller: Foreteller,
) -> Judged:
    """Judge the live rules for one shopper at one look; ``free`` says how many more chats the agents can take."""
    consent = person.shopper.consent
    moment = moment_of(look, state, consent=consent, now=now, free=lambda **_asked: free())
    moment = replace(moment, foretold=cache(foreteller.foretold))
    pool = day.live.every if consent >= ConsentLevel.STATISTICS else day.live.services
    branches = pool.matches(reading(moment), now=now)
    if not branches:
        return Judged((), ())
    matches = [match for rule, branch in branches for match in find_match(rule, branch)]
    ranking = Ranking(lambda: day.formula, moment)
    explores = partial(is_explorer, person.id, salt=day.settings.salt, share=day.settings.learning_explores)
    facts = replace(
        _facts(look, moment, person, visit_id, day),
        advice=cache(foreteller.advice),
        explores=lambda rule_id: explores(rule_id=rule_id),
        is_reserved=cache(partial(ranking.is_worth, day.settings.learning_reserve)),
    )
    weighed = weigh(matches, facts, holding=state.holding, choose=ranking.choose)
    return Judged(tuple(_told(weighed, facts, person, day, consent)), weighed.holding)


def _facts(look: Look, moment: Moment, person: Person, visit_id: UUID, day: DayOfShop) -> Facts:
    opened_at = moment.state.page_since or moment.state.started_at
    path = path_of(look)
    history = partial(count_history, person.spent, visit_id=visit_id, cooldown=day.limits.cooldown, now=moment.now)
    return Facts(
        consent=moment.consent,
        page=moment.page,
        path=path,
        open_seconds=(moment.now - opened_at).total_seconds(),
        showing=(),
        engagements=day.engagements,
        limits=day.limits,
        now=moment.now,
        history=cache(history),
        places=partial(places_at, moment, path),
        is_quiet=is_quiet_at(day.limits, moment.now),
        visit_id=visit_id,
        spent=lambda: by_rule(person.spent),
    )


def _told(weighed: Weighed, facts: Facts, person: Person, day: DayOfShop, consent: int) -> Iterator[Told]:
    for verdict in find_recorded(weighed, consent):
        match = verdict.match
        if match is not weighed.winner:
            yield Told(match.asked, Draw(Arm.NONE, None, verdict.reason or Reason.LOST), is_drawn=False)
            continue
        if match.instead_of is not None and not verdict.was_waiting and consent >= ConsentLevel.STATISTICS:
            yield Told(match.asked, Draw(Arm.NONE, None, verdict.because or Reason.NO_AGENT), is_drawn=False)
        draw = NO_EXPERIMENT if consent < ConsentLevel.STATISTICS else _draw(match.rule, person, day)
        is_explored = find_advice(match.wish, facts) is not None
        yield Told(match, draw, is_drawn=draw.probability is not None, is_explored=is_explored)


def _draw(rule: LiveRule, person: Person, day: DayOfShop) -> Draw:
    shares = {"shop_share": day.settings.shop_holdout, "rule_share": day.share_of(rule)}
    kept = person.arms.get(rule.rule_id)
    return find_arm(person.id, rule_id=rule.rule_id, salt=day.settings.salt, kept=kept, **shares)
