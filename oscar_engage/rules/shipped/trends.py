"""What may a rule ask about how a number moved? How far the basket is below its peak, or above its lowest, in this visit."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.parameters import Parameter
from oscar_engage.rules.shipped.groups import BASKET
from oscar_engage.rules.spans import Minutes
from oscar_engage.rules.types import Choice, Percent
from oscar_engage.rules.variables import variable
from oscar_engage.visitors.state import TotalSeen, VisitState, to_ms

_NUMBERS = Choice({"total": _("basket total"), "quantity": _("pieces in the basket"), "lines": _("lines in the basket")})
_OF = Parameter("of", _NUMBERS, label=_("Which number"), default="total")
_MINUTES = Parameter("minutes", Minutes(), label=_("In the last … minutes"), phrase=_("of the last %(value)s"))


@variable(
    "basket.fell",
    type=Percent(),
    label=_("how far the basket fell from its peak"),
    group=BASKET,
    parameters=(_OF, _MINUTES),
    phrase=_("fall of “%(of)s” from the peak"),
)
def basket_fell(moment: Moment, *, of: str, minutes: int | None = None) -> Value:
    """Return by how many per cent of its peak the number is below it; 0 at the peak."""
    numbers = _numbers(moment, of, minutes)
    if not numbers or max(numbers) <= 0:
        return UNKNOWN
    return 100.0 * (max(numbers) - numbers[-1]) / max(numbers)


@variable(
    "basket.rose",
    type=Percent(),
    label=_("how far the basket rose from its lowest"),
    group=BASKET,
    parameters=(_OF, _MINUTES),
    phrase=_("rise of “%(of)s” from the lowest"),
)
def basket_rose(moment: Moment, *, of: str, minutes: int | None = None) -> Value:
    """Return by how many per cent of its lowest the number is above it; unknown after an empty basket."""
    numbers = _numbers(moment, of, minutes)
    if not numbers or min(numbers) <= 0:
        return UNKNOWN
    return 100.0 * (numbers[-1] - min(numbers)) / min(numbers)


def _numbers(moment: Moment, of: str, minutes: int | None) -> Sequence[float]:
    """Return what the present basket came to, the oldest first: after its last changes, and at the window's beginning.

    Empty without a basket, and for a window of which no measurement reaches back to the beginning.
    """
    seen = _of_this_basket(moment.state)
    if minutes is not None and seen:
        since = to_ms(moment.now) - minutes * 60_000
        before = [one for one in seen if one.at <= since]
        seen = [*before[-1:], *(one for one in seen if one.at > since)]
    return [_number(one, of) for one in seen]


def _of_this_basket(state: VisitState) -> list[TotalSeen]:
    basket = state.basket
    return [
        one
        for one in state.totals_seen
        if (one.basket_id, one.currency) == (basket.basket_id, basket.currency) and one.at > state.ordered_at
    ]


def _number(seen: TotalSeen, of: str) -> float:
    return {"total": seen.total, "quantity": float(seen.quantity), "lines": float(seen.lines)}[of]
