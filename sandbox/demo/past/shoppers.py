"""Who came by, what did they meet and what did they buy? Chance in, plain values out: no database, no clock."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sandbox.demo.past.clicks import Click, click_through
from sandbox.demo.past.effects import DAYS, EFFECTS, LEFT_ALONE, Effect

STAFF_EACH, AUTOMATON_EACH = 150, 90
SEEN = 0.92
BOUGHT_OTHERWISE = 0.015
"""Share of those who buy although no rule ever held for them."""

LATER, CAME_AGAIN = 0.12, 0.2
"""Shares: of the orders those that are placed on another day, of all shoppers those who come a second time anyway."""

RETURNED, CANCELLED = 0.08, 0.02
WITH_BASKET = 0.06
_HOURS = [*range(7, 23), *range(9, 21), *range(9, 21), *range(18, 22)]
_WEEKDAYS = (1.0, 1.0, 1.0, 1.0, 0.9, 1.1, 1.3)
"""How busy Monday to Sunday are."""

_DEVICES = ("phone", "phone", "phone", "desktop", "desktop", "tablet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A rule held: in which arm that was, with which probability, and how the offer fared (``None``: it did not get so far)."""

    id: UUID
    effect: Effect
    arm: str
    at: datetime
    seen: datetime | None = None
    accepted: datetime | None = None
    dismissed: datetime | None = None

    @property
    def is_left_alone(self) -> bool:
        """Whether the shop's own hold-out said no, so that no arm was drawn."""
        return self.arm == "none"

    @property
    def probability(self) -> float:
        """With which probability it came to this."""
        by_arm = {"none": LEFT_ALONE, "control": self.effect.holdout, "treated": 1 - self.effect.holdout}
        return by_arm[self.arm]


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """An order; ``end`` is the status it has by now, ``pence`` its total."""

    at: datetime
    pence: int
    end: str = "Shipped"


@dataclass(slots=True, kw_only=True)
class Stay:
    """One visit; ``pence`` is what was in the basket at its end."""

    id: UUID
    number: int
    began: datetime
    ended: datetime
    stage: str
    pence: int
    moment: Moment | None = None
    clicks: tuple[Click, ...] = ()


@dataclass(slots=True, kw_only=True)
class Shopper:
    """One browser with all it did."""

    id: UUID
    number: int
    device: str
    is_staff: bool
    is_automaton: bool
    stays: list[Stay] = field(default_factory=list)
    orders: list[Purchase] = field(default_factory=list)


def shoppers(midnight: datetime, *, size: int, seed: int) -> Iterator[Shopper]:
    """Yield ``size`` browsers that came in the :data:`DAYS` days before ``midnight``, which begins today.

    Each has a chance of its own, so that what they do is the same on whatever day of the week the shop is filled.
    """
    ago = range(DAYS, 0, -1)
    busy = [_WEEKDAYS[(midnight - timedelta(days=days)).weekday()] for days in ago]
    came = sorted(random.Random(seed).choices(ago, busy, k=size), reverse=True)  # noqa: S311 - a repeatable past, no secret
    for number, days in enumerate(came):
        yield _shop(number, days, midnight, random.Random(f"{seed}:{number}"))  # noqa: S311 - likewise


def new_id(chance: random.Random) -> UUID:
    """Return an id as ``uuid4`` makes them, of a chance that can be repeated."""
    return UUID(int=chance.getrandbits(128), version=4)


def _shop(number: int, days: int, midnight: datetime, chance: random.Random) -> Shopper:
    shopper = Shopper(
        id=new_id(chance),
        number=number,
        device=chance.choice(_DEVICES),
        is_staff=number % STAFF_EACH == 1,
        is_automaton=number % AUTOMATON_EACH == 2,  # noqa: PLR2004 - any rest does
    )
    began = midnight - timedelta(days=days) + timedelta(hours=chance.choice(_HOURS), seconds=chance.randrange(3000))
    effect = _choose(days, chance)
    moment = _meet(effect, began, chance) if effect else None
    is_helped = moment is not None and moment.arm == "treated"
    share = BOUGHT_OTHERWISE if effect is None else effect.helped if is_helped else effect.alone
    has_bought = chance.random() < share
    pence = _basket(chance)
    ended = began + timedelta(seconds=chance.randrange(240, 1500))
    is_later = has_bought and chance.random() < LATER
    _add_stay(shopper, began, ended, pence, moment, has_bought=has_bought and not is_later, chance=chance)
    if has_bought and not is_later:
        shopper.orders.append(_buy(ended - timedelta(seconds=20), pence, midnight, chance))
    if is_later or chance.random() < CAME_AGAIN:
        again = began + timedelta(days=chance.randrange(1, 6), minutes=chance.randrange(-90, 90))
        until = again + timedelta(seconds=chance.randrange(200, 900))
        if until < midnight:
            _add_stay(shopper, again, until, pence, None, has_bought=is_later, chance=chance)
            if is_later:
                shopper.orders.append(_buy(until - timedelta(seconds=20), pence, midnight, chance))
    return shopper


def _choose(days: int, chance: random.Random) -> Effect | None:
    luck = chance.random()
    for effect in EFFECTS:
        if luck < effect.share:
            return effect if days <= effect.since else None
        luck -= effect.share
    return None


def _meet(effect: Effect, began: datetime, chance: random.Random) -> Moment:
    at = began + timedelta(seconds=chance.randrange(60, 200))
    key, luck = new_id(chance), [chance.random() for _lot in range(4)]
    if luck[0] < LEFT_ALONE:
        return Moment(id=key, effect=effect, arm="none", at=at)
    if luck[1] < effect.holdout:
        return Moment(id=key, effect=effect, arm="control", at=at)
    is_seen = luck[2] < SEEN
    is_accepted, is_dismissed = luck[3] < effect.accepted, effect.accepted <= luck[3] < effect.accepted + effect.dismissed
    return Moment(
        id=key,
        effect=effect,
        arm="treated",
        at=at,
        seen=at + timedelta(seconds=1) if is_seen else None,
        accepted=at + timedelta(seconds=12) if is_seen and is_accepted else None,
        dismissed=at + timedelta(seconds=6) if is_seen and is_dismissed else None,
    )


def _basket(chance: random.Random) -> int:
    return int(min(22_000, max(1500, chance.gauss(8200, 3000))))


def _buy(at: datetime, pence: int, midnight: datetime, chance: random.Random) -> Purchase:
    luck, is_old = chance.random(), (midnight - at).days >= 6  # noqa: PLR2004 - days until goods are back
    end = "Returned" if luck < RETURNED and is_old else "Cancelled" if luck > 1 - CANCELLED else "Shipped"
    return Purchase(at=at, pence=pence, end=end)


def _add_stay(
    shopper: Shopper,
    began: datetime,
    ended: datetime,
    pence: int,
    moment: Moment | None,
    *,
    has_bought: bool,
    chance: random.Random,
) -> None:
    has_basket = moment is not None or has_bought or chance.random() < WITH_BASKET
    page = moment.effect.page if moment else "/checkout/" if has_bought else "/"
    is_checkout = has_bought or page.startswith("/checkout/")
    stage = "ordered" if has_bought else "checkout" if is_checkout else "basket" if has_basket else "browsing"
    clicks = click_through(began, ended, page=page, stage=stage, has_bought=has_bought, chance=chance)
    shopper.stays.append(
        Stay(
            id=new_id(chance),
            number=len(shopper.stays) + 1,
            began=began,
            ended=ended,
            stage=stage,
            pence=pence if has_basket and not has_bought else 0,
            moment=moment,
            clicks=clicks,
        )
    )
