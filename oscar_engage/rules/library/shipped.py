"""Which rules can a shop start from? Sixteen moments in which help pays, from the login to the bank's page.

The limits are starting points that annoy nobody; the report of a rule says whether they suit the shop. No offer promises what
only the shop can: when it charges, what it takes back, what it sends for nothing.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from oscar_engage.rules.library import READY, SHOPS_CURRENCY, Offer, ReadyBranch, ReadyRule
from oscar_engage.rules.models import RulePurpose


def _is(field: str, operator: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"field": field, **more, "operator": operator, "value": value}


def _all(*rules: dict[str, Any]) -> dict[str, Any]:
    return {"combinator": "and", "rules": list(rules)}


def _any(*rules: dict[str, Any]) -> dict[str, Any]:
    return {"combinator": "or", "rules": list(rules)}


def _amount(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": SHOPS_CURRENCY}


def _says(field: str, *needles: str) -> dict[str, Any]:
    return _any(*(_is(field, "contains", needle) for needle in needles))


_WANTS_OUT = _says("visit.last_search", "cancel", "storn", "return", "rückgabe")

_CHAT = Offer(
    slug="ready-chat",
    widget="invitation",
    title=_("Shall we sort it out together?"),
    body=_("Somebody who knows the shop is here right now."),
    button=_("Chat with us"),
)

for _rule in (
    ReadyRule(
        slug="failed-logins",
        name=_("Two failed logins: how to get in"),
        why=_("Whoever cannot log in often leaves with a full basket. A word about the reset, or the guest order, helps."),
        purpose=RulePurpose.SERVICE,
        branches=(
            ReadyBranch(
                when=_all(_is("login.failures", ">=", 2)),
                offer=Offer(
                    slug="ready-login",
                    widget="note",
                    title=_("Trouble signing in?"),
                    body=_("“Forgotten password” lets you choose a new one. Or tell us, and we help."),
                    button=_("Leave a note"),
                ),
            ),
        ),
    ),
    ReadyRule(
        slug="search-cancel",
        name=_("Searches for “cancel”: chat, or a note"),
        why=_("A search for “cancel” or “return” is a question in disguise. Answered at once, an order may stay."),
        branches=(
            ReadyBranch(
                when=_all(_WANTS_OUT, _is("desk.free_agents", ">=", 1)),
                offer=_CHAT,
            ),
            ReadyBranch(
                when=_all(_WANTS_OUT),
                offer=Offer(
                    slug="ready-cancel",
                    widget="note",
                    title=_("Something about an order?"),
                    body=_("Leave us its number and what you would like: we see to it and answer here."),
                    button=_("Leave a note"),
                ),
            ),
        ),
    ),
    ReadyRule(
        slug="cancel-call",
        name=_("A customer searches for “cancel”: a call"),
        why=_("Who wants to cancel has something to say that is said faster than written. A call often keeps the order."),
        branches=(
            ReadyBranch(
                when=_all(_is("visitor.is_customer", "=", True), _says("visit.last_search", "cancel", "storn")),
                offer=Offer(
                    slug="ready-call",
                    widget="call",
                    title=_("Shall we talk it over?"),
                    body=_("Leave us your number: we call you now, or when it suits you."),
                    button=_("Have us call you"),
                ),
            ),
        ),
    ),
    ReadyRule(
        slug="valuable-basket-idle",
        name=_("Valuable basket, hesitating"),
        why=_("Above a certain sum people weigh delivery and returns. The answer belongs where they hesitate."),
        branches=(
            ReadyBranch(
                when=_all(
                    _is("page.kind", "in", ["basket", "checkout"]),
                    _is("basket.total", ">=", _amount("100.00")),
                    _is("page.idle_seconds", ">=", 45),
                ),
                offer=Offer(
                    slug="ready-basket",
                    widget="balloon",
                    title=_("Still thinking it over?"),
                    body=_("Delivery, returns, ways to pay: ask us now, rather than wonder later."),
                    anchor="basket-totals",
                ),
            ),
        ),
    ),
    ReadyRule(
        slug="payment-refused",
        name=_("Payment refused"),
        why=_("A refused card need not be the end. Who learns that the basket is safe, and what else works, can try again."),
        purpose=RulePurpose.SERVICE,
        branches=(
            ReadyBranch(
                when=_all(_is("checkout.payment_failures", ">=", 1), _is("page.idle_seconds", ">=", 5)),
                offer=Offer(
                    slug="ready-payment",
                    widget="note",
                    title=_("The payment did not go through"),
                    body=_("Your basket is as it was. Try another way of paying; or tell us, and we help."),
                    button=_("Leave a note"),
                ),
            ),
        ),
    ),
    ReadyRule(
        slug="zero-results",
        name=_("Search without a result"),
        why=_("Who searches knows what they want. The thing under another name is a sale that was nearly lost."),
        branches=(
            ReadyBranch(
                when=_all(_is("page.kind", "=", "search"), _is("visit.zero_result_searches", ">=", 1)),
                offer=Offer(
                    slug="ready-search",
                    widget="note",
                    title=_("Nothing found?"),
                    body=_("Tell us what you are looking for. We know our shelves."),
                    button=_("Leave a note"),
                ),
            ),
        ),
    ),
    ReadyRule(
        slug="size-toggling",
        name=_("Size changed again and again"),
        why=_("To and fro between two sizes is a question that may come back as a parcel. Advice saves both."),
        branches=(
            ReadyBranch(
                when=_all(_is("page.kind", "=", "product"), _is("struggle.options_toggled", ">=", 1)),
                offer=Offer(
                    slug="ready-size",
                    widget="balloon",
                    title=_("Between two sizes?"),
                    body=_("Tell us what you usually wear, and we tell you which one fits."),
                    button=_("Ask about sizes"),
                    anchor="add-to-basket",
                ),
            ),
        ),
    ),
    ReadyRule(
        slug="fourth-category-visit",
        name=_("Back in the same category for the fourth time"),
        why=_("Four looks in a week: the choice is hard. Say in the rule which category you advise on best."),
        branches=(
            ReadyBranch(
                when=_all(
                    _is("page.kind", "=", "category"),
                    _is("history.count", ">=", 4, **{"with": {"kind": "page.viewed", "page": "category", "days": 7}}),
                ),
                offer=Offer(
                    slug="ready-choice",
                    widget="balloon",
                    title=_("Shall we narrow it down?"),
                    body=_("Tell us what it is for, and we name the two that we would take."),
                    button=_("Ask us"),
                ),
            ),
        ),
    ),
    ReadyRule(
        slug="help-without-click",
        name=_("Searched the help twice, opened nothing"),
        why=_("The help has no answer, or not in these words. The question comes anyway: better here than not at all."),
        branches=(
            ReadyBranch(when=_all(_is("help.no_clicks", ">=", 2), _is("desk.free_agents", ">=", 1)), offer=_CHAT),
            ReadyBranch(
                when=_all(_is("help.no_clicks", ">=", 2)),
                offer=Offer(
                    slug="ready-help",
                    widget="note",
                    title=_("No answer in the help?"),
                    body=_("Ask us in your own words; the answer appears here."),
                    button=_("Leave a note"),
                ),
            ),
        ),
    ),
    ReadyRule(
        slug="price-copied",
        name=_("Price copied"),
        why=_("A copied price is on its way into a comparison. What the price includes is better said before than after."),
        branches=(
            ReadyBranch(
                when=_all(_is("page.kind", "=", "product"), _is("struggle.prices_copied", ">=", 1)),
                offer=Offer(
                    slug="ready-price",
                    widget="balloon",
                    title=_("Comparing prices?"),
                    body=_("Seen it for less? Tell us where: we look into it and answer you here."),
                    button=_("Ask us"),
                    anchor="price",
                ),
            ),
        ),
    ),
    ReadyRule(
        slug="voucher-refused",
        name=_("Voucher refused"),
        why=_("A code that does not work feels like a broken promise, and sends people looking for another one elsewhere."),
        branches=(
            ReadyBranch(
                when=_all(_is("page.kind", "in", ["basket", "checkout"]), _is("basket.vouchers_refused", ">=", 1)),
                offer=Offer(
                    slug="ready-voucher",
                    widget="note",
                    title=_("The code did not work?"),
                    body=_("Tell us which one it is and where you have it from: we look into it, and your basket stays."),
                    button=_("Leave a note"),
                    anchor="voucher",
                ),
            ),
        ),
    ),
    ReadyRule(
        slug="sold-out-in-basket",
        name=_("Something in the basket is sold out"),
        why=_("What was chosen is gone. Without a word people leave with nothing, though the next delivery may be near."),
        branches=(
            ReadyBranch(
                when=_all(_is("basket.has_unavailable", "=", True)),
                offer=Offer(
                    slug="ready-sold-out",
                    widget="note",
                    title=_("Sold out meanwhile"),
                    body=_("Leave us a note: we tell you when it is back, or what comes closest."),
                    button=_("Leave a note"),
                ),
            ),
        ),
    ),
    ReadyRule(
        slug="two-sizes",
        name=_("Two sizes of one product in the basket"),
        why=_("Two sizes mean that one comes back. Advice before the order is cheaper than a parcel."),
        branches=(
            ReadyBranch(
                when=_all(_is("page.kind", "in", ["basket", "checkout"]), _is("basket.has_variants", "=", True)),
                offer=Offer(
                    slug="ready-two-sizes",
                    widget="balloon",
                    title=_("Not sure which size?"),
                    body=_("Tell us what you usually wear: mostly we can say which of the two to keep."),
                    button=_("Ask about sizes"),
                    anchor="basket-lines",
                ),
            ),
        ),
    ),
    ReadyRule(
        slug="vip-on-product",
        name=_("A good customer looks at a product"),
        why=_("Who has bought a lot deserves a person. It costs a few minutes and is remembered for years."),
        branches=(
            ReadyBranch(
                when=_all(
                    _is("page.kind", "=", "product"),
                    _is("customer.spent", ">=", _amount("500.00")),
                    _is("page.visible_seconds", ">=", 20),
                    _is("desk.free_agents", ">=", 1),
                ),
                offer=Offer(
                    slug="ready-vip",
                    widget="invitation",
                    title=_("Good to see you again"),
                    body=_("May we advise you? Somebody who knows this product is here for you."),
                    button=_("Chat with us"),
                ),
            ),
        ),
    ),
    ReadyRule(
        slug="lost-at-the-bank",
        name=_("Came back from the bank without having paid"),
        why=_("Who was lost there may not dare to try again. Say that the basket is kept."),
        branches=(
            ReadyBranch(
                when=_all(_is("checkout.payments_lost", ">=", 1), _is("page.idle_seconds", ">=", 5)),
                offer=Offer(
                    slug="ready-bank",
                    widget="note",
                    title=_("Something went wrong at the bank?"),
                    body=_("Your basket is kept. Try again, or tell us what you saw."),
                    button=_("Leave a note"),
                ),
            ),
        ),
    ),
    ReadyRule(
        slug="back-after-abandoning",
        name=_("Back at a basket left behind"),
        why=_("Who returns to a basket wants it after all; what held them back the first time still stands between."),
        branches=(
            ReadyBranch(
                when=_all(
                    _is("visit.came_back", "=", True),
                    _is("page.kind", "in", ["basket", "checkout", "product"]),
                    _is("page.idle_seconds", ">=", 10),
                ),
                offer=Offer(
                    slug="ready-back",
                    widget="balloon",
                    title=_("Good that you are back"),
                    body=_("Your basket is as you left it. Is there anything we can answer?"),
                    button=_("Ask us"),
                ),
            ),
        ),
    ),
):  # fmt: skip
    READY.register(_rule.slug, _rule)
