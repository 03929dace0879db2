"""How far are two shares apart, when few cases are known? For what is not drawn by lot, or looked at once: deflection, FCR."""

from math import hypot

from oscar_engage.analytics.interval import wilson
from oscar_engage.analytics.stats.estimate import Estimate


def difference_of_shares(first: tuple[int, int], second: tuple[int, int]) -> Estimate:
    """Return the first share minus the second, each ``(successes, trials)``, with its 95 % interval, inside [-1, 1].

    Source: R. G. Newcombe, "Interval estimation for the difference between independent proportions", Statistics in Medicine 17
    (1998) 873-890, method 10: built of the Wilson intervals of both, it holds from ten trials on. For one look. What
    :func:`~oscar_engage.analytics.interval.wilson` refuses raises :class:`ValueError`.
    """
    one, other = wilson(*first), wilson(*second)
    value = one.value - other.value
    return Estimate(
        value,
        value - hypot(one.value - one.low, other.high - other.value),
        value + hypot(one.high - one.value, other.value - other.low),
    )
