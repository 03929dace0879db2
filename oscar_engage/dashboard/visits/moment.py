"""What would a rule read of this visit now? The moment of a beat, guessed from outside.

Only the browser knows how long nothing was touched and whether the page is in view. From here the last signal stands for the
last touch, and the page counts as in view since it was opened: what is shown may be some seconds ahead of the next beat.
"""

from dataclasses import replace
from datetime import datetime
from functools import cache, partial

from oscar_engage.dashboard.visits.listing import page_of
from oscar_engage.decisions.ports import ask_free_agents, ask_places
from oscar_engage.learning.leads.ask import ask_models
from oscar_engage.rules.answers import once_each
from oscar_engage.rules.kept.store import look_at_kept
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.past.read import past_of_live_rules
from oscar_engage.storefront.asking import build_answers
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import Visitor
from oscar_engage.visitors.state import VisitState


def guess_moment(visitor: Visitor, state: VisitState, *, now: datetime) -> Moment:
    """Return the moment that a beat without news would make at ``now``. What consent forbids to rules is not in it."""
    opened_at = state.page_since or state.started_at
    moment = Moment(
        state=state,
        page=page_of(state),
        now=now,
        idle_seconds=max(0.0, (now - state.last_at).total_seconds()),
        visible_seconds=max(0.0, (now - opened_at).total_seconds()),
        consent=visitor.consent,
        visits=state.number if visitor.consent >= ConsentLevel.PERSONALISATION else None,
        is_customer=visitor.customer_id is not None,
        free_agents=_unasked,
    )
    return fill_in(visitor, moment)


def fill_in(visitor: Visitor, moment: Moment) -> Moment:
    """Return ``moment``, which is now, with whom to ask for what neither the visit nor the page tells."""
    return replace(
        moment,
        free_agents=once_each(partial(ask_free_agents, now=moment.now), None),
        places=once_each(partial(ask_places, now=moment.now), None),
        past=cache(partial(past_of_live_rules, visitor.unit_id, now=moment.now)),
        kept=cache(partial(look_at_kept, visitor.pk, is_customer=moment.is_customer)),
        answers=build_answers(visitor, moment.state, moment.page, now=moment.now),
        foretold=cache(partial(ask_models, moment)),
    )


def _unasked(**asked: object) -> int:
    return 0
