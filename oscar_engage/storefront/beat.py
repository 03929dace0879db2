"""What does one beat lead to? Observe, record outcomes, decide, render: one call, one transaction."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import msgspec
from django.urls import reverse
from django.utils.html import format_html

from oscar_engage.decisions.decide import Decided, decide
from oscar_engage.decisions.models import Decision
from oscar_engage.decisions.outcomes import Outcome, record_outcome
from oscar_engage.decisions.ports import get_availability
from oscar_engage.desk.mask.text import mask_secrets
from oscar_engage.desk.waiting import Waiting, waiting_for
from oscar_engage.rules.moment import Moment
from oscar_engage.shop.frozen import find_frozen
from oscar_engage.signals import shipped
from oscar_engage.signals.kinds import Payload
from oscar_engage.signals.signal import Signal
from oscar_engage.signals.sources.browser import Beat
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.guard import own_transaction
from oscar_engage.visitors.left_behind import get_restorable
from oscar_engage.visitors.models import Visitor
from oscar_engage.visitors.observe import Observed, observe
from oscar_engage.visitors.page import PageFacts, read_page
from oscar_engage.visitors.take import remember_holding
from oscar_engage.widgets.live import active_engagements
from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.render import render_offer

_OUTCOME_OF: dict[type[Payload], Outcome] = {
    shipped.WidgetSeen: "seen",
    shipped.WidgetAccepted: "accepted",
    shipped.WidgetDismissed: "dismissed",
}
_WAITING = '<div data-engage-widget="{kind}" data-engage-open="{url}?fragment=1"></div>'
_NOTHING = Decided(offers=(), wake_in=None, holding=())


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatAnswer:
    """What the browser gets: HTML fragments, when to come back (seconds), and the key that its visitor has now."""

    fragments: tuple[str, ...] = ()
    wake_in: float | None = None
    key: str | None = None


def serve_beat(
    beat: Beat, *, key: str | None, customer_id: int | None = None, consent: ConsentLevel, now: datetime
) -> BeatAnswer:
    """Fold a beat into the visit of the visitor with this key and answer it.

    Without consent nothing is stored and nothing offered; what the shopper asked for earlier still comes back to them. A key
    that no visitor has raises ``UnknownKeyError``. ``customer_id`` is who is logged in, where that is known.
    """
    page = read_page(beat.page)
    observed, decided = None, _NOTHING
    engagements = active_engagements() if beat.fetch and consent >= ConsentLevel.FUNCTIONAL else {}
    if consent >= ConsentLevel.FUNCTIONAL:
        with own_transaction():
            observed = observe(
                key=key,
                customer_id=customer_id,
                consent=consent,
                signals=_signals(beat, page, key, now),
                page=page,
                now=now,
            )
            if observed is not None:
                _record_outcomes(observed.visitor.pk, beat.signals, now)
                if beat.fetch:
                    decided = _decide(beat, observed, _moment(beat, observed, page, consent, now), engagements)
    owner_id = observed.visitor.pk if observed is not None else _owner_of(beat, key)
    return BeatAnswer(
        fragments=(
            *_render_offers(decided.offers, engagements),
            *_render_waiting(beat, owner_id),
            *_render_kept_basket(beat, observed),
        ),
        wake_in=decided.wake_in,
        key=observed.visitor.key if observed is not None else None,
    )


def _signals(beat: Beat, page: PageFacts, key: str | None, now: datetime) -> list[Signal]:
    """Return the beat's signals; a browser without a key also gets those its first page could not leave on the server."""
    told = [_tell_page(signal, page) for signal in beat.signals]
    if key is not None or not _opens_page(beat):
        return told
    landing = [Signal(kind=kind, payload=payload, at=now, event_id=uuid.uuid4()) for kind, payload in _landing(page)]
    return [*landing, *told]


def _owner_of(beat: Beat, key: str | None) -> uuid.UUID | None:
    """Return the visitor with this key where nothing was observed, if what waits for them is to be shown."""
    if key is None or not beat.fetch or not _opens_page(beat):
        return None
    return Visitor.objects.filter(key=key).values_list("pk", flat=True).first()


def _tell_page(signal: Signal, page: PageFacts) -> Signal:
    """Write into the log which page was opened or left, whatever the browser says of it."""
    payload = signal.payload
    if not isinstance(payload, shipped.PageViewed | shipped.PageLeft):
        return signal
    told = msgspec.structs.replace(
        payload, page=page.kind, product_id=page.product_id, category_id=page.category_id, step=page.step
    )
    return replace(signal, payload=told)


def _opens_page(beat: Beat) -> bool:
    return any(isinstance(signal.payload, shipped.PageViewed) for signal in beat.signals)


def _landing(page: PageFacts) -> Iterable[tuple[str, Payload]]:
    if page.product_id is not None:
        yield "product.viewed", shipped.ProductViewed(product_id=page.product_id)
    if page.step:
        yield "checkout.step", shipped.CheckoutStep(step=page.step)


def _decide(beat: Beat, observed: Observed, moment: Moment, engagements: Mapping[str, Engagement]) -> Decided:
    decided = decide(
        visitor=observed.visitor,
        visit=observed.visit,
        state=observed.state,
        moment=moment,
        path=mask_secrets(beat.path),
        showing=beat.showing,
        now=moment.now,
        engagements={slug: engagement.widget for slug, engagement in engagements.items()},
    )
    remember_holding(observed.visit, observed.state, decided.holding)
    return decided


def _record_outcomes(visitor_id: uuid.UUID, signals: Iterable[Signal], now: datetime) -> None:
    for signal in signals:
        payload = signal.payload
        if isinstance(payload, shipped.WidgetSeen | shipped.WidgetAccepted | shipped.WidgetDismissed):
            record_outcome(visitor_id, payload.decision, _OUTCOME_OF[type(payload)], now=now)


def _moment(beat: Beat, observed: Observed, page: PageFacts, consent: ConsentLevel, now: datetime) -> Moment:
    is_personal = consent >= ConsentLevel.PERSONALISATION
    return Moment(
        state=observed.state,
        page=page,
        now=now,
        idle_seconds=beat.idle_seconds,
        visible_seconds=beat.visible_seconds,
        consent=consent,
        visits=observed.state.number if is_personal else None,
        is_customer=observed.visitor.customer_id is not None,
        free_agents=partial(get_availability().free_agents, now=now),
    )


def _render_offers(offers: Iterable[Decision], engagements: Mapping[str, Engagement]) -> Iterable[str]:
    for decision in offers:
        engagement = engagements.get(decision.engagement)
        if engagement is not None:
            yield render_offer(decision, engagement)


def _render_waiting(beat: Beat, visitor_id: uuid.UUID | None) -> Iterable[str]:
    """Give a placeholder for each thing that waits for the shopper, with the first beat of a page."""
    if visitor_id is None or not beat.fetch or not _opens_page(beat):
        return
    for waiting in waiting_for(visitor_id):
        yield format_html(_WAITING, kind=waiting.kind, url=_url_of(waiting))


def _render_kept_basket(beat: Beat, observed: Observed | None) -> Iterable[str]:
    """Offer the basket that stayed at the bank, with the first beat of the page on which that became clear."""
    if observed is None or not beat.fetch or not _opens_page(beat) or not observed.state.payments_lost:
        return
    if find_frozen(get_restorable(observed.visitor.pk)) is not None:
        yield format_html(_WAITING, kind="basket", url=reverse("engage:basket"))


def _url_of(waiting: Waiting) -> str:
    return reverse("engage:chat-detail" if waiting.kind == "chat" else "engage:note-detail", args=[waiting.public_id])
