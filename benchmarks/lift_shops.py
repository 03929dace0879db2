"""What would shops look like of which one knows the truth? Visitors, orders and what was known before, day by day, simulated.

Eight visitors in ten are new. Of the others we know what they bought before: who bought more, buys more likely and for more.
Orders are lognormal with a heavy tail, and capped at the 99th percentile of a period before. The true means follow from the
parameters by formula, not by another simulation. Vectorised: thousands of shops at once.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

RETURNING = 0.2
KEENER = 3.0
"""How much more likely a returning visitor of median value buys."""

BEND = 0.3
"""By what power of past value the chance, and the size, of an order grow."""

TWICE = 0.13
"""The share of buyers who order a second time, for the same sum."""

BUYERS, ORDERS, REVENUE, BASKET = range(4)
"""The measures: buyers per visitor, orders per visitor, revenue per visitor, revenue per order (y: revenue, x: orders)."""

MEASURES = ("buyers", "orders", "revenue", "order value")


@dataclass(frozen=True, slots=True)
class Shops:
    """Parameters, one row a shop: visitors a day, chance of a new visitor to buy, sigma of log order sums.

    ``share`` is the part that becomes treated, ``drift`` what the chance to buy is multiplied with, both one column a day.
    ``chance`` and ``size`` are what being treated multiplies the chance to buy and the order sum with.
    """

    visitors: np.ndarray
    base: np.ndarray
    sigma: np.ndarray
    share: np.ndarray
    drift: np.ndarray
    chance: float = 1.0
    size: float = 1.0

    @property
    def cap(self) -> np.ndarray:
        """The 99th percentile of what new visitors order, in units of the median order."""
        return np.exp(self.sigma * norm.ppf(0.99))


def choose_shops(
    rng: np.random.Generator, *, shops: int, days: int, chance: float = 1.0, size: float = 1.0, treated: tuple[float, ...]
) -> Shops:
    """Return shops of all kinds: 20 to 400 visitors a day, 1 to 5 % buyers among new visitors, sigma 0.6 to 1.4."""
    return Shops(
        visitors=np.exp(rng.uniform(np.log(20), np.log(400), shops)),
        base=rng.uniform(0.01, 0.05, shops),
        sigma=rng.uniform(0.6, 1.4, shops),
        share=np.repeat(rng.choice(treated, shops)[:, None], days, axis=1),
        drift=np.ones((shops, days)),
        chance=chance,
        size=size,
    )


def simulate(rng: np.random.Generator, shops: Shops) -> np.ndarray:
    """Return the seven numbers of a group for each: [shop, day, arm (0 control, 1 treated), measure, number]."""
    visitors = rng.poisson(np.repeat(shops.visitors[:, None], shops.share.shape[1], axis=1))
    treated = rng.binomial(visitors, shops.share)
    arms = [
        _simulate_arm(rng, shops, visitors - treated, chance=1.0, size=1.0),
        _simulate_arm(rng, shops, treated, chance=shops.chance, size=shops.size),
    ]
    return np.stack(arms, axis=2)


def _simulate_arm(rng: np.random.Generator, shops: Shops, units: np.ndarray, *, chance: float, size: float) -> np.ndarray:
    cells = units.size
    rate = (shops.base[:, None] * shops.drift * chance).ravel()
    sigma, cap = (np.repeat(each, units.shape[1]) for each in (shops.sigma, shops.cap))
    returning = rng.binomial(units.ravel(), RETURNING)
    new_buyers = rng.binomial(units.ravel() - returning, rate)
    cell_of = np.repeat(np.arange(cells), returning)
    past = rng.standard_normal(len(cell_of), dtype=np.float32)
    known = np.exp(past)
    buys = rng.random(len(cell_of), dtype=np.float32) < rate[cell_of] * KEENER * np.exp(BEND * past)
    cell = np.concatenate([cell_of[buys], np.repeat(np.arange(cells), new_buyers)])
    bent = np.concatenate([BEND * past[buys], np.zeros(new_buyers.sum())])
    before = np.concatenate([known[buys], np.zeros(new_buyers.sum())])
    orders = 1.0 + (rng.random(len(cell)) < TWICE)
    sums = size * np.exp(bent + sigma[cell] * rng.standard_normal(len(cell)))
    revenue = np.minimum(orders * sums, cap[cell])

    def add(values: np.ndarray, where: np.ndarray = cell) -> np.ndarray:
        return np.bincount(where, weights=values, minlength=cells)

    one = np.ones(len(cell))
    x, xx = add(known, cell_of), add(known.astype(float) ** 2, cell_of)
    numbers = [[units.ravel(), add(one), add(y), add(y * y), x, xx, add(y * before)] for y in (one, orders, revenue)]
    numbers.append([units.ravel(), add(one), add(revenue), add(revenue**2), add(orders), add(orders**2), add(revenue * orders)])
    return np.array(numbers).transpose(2, 0, 1).reshape(*units.shape, 4, 7)


def true_means(shops: Shops, *, chance: float = 1.0, size: float = 1.0) -> np.ndarray:
    """Return the true mean of each measure on a day without drift: [shop, measure]."""
    new = (1 - RETURNING) * shops.base * chance
    returning = RETURNING * KEENER * np.exp(BEND**2 / 2) * shops.base * chance
    orders = (new + returning) * (1 + TWICE)
    # among those who buy, log past value is shifted by BEND; it adds BEND² to the mean and to the variance of log sums
    revenue = new * _spent(shops.cap, 0.0, shops.sigma, size)
    revenue = revenue + returning * _spent(shops.cap, BEND**2, np.sqrt(shops.sigma**2 + BEND**2), size)
    return np.stack([new + returning, orders, revenue, revenue / orders], axis=1)


def _spent(cap: np.ndarray, mu: float, sigma: np.ndarray, size: float) -> np.ndarray:
    """Return the mean of min(orders * sum, cap), the sum being lognormal."""

    def limited(shift: float) -> np.ndarray:
        centre = mu + np.log(size) + shift
        z = (np.log(cap) - centre) / sigma
        return np.exp(centre + sigma**2 / 2) * norm.cdf(z - sigma) + cap * norm.sf(z)

    return (1 - TWICE) * limited(0.0) + TWICE * limited(np.log(2))
