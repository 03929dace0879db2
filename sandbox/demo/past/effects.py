"""Which rules held in the past, for whom, since when, and what did they truly change? Numbers; see the package's table."""

from dataclasses import dataclass

DAYS, SEED, SIZE = 60, 9, 13_000
"""Days of the past, the seed of all chance in it, and how many browsers came by."""

LEFT_ALONE = 0.3
"""Share of all shoppers whom the shop left alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One rule of ``sandbox.demo.engagements``, by its name.

    ``share`` of all browsers met its conditions, from ``since`` days ago on. ``alone`` and ``helped``: the shares that bought.
    ``holdout``: whom the rule held out, of those whom the shop did not leave alone. ``accepted``: of those who saw the offer;
    ``talk`` is what an accepted offer leads to, if anything.
    """

    rule: str
    engagement: str
    action: str
    page: str
    share: float
    since: int
    holdout: float
    alone: float
    helped: float
    accepted: float
    dismissed: float
    talk: str = ""


EFFECTS = (
    Effect(
        rule="Stalled in the checkout: a word about delivery",
        engagement="delivery-in-checkout",
        action="show.balloon",
        page="/checkout/shipping-address/",
        share=0.33,
        since=DAYS,
        holdout=0.2,
        alone=0.36,
        helped=0.58,
        accepted=0.04,
        dismissed=0.12,
        talk="note",
    ),
    Effect(
        rule="Third product, still looking",
        engagement="size-doubts",
        action="show.balloon",
        page="/catalogue/",
        share=0.185,
        since=DAYS,
        holdout=0.4,
        alone=0.24,
        helped=0.11,
        accepted=0.03,
        dismissed=0.41,
        talk="note",
    ),
    Effect(
        rule="Large basket, hesitating",
        engagement="large-basket",
        action="show.balloon",
        page="/basket/",
        share=0.06,
        since=DAYS,
        holdout=0.25,
        alone=0.30,
        helped=0.30,
        accepted=0.0,
        dismissed=0.22,
    ),
    Effect(
        rule="Still stalled: invite to a chat",
        engagement="checkout-help",
        action="invite.chat",
        page="/checkout/shipping-method/",
        share=0.075,
        since=21,
        holdout=0.2,
        alone=0.34,
        helped=0.40,
        accepted=0.26,
        dismissed=0.24,
        talk="chat",
    ),
    Effect(
        rule="Search without a result",
        engagement="search-help",
        action="offer.note",
        page="/search/",
        share=0.037,
        since=35,
        holdout=0.2,
        alone=0.12,
        helped=0.14,
        accepted=0.22,
        dismissed=0.18,
        talk="note",
    ),
    Effect(
        rule="Payment refused",
        engagement="payment-help",
        action="offer.note",
        page="/checkout/preview/",
        share=0.018,
        since=35,
        holdout=0.2,
        alone=0.40,
        helped=0.46,
        accepted=0.31,
        dismissed=0.10,
        talk="note",
    ),
)
