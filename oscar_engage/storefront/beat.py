"""What does one beat lead to? Observe, record outcomes, decide, render: one call, one transaction."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, partial

import msgspec

from oscar_engage.conf import get_settings
from oscar_engage.core.ids import new_id_at
from oscar_engage.decisions.decide import Decided, decide
from oscar_engage.decisions.edge import waits
from oscar_engage.decisions.line.store import step_aside
from oscar_engage.decisions.outcomes import Outcome, record_outcome
from oscar_engage.decisions.ports import ask_free_agents, ask_places, ask_takes_calls, take_hold
from oscar_engage.decisions.weigh import language_of
from oscar_engage.desk.dialer.answer import HEARD_EVERY, Heard, hear, note_answer, note_left
from oscar_engage.desk.mask.text import mask_secrets
from oscar_engage.desk.waiting import Waiting, waiting_for, waiting_for_key
from oscar_engage.learning.features.instant import Instant
from oscar_engage.learning.foretell import Foreteller
from oscar_engage.learning.vectors.write import keep_vectors, may_keep
from oscar_engage.rules.actions import ACTIONS
from oscar_engage.rules.kept.store import read_kept
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.past.read import past_of_live_rules
from oscar_engage.shop.frozen import find_frozen
from oscar_engage.signals import shipped
from oscar_engage.signals.kinds import Payload
from oscar_engage.signals.shipped_anchors import AnchorsSeen
from oscar_engage.signals.signal import Signal
from oscar_engage.signals.sources.browser import Beat
from oscar_engage.storefront.asking import build_answers
from oscar_engage.storefront.client import UNKNOWN_CLIENT, Client
from oscar_engage.storefront.fragments import render_kept_basket, render_offers, render_waiting, render_withdrawn
from oscar_engage.surveys.wait import may_ask
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.guard import own_transaction
from oscar_engage.visitors.left_behind import get_restorable
from oscar_engage.visitors.models import Visitor
from oscar_engage.visitors.observe import Observed, observe
from oscar_engage.visitors.page import PageFacts, read_page
from oscar_engage.visitors.quarantine import quarantine
from oscar_engage.visitors.state import VisitState
from oscar_engage.visitors.take import remember_holding
from oscar_engage.widgets.draws import Draws
from oscar_engage.widgets.filling import Offerable
from oscar_engage.widgets.live import active_engagements
from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.scene import Scene

_OUTCOME_OF: dict[type[Payload], Outcome] = {
    shipped.WidgetSeen: "seen",
    shipped.WidgetAccepted: "accepted",
    shipped.WidgetDismissed: "dismissed",
    shipped.WidgetIgnored: "ignored",
}
ANSWER_RETRY = 3.0
"""Seconds after which a worker will have asked the shop's other system."""

BUDGET_RETRY = 10.0
"""Seconds after which costly variables are asked again that a slow moment left unknown; not sooner, for the shop is slow."""

_NOTHING = Decided(offers=(), wake_in=None, holding=())


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatAnswer:
    """What the browser gets: HTML fragments, when to come back (seconds), and the key that its visitor has now."""

    fragments: tuple[str, ...] = ()
    wake_in: float | None = None
    key: str | None = None


def serve_beat(
    beat: Beat,
    *,
    key: str | None,
    customer_id: int | None = None,
    consent: ConsentLevel,
    client: Client = UNKNOWN_CLIENT,
    now: datetime,
) -> BeatAnswer:
    """Fold a beat into the visit of the visitor with this key and answer it.

    Without consent nothing is stored and nothing offered; what the shopper asked for earlier still comes back to them. A key
    that no visitor has raises ``UnknownKeyError``. ``customer_id`` is who is logged in, where that is known; ``client``
    what the request itself tells of the browser.
    """
    page = read_page(beat.page)
    if consent < ConsentLevel.FUNCTIONAL:
        return BeatAnswer(fragments=tuple(render_waiting(_waiting_for_key(beat, key))))
    is_driven = beat.is_driven and not get_settings().driven_browsers
    if key is None and (is_driven or not beat.fetch):
        return BeatAnswer()  # a farewell: beside the next page's first beat it would make a second visitor of the same browser
    # All of it, what is only read as well: a lock on our tables must not hold the shop's thread.
    with _asking_what_waits(beat, key) as waiting, own_transaction():
        engagements = active_engagements(now=now) if beat.fetch else {}
        decided, heard, kept, wake_in, offerable = _NOTHING, Heard(), _Kept(), None, None
        observed = observe(
            key=key,
            customer_id=customer_id,
            consent=consent,
            signals=_signals(beat, page, key, now),
            page=page,
            now=now,
            began=client.began,
        )
        if observed is not None:
            if is_driven and not observed.visitor.is_automaton:
                quarantine(observed.visitor)
            if not observed.visitor.is_automaton:
                _record_outcomes(observed.visitor.pk, beat.signals, now)
            if beat.fetch and not observed.visitor.is_automaton:
                moment = _moment(beat, observed, page, consent=consent, client=client, now=now)
                offerable = _offerable(engagements, observed, moment)
                decided = _decide(beat, observed, moment, offerable)
                heard = hear(observed.visitor.pk, beat.showing, now=now)
                wake_in = _wake_in(decided, moment, is_kept=heard.is_kept)
            elif any(isinstance(signal.payload, shipped.PageLeft) for signal in beat.signals):
                note_left(observed.visitor.pk, beat.showing, now=now)
                if waits(observed.state.holding):
                    step_aside(observed.visit.pk, now=now)
            kept = _kept_for(observed, waiting)
    return BeatAnswer(
        fragments=(
            *render_withdrawn(heard.withdrawn),
            *(render_offers(decided.offers, engagements, offerable) if offerable is not None else ()),
            *render_waiting(kept.waiting),
            *((render_kept_basket(),) if kept.baskets and find_frozen(kept.baskets) else ()),
        ),
        wake_in=wake_in,
        key=observed.visitor.key if observed is not None else None,
    )


def _waiting_for_key(beat: Beat, key: str | None) -> list[Waiting]:
    """Return what the shopper asked for earlier: without consent it still comes back to them."""
    if key is None or not beat.fetch or not _opens_page(beat):
        return []
    with own_transaction():
        visitor_id = Visitor.objects.filter(key=key).values_list("pk", flat=True).first()
        return waiting_for(visitor_id) if visitor_id else []


@dataclass(frozen=True, slots=True)
class _Kept:
    """What waits for the shopper, and baskets that may have stayed at the bank."""

    waiting: Sequence[Waiting] = ()
    baskets: Sequence[int] = ()


def _asking_what_waits(beat: Beat, key: str | None) -> AbstractContextManager[Callable[[], list[Waiting]] | None]:
    """Ask what waits for the shopper, along with the first query of the block: with the first beat of a page it comes back.

    Nothing waits for a browser without a key.
    """
    if not beat.fetch or not _opens_page(beat):
        return nullcontext()
    return nullcontext(list) if key is None else waiting_for_key(key)


def _kept_for(observed: Observed, waiting: Callable[[], list[Waiting]] | None) -> _Kept:
    """Return what comes back with the first beat of a page."""
    if waiting is None:
        return _Kept()
    is_lost = bool(observed.state.payments_lost)
    return _Kept(waiting(), get_restorable(observed.visitor.pk) if is_lost else ())


def _signals(beat: Beat, page: PageFacts, key: str | None, now: datetime) -> list[Signal]:
    """Return the beat's signals; a browser without a key also gets those its first page could not leave on the server."""
    told = [_tell_page(signal, page) for signal in beat.signals]
    if key is not None or not _opens_page(beat):
        return told
    opened_at = min(signal.at for signal in told if isinstance(signal.payload, shipped.PageViewed))
    landing = [
        Signal(kind=kind, payload=payload, at=opened_at, event_id=new_id_at(opened_at)) for kind, payload in _landing(page)
    ]
    return [*landing, *told]


def _tell_page(signal: Signal, page: PageFacts) -> Signal:
    """Write into the log which page was opened or left, whatever the browser says of it."""
    payload = signal.payload
    if isinstance(payload, AnchorsSeen):
        return replace(signal, payload=_of_thing(payload, page))
    if not isinstance(payload, shipped.PageViewed | shipped.PageLeft):
        return signal
    told = msgspec.structs.replace(
        payload, page=page.kind, product_id=page.product_id, category_id=page.category_id, step=page.step
    )
    return replace(signal, payload=told)


def _of_thing(payload: AnchorsSeen, page: PageFacts) -> AnchorsSeen:
    """Add the page's own product or category to the places that name none: those of Oscar's templates cannot."""
    thing = f"product:{page.product_id}" if page.product_id else f"category:{page.category_id}" if page.category_id else ""
    if not thing:
        return payload
    named = (tuple(name if "|" in name else f"{name}|{thing}" for name in names) for names in (payload.seen, payload.clicked))
    return AnchorsSeen(seen=next(named), clicked=next(named))


def _opens_page(beat: Beat) -> bool:
    return any(isinstance(signal.payload, shipped.PageViewed) for signal in beat.signals)


def _landing(page: PageFacts) -> Iterable[tuple[str, Payload]]:
    if page.product_id is not None:
        yield "product.viewed", shipped.ProductViewed(product_id=page.product_id)
    if page.step:
        yield "checkout.step", shipped.CheckoutStep(step=page.step)


def _decide(beat: Beat, observed: Observed, moment: Moment, offerable: Offerable) -> Decided:
    path = mask_secrets(beat.path)
    instant = _instant(moment, observed.state)
    may_foretell = moment.consent >= ConsentLevel.PERSONALISATION and may_keep(observed.visitor, moment.consent)
    foreteller = Foreteller(instant, may_ask=may_foretell)
    moment = replace(moment, foretold=cache(foreteller.foretold))
    hold = partial(take_hold, visitor_id=observed.visitor.pk, path=path, language=language_of(moment), now=moment.now)
    decided = decide(
        visitor=observed.visitor,
        visit=observed.visit,
        state=observed.state,
        moment=moment,
        path=path,
        showing=beat.showing,
        now=moment.now,
        engagements=offerable,
        hold=hold,
        may_ask=partial(may_ask, observed.visitor, now=moment.now),
        draw_variant=offerable.draw,
        advise=foreteller.advice,
    )
    state = remember_holding(observed.visit, observed.state, decided.holding)
    keep_vectors(
        observed.visitor,
        observed.visit,
        replace(instant, state=state),  # what was scored, with what the visit now remembers: no feature reads of that
        consent=moment.consent,
        drawn=decided.drawn,
        foretell=lambda _instant, action: foreteller.scored(action, decided.explored),
    )
    return decided


def _instant(moment: Moment, state: VisitState) -> Instant:
    """Return what is turned into numbers: what earlier visits tell only with the consent to personalisation."""
    is_known = moment.consent >= ConsentLevel.PERSONALISATION
    return Instant(state, moment.page.kind, moment.now, moment.idle_seconds, moment.visible_seconds, is_known)


def _offerable(engagements: Mapping[str, Engagement], observed: Observed, moment: Moment) -> Offerable:
    """Return what can be offered here and now, each engagement in the wording of this visitor."""
    may_keep = moment.consent >= ConsentLevel.STATISTICS
    draws = Draws(observed.visitor.unit_id, salt=get_settings().salt, may_keep=may_keep, now=moment.now)
    return Offerable(engagements, _scene(observed, moment), draws)


def _scene(observed: Observed, moment: Moment) -> Scene:
    """Return what engagements are filled in from; who it is counts only with the consent to personalisation."""
    is_personal = moment.consent >= ConsentLevel.PERSONALISATION
    return Scene(
        state=observed.state,
        page=moment.page,
        answers=moment.answers,
        visitor_id=observed.visitor.pk,
        customer_id=observed.visitor.customer_id if is_personal else None,
        language=language_of(moment),
        now=moment.now,
    )


def _wake_in(decided: Decided, moment: Moment, *, is_kept: bool) -> float | None:
    """Return when to come back: soon, where a worker was asked for a value that nobody knows yet, or a place is kept.

    What the beat had no time left to ask would else stay unknown for as long as the shopper only looks.
    """
    is_invited = is_kept or any(ACTIONS.get(offer.action).needs_agent for offer in decided.offers)
    waits = (
        decided.wake_in,
        ANSWER_RETRY if moment.awaited else None,
        BUDGET_RETRY if moment.unasked else None,
        HEARD_EVERY if is_invited else None,
    )
    return min((seconds for seconds in waits if seconds is not None), default=None)


def _record_outcomes(visitor_id: uuid.UUID, signals: Iterable[Signal], now: datetime) -> None:
    for signal in signals:
        payload = signal.payload
        if isinstance(payload, shipped.WidgetSeen | shipped.WidgetAccepted | shipped.WidgetDismissed | shipped.WidgetIgnored):
            what = _OUTCOME_OF[type(payload)]
            record_outcome(visitor_id, payload.decision, what, now=now)
            if what != "seen":
                note_answer(visitor_id, payload.decision, what, now=now)


def _moment(beat: Beat, observed: Observed, page: PageFacts, *, consent: ConsentLevel, client: Client, now: datetime) -> Moment:
    is_personal = consent >= ConsentLevel.PERSONALISATION
    is_customer = observed.visitor.customer_id is not None
    return Moment(
        state=observed.state,
        page=page,
        now=now,
        idle_seconds=beat.idle_seconds,
        visible_seconds=beat.visible_seconds,
        consent=consent,
        visits=observed.state.number if is_personal else None,
        is_customer=is_customer,
        free_agents=partial(ask_free_agents, now=now),
        places=partial(ask_places, now=now),
        takes_calls=partial(ask_takes_calls, now=now),
        past=cache(partial(past_of_live_rules, observed.visitor.unit_id, now=now)),
        kept=cache(partial(read_kept, observed.visitor.pk, is_customer=is_customer, now=now)),
        answers=build_answers(observed.visitor, observed.state, page, now=now, country=client.country),
    )
