"""How does a made-up past get into the tables? Many rows at a time, past everything that would act on them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Model
from oscar.core.loading import get_model

from oscar_engage.models import (
    Assignment,
    Conversation,
    Conversion,
    Decision,
    Message,
    Rating,
    RuleVersion,
    SignalRecord,
    StepRating,
    Visit,
    Visitor,
)
from oscar_engage.visitors.state import Arrival, BasketState, VisitState, to_json
from sandbox.demo.past.effects import LEFT_ALONE
from sandbox.demo.past.shoppers import Moment, Purchase, Shopper, Stay
from sandbox.demo.past.talks import Talked

CURRENCY = "GBP"
BATCH = 2000
KEY = "past-{number}"
"""By its key the first browser is known, and so whether the past is there already."""

_REASONS = {"none": "shop_holdout", "control": "rule_holdout", "treated": "offered"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Who and what of the desk the conversations belong to: ids by their short names, agents in the order of the team."""

    agents: Sequence[int]
    queues: Mapping[str, int]
    topics: Mapping[str, int]


def write_shoppers(shoppers: Sequence[Shopper], versions: Mapping[str, RuleVersion]) -> None:
    """Write browsers, their visits, what the log says of them, and what was decided. ``versions``: by the rule's name."""
    stays = [(shopper, stay) for shopper in shoppers for stay in shopper.stays]
    moments = [(shopper, stay, stay.moment) for shopper, stay in stays if stay.moment]
    _write(Visitor, (_visitor(shopper) for shopper in shoppers))
    _write(Visit, (_visit(shopper, stay) for shopper, stay in stays))
    _write(SignalRecord, _signals(stays))
    _write(Decision, (_decision(shopper, stay, moment, versions) for shopper, stay, moment in moments))
    _write(StepRating, _words(stays))
    _write(
        Assignment,
        (
            Assignment(
                visitor_id=shopper.id,
                rule_id=versions[moment.effect.rule].rule_id,
                arm=moment.arm,
                probability=moment.probability,
                shop_share=LEFT_ALONE,
                drawn_at=moment.at,
            )
            for shopper, _stay, moment in moments
            if not moment.is_left_alone
        ),
    )


def write_orders(shoppers: Iterable[Shopper], products: Sequence[Any], *, first_number: int) -> int:
    """Write Oscar's orders, a line each, and the conversions; return how many. ``products``: whatever stands in the lines."""
    order, line = get_model("order", "Order"), get_model("order", "Line")
    placed = sorted(
        ((shopper, bought) for shopper in shoppers for bought in shopper.orders if not shopper.is_automaton),
        key=lambda pair: pair[1].at,
    )
    orders = [_order(order, str(first_number + place), bought) for place, (_shopper, bought) in enumerate(placed)]
    order.objects.bulk_create(orders, batch_size=BATCH)
    _write(line, (_line(line, row, products[place % len(products)]) for place, row in enumerate(orders)) if products else ())
    pairs = zip(orders, placed, strict=True)
    _write(Conversion, (_conversion(row, shopper, bought) for row, (shopper, bought) in pairs))
    _write(SignalRecord, (_placed(row, shopper, bought) for row, (shopper, bought) in zip(orders, placed, strict=True)))
    return len(orders)


def write_talks(talked: Sequence[Talked], desk: Desk) -> None:
    """Write conversations with their messages and ratings; all are closed, and what they were about is said."""
    rows = [_conversation(one, desk) for one in talked]
    Conversation.objects.bulk_create(rows, batch_size=BATCH)
    pairs = list(zip(rows, talked, strict=True))
    _write(Message, (message for row, one in pairs for message in _messages(row, one, desk)))
    ratings = ((row, one) for row, one in pairs if one.score is not None)
    _write(
        Rating,
        (
            Rating(conversation=row, agent_id=row.agent_id, score=one.score, at=one.closed + timedelta(seconds=30))
            for row, one in ratings
        ),
    )


def _write(model: type[Model], rows: Iterable[Model]) -> None:
    model._default_manager.bulk_create(list(rows), batch_size=BATCH)


def _visitor(shopper: Shopper) -> Visitor:
    return Visitor(
        id=shopper.id,
        key=KEY.format(number=shopper.number),
        consent=3,
        is_staff=shopper.is_staff,
        is_automaton=shopper.is_automaton,
        created_at=shopper.stays[0].began,
        last_seen_at=shopper.stays[-1].ended,
    )


def _visit(shopper: Shopper, stay: Stay) -> Visit:
    basket = BasketState()
    if stay.pence:
        basket = BasketState(total=stay.pence / 100, currency=CURRENCY, lines=1, quantity=1, changed_at=stay.began)
    state = VisitState(
        started_at=stay.began,
        last_at=stay.ended,
        number=stay.number,
        arrival=Arrival(device=shopper.device, page="product", language="en", at=_milliseconds(stay.began)),
        pages=1 + (stay.stage != "browsing"),
        signals=len(stay.clicks),
        basket=basket,
    )
    return Visit(
        id=stay.id,
        visitor_id=shopper.id,
        started_at=stay.began,
        last_at=stay.ended,
        stage=stay.stage,
        state=to_json(state),
    )


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _signals(stays: Iterable[tuple[Shopper, Stay]]) -> Iterable[SignalRecord]:
    for shopper, stay in stays:
        for click in stay.clicks:
            yield SignalRecord(
                event_id=click.id,
                visitor_id=shopper.id,
                visit_id=stay.id,
                kind=click.kind,
                source=click.source,
                payload=click.payload,
                at=click.at,
                received_at=click.at,
            )


def _placed(order: Any, shopper: Shopper, bought: Purchase) -> SignalRecord:
    stay = next(stay for stay in reversed(shopper.stays) if stay.began <= bought.at)
    return SignalRecord(
        event_id=UUID(int=stay.id.int ^ 1),
        visitor_id=shopper.id,
        visit_id=stay.id,
        kind="order.placed",
        source="server",
        payload={"order_id": order.pk},
        at=bought.at,
        received_at=bought.at,
    )


def _words(stays: Iterable[tuple[Shopper, Stay]]) -> Iterable[StepRating]:
    """Give what was said of articles, the first word of each shopper on each."""
    said = set()
    for shopper, stay in stays:
        for click in stay.clicks:
            if click.kind == "help.rated" and (key := (shopper.id, click.payload["article"])) not in said:
                said.add(key)
                helped = click.payload["helpful"]
                yield StepRating(step="article", subject=key[1], visitor_id=shopper.id, helped=helped, at=click.at)


def _decision(shopper: Shopper, stay: Stay, moment: Moment, versions: Mapping[str, RuleVersion]) -> Decision:
    return Decision(
        id=moment.id,
        visitor_id=shopper.id,
        visit_id=stay.id,
        version_id=versions[moment.effect.rule].pk,
        branch=0,
        action=moment.effect.action,
        engagement=moment.effect.engagement,
        arm=moment.arm,
        probability=moment.probability,
        reason=_REASONS[moment.arm],
        page_path=moment.effect.page,
        eligible_at=moment.at,
        offered_at=moment.at if moment.arm == "treated" else None,
        seen_at=moment.seen,
        accepted_at=moment.accepted,
        dismissed_at=moment.dismissed,
    )


def _order(model: type[Model], number: str, bought: Purchase) -> Any:
    total = Decimal(bought.pence) / 100
    return model(
        number=number,
        currency=CURRENCY,
        total_incl_tax=total,
        total_excl_tax=(total / Decimal("1.2")).quantize(Decimal("0.01")),
        shipping_incl_tax=Decimal(0),
        shipping_excl_tax=Decimal(0),
        status=bought.end,
        date_placed=bought.at,
    )


def _line(model: type[Model], order: Any, product: Any) -> Any:
    incl, excl = order.total_incl_tax, order.total_excl_tax
    return model(
        order=order,
        partner_name="",
        partner_sku=product.upc or "",
        product_id=product.pk,
        title=product.title or str(product.pk),
        upc=product.upc,
        quantity=1,
        status=order.status,
        line_price_incl_tax=incl,
        line_price_excl_tax=excl,
        line_price_before_discounts_incl_tax=incl,
        line_price_before_discounts_excl_tax=excl,
        unit_price_incl_tax=incl,
        unit_price_excl_tax=excl,
        num_allocated=0,
    )


def _conversion(order: Any, shopper: Shopper, bought: Purchase) -> Conversion:
    return Conversion(
        order_id=order.pk,
        order_number=order.number,
        visitor_id=shopper.id,
        total=order.total_incl_tax,
        currency=CURRENCY,
        placed_at=bought.at,
        returned_at=None if bought.end == "Shipped" else bought.at + timedelta(hours=20),
        is_test=shopper.is_staff,
    )


def _conversation(one: Talked, desk: Desk) -> Conversation:
    agent = None if one.agent is None else desk.agents[one.agent]
    is_broken = one.answered is not None and one.answered > one.due
    last = len(one.words)
    return Conversation(
        kind="chat" if one.is_chat else "note",
        status="closed",
        visitor_id=one.shopper,
        visit_id=one.stay,
        decision_id=one.moment.id if one.moment else None,
        agent_id=agent,
        queue_id=desk.queues.get(one.queue),
        topic_id=desk.topics.get(one.topic),
        language="en",
        page_path=one.moment.effect.page if one.moment else "/",
        created_at=one.asked,
        due_at=one.due,
        breached_at=one.due if is_broken else None,
        taken_at=None if one.answered is None else max(one.asked, one.answered - timedelta(seconds=25)),
        first_reply_at=one.answered,
        closed_at=one.closed,
        spoken_at=one.closed,
        outcome="" if agent is None else "solved" if one.is_solved else "unsolved",
        wrapped_at=one.closed + timedelta(minutes=1),
        last_seq=last,
        shopper_read_seq=last,
        agent_read_seq=last,
    )


def _messages(row: Conversation, one: Talked, desk: Desk) -> Iterable[Message]:
    for seq, words in enumerate(one.words, start=1):
        is_agent = seq == 2  # noqa: PLR2004 - the second of three is the answer
        at = one.asked if seq == 1 else one.answered if is_agent else one.closed - timedelta(seconds=20)
        yield Message(
            conversation=row,
            seq=seq,
            client_id=UUID(int=row.pk * 8 + seq),
            role="agent" if is_agent else "shopper",
            agent_id=desk.agents[one.agent] if is_agent and one.agent is not None else None,
            body=words,
            at=at,
        )
