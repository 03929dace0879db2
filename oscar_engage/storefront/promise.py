"""What can policies read of who asks? The moment of the visit in which the question is asked, from the page it is about."""

from collections.abc import Collection
from datetime import datetime
from functools import cache, partial
from urllib.parse import urlsplit
from uuid import UUID

from django.urls import Resolver404, resolve

from oscar_engage.decisions.ports import ask_free_agents
from oscar_engage.desk.promises.choose import Tell
from oscar_engage.rules.answers import once_each
from oscar_engage.rules.engine.values import UNKNOWN
from oscar_engage.rules.engine.walk import Read
from oscar_engage.rules.kept.store import look_at_kept
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.past.read import read_past
from oscar_engage.rules.past.wanted import find_wanted
from oscar_engage.rules.variables import clock_names, reading
from oscar_engage.storefront.asking import build_answers
from oscar_engage.storefront.pages import get_page_facts
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import Visit, Visitor
from oscar_engage.visitors.page import UNKNOWN_PAGE, PageFacts
from oscar_engage.visitors.state import VisitState, begin
from oscar_engage.visitors.stored import read_state

_WITHOUT_VISIT = ("page.", "customer.", "time.", "desk.", "visitor.is_customer", "visitor.questions", "visitor.country")
"""How what is known begins where no visit goes on; a count of nothing seen must not pass for a count of nothing done."""


def telling(visitor: Visitor, visit_id: UUID | None, *, page_path: str, now: datetime) -> Tell:
    """Return what tells policies of ``visitor``, who asks ``now`` about the page at ``page_path``; no query before it is asked.

    Without a visit (``None``), and of what only the page in view can tell, nothing is known but what the shop and the desk say.
    """

    def tell(fields: Collection[str]) -> Read:
        visit = Visit.objects.filter(pk=visit_id).first() if visit_id else None
        moment = _moment(visitor, read_state(visit) if visit else None, _page(page_path), fields, now)
        return _known(reading(moment), has_visit=visit is not None)

    return tell


def _known(read: Read, *, has_visit: bool) -> Read:
    clocks = clock_names()

    def known(key: str) -> object:
        is_browsers = key.startswith("page.") and key in clocks  # how long nothing was touched: beats alone say it
        is_told = not is_browsers and (has_visit or key.startswith(_WITHOUT_VISIT))
        return read(key) if is_told else UNKNOWN

    return known  # type: ignore[return-value]  # what ``read`` returns, or UNKNOWN


def _moment(visitor: Visitor, state: VisitState | None, page: PageFacts, fields: Collection[str], now: datetime) -> Moment:
    known = state or begin(now)
    wanted = find_wanted(set(fields))
    is_customer = visitor.customer_id is not None
    return Moment(
        state=known,
        page=page,
        now=now,
        idle_seconds=0.0,
        visible_seconds=0.0,
        consent=visitor.consent,
        visits=state.number if state and visitor.consent >= ConsentLevel.PERSONALISATION else None,
        is_customer=is_customer,
        free_agents=once_each(partial(ask_free_agents, now=now), None),
        past=cache(partial(read_past, visitor.unit_id, wanted, now=now)) if wanted.kinds else _no_past,
        kept=cache(partial(look_at_kept, visitor.pk, is_customer=is_customer)),
        answers=build_answers(visitor, known, page, now=now),
    )


def _no_past() -> None:
    return None


def _page(page_path: str) -> PageFacts:
    try:
        return get_page_facts(resolve(urlsplit(page_path).path))
    except (Resolver404, ValueError):
        return UNKNOWN_PAGE
