"""How does a shopper look round in one visit? Pages by its manner, and how it ends once its mind is made up.

The body of a visit does not know what the shop does; only the way to an order is added behind it. So two worlds with the same
seed differ in nothing but what an invitation changed.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from oscar_engage.signals import shipped
from oscar_engage.simulation.parameters import Manner, Parameters
from oscar_engage.simulation.world.looks import Look, Stop, Told, ends_at, looks_of
from oscar_engage.simulation.world.luck import amount, count, seeded
from oscar_engage.simulation.world.shopper import Shopper
from oscar_engage.visitors.page import PageFacts

PRODUCTS, CATEGORIES = 120, 8
STEPS = ("index", "shipping-address", "shipping-method")
CURRENCY, LANGUAGE = "GBP", "en"
PAUSE, PAUSE_SPREAD = 35.0, 0.7
"""Seconds of a pause with a page in view: median and spread; assumed, like the number of pauses."""

BOT_SECONDS = 1.2
_FIRST_BASKET = 1_000_000_000
"""Ids of simulated baskets and orders begin here: above any that a sandbox gives."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A visit: its ``body``, and the way on to an order, taken only if the shopper orders (empty: it never could)."""

    body: tuple[Look, ...]
    to_order: tuple[Look, ...]


def basket_id(shopper: Shopper) -> int:
    """Return the id of the shopper's basket, and of its order."""
    return _FIRST_BASKET + shopper.number


def plan_visit(shopper: Shopper, number: int, *, seed: int, parameters: Parameters, week: float = 0.0) -> Plan:
    """Return the ``number``-th visit (from 1) of the shopper, ``week`` weeks after the world began: manners drift."""
    chance = seeded(seed, "visit", shopper.number, number)
    if shopper.is_bot:
        return Plan(looks_of(list(_crawl(chance, parameters))), ())
    manner = parameters.manners[shopper.kind]
    dwell = manner.dwell * (1 + parameters.drift_weekly * week)
    walk = _Walk(shopper, manner, dwell, parameters, chance)
    stops = list(walk.look_round())
    is_filled = shopper.bent < manner.to_basket
    if is_filled:
        stops += walk.fill(removes=chance.random() < manner.removes)
        if shopper.bent < manner.to_basket * manner.to_checkout:
            stops += walk.check_out(STEPS)
    if chance.random() < manner.exit_intents:
        stops[-1] = _leaving(stops[-1])
    body = looks_of(stops)
    steps = () if stops[-1].page.kind == "checkout" else STEPS
    rest = [*(() if is_filled else walk.fill(removes=False)), *walk.check_out(steps), *walk.pay()]
    return Plan(body, looks_of(rest, begins=ends_at(stops) + 1) if number == shopper.visits else ())


def _leaving(stop: Stop) -> Stop:
    return Stop(stop.page, stop.told, stop.active, stop.idle, leaves=True)


@dataclass(frozen=True, slots=True)
class _Walk:
    """One walk through the shop; every method yields pages in their order."""

    shopper: Shopper
    manner: Manner
    dwell: float
    parameters: Parameters
    chance: random.Random

    def look_round(self) -> Iterator[Stop]:
        """Yield the pages before any basket."""
        manner, chance = self.manner, self.chance
        pages = min(self.parameters.most_pages, 1 + count(chance, (manner.pages - 1) * self.shopper.busy))
        for _page in range(pages):
            luck = chance.random() * manner.pages
            if luck < manner.products:
                yield self._product()
            elif luck < manner.products + manner.searches:
                yield self._search()
            elif luck < manner.products + manner.searches + manner.reads_help:
                yield self._stop(PageFacts(kind="help", language=LANGUAGE), (), pages)
            else:
                category = chance.randrange(CATEGORIES + 1)
                kind = "category" if category else "home"
                yield self._stop(PageFacts(kind=kind, category_id=category or None, language=LANGUAGE), (), pages)

    def fill(self, *, removes: bool) -> Iterator[Stop]:
        """Yield the product that goes into the basket, and the basket."""
        product = self._product()
        yield product
        told: list[Told] = [("basket.line_added", shipped.LineAdded(product_id=product.page.product_id or 1))]
        told.append(self._measured(1))
        if removes:
            told.append(("basket.line_removed", shipped.LineRemoved(product_id=product.page.product_id or 1)))
            told.append(self._measured(1, 0.8))
        yield self._stop(PageFacts(kind="basket", language=LANGUAGE), tuple(told), 3)

    def check_out(self, steps: tuple[str, ...]) -> Iterator[Stop]:
        """Yield the steps of the checkout."""
        for step in steps:
            told: list[Told] = [("checkout.step", shipped.CheckoutStep(step=step))]
            if step == "shipping-address" and self.chance.random() < self.manner.form_errors:
                told.append(("form.invalid", shipped.FormInvalid(form="shipping", fields=("postcode",))))
            yield self._stop(PageFacts(kind="checkout", step=step, language=LANGUAGE), tuple(told), 2)

    def pay(self) -> Iterator[Stop]:
        """Yield the payment, with the order at its end."""
        page = PageFacts(kind="checkout", step="payment-details", language=LANGUAGE)
        yield Stop(page, (("checkout.step", shipped.CheckoutStep(step="payment-details")),), 40.0, 0.0)
        placed = shipped.OrderPlaced(order_id=basket_id(self.shopper))
        thanks = PageFacts(kind="checkout", step="thank-you", language=LANGUAGE)
        yield Stop(thanks, (("payment.tried", shipped.PaymentTried()), ("order.placed", placed)), 5.0, 0.0)

    def _product(self) -> Stop:
        product = 1 + self.chance.randrange(PRODUCTS)
        told = (("product.viewed", shipped.ProductViewed(product_id=product)),)
        return self._stop(PageFacts(kind="product", product_id=product, language=LANGUAGE), told, self.manner.pages)

    def _search(self) -> Stop:
        results = 0 if self.chance.random() < 0.15 else 1 + self.chance.randrange(20)  # noqa: PLR2004 - assumed
        told = (("search.made", shipped.SearchMade(query="tent", results=results)),)
        return self._stop(PageFacts(kind="search", language=LANGUAGE), told, self.manner.pages)

    def _stop(self, page: PageFacts, told: tuple[Told, ...], pages: float) -> Stop:
        """Return a page with its seconds; the visit's pauses are spread over about ``pages``."""
        chance = self.chance
        active = min(600.0, 2 + amount(chance, self.dwell, self.parameters.dwell_spread) * 0.8)
        is_idle = chance.random() < self.manner.idles / (self.manner.idles + pages)
        idle = min(600.0, amount(chance, PAUSE, PAUSE_SPREAD)) if is_idle else 0.0
        return Stop(page, told, active, idle)

    def _measured(self, lines: int, part: float = 1.0) -> Told:
        total = round(self.shopper.worth * part, 2)
        payload = shipped.BasketMeasured(
            basket_id=basket_id(self.shopper), total=total, currency=CURRENCY, lines=lines, quantity=lines
        )
        return "basket.measured", payload


def _crawl(chance: random.Random, parameters: Parameters) -> Iterator[Stop]:
    """Yield a bot's pages: many, quick, one product after the other."""
    for _page in range(1 + count(chance, parameters.bot_pages)):
        product = 1 + chance.randrange(PRODUCTS)
        told = (("product.viewed", shipped.ProductViewed(product_id=product)),)
        yield Stop(PageFacts(kind="product", product_id=product, language=LANGUAGE), told, BOT_SECONDS, 0.0)
