"""What the shop offers out of the box, and to whom: engagements and live rules, so that a newcomer sees something happen."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from oscar_engage.rules.life.publish import publish, save_draft
from oscar_engage.rules.models import Rule, RulePurpose
from oscar_engage.widgets.models import Engagement
from sandbox.demo.patience import BALLOON_AFTER, INVITATION_AFTER


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """An engagement's words."""

    slug: str
    widget: str
    title: str
    body: str
    button: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Targeting:
    """A rule: its conditions all have to hold. ``holdout_share`` is low: a newcomer with one browser wants to see it work."""

    name: str
    priority: int
    do: str
    engagement: str
    conditions: tuple[tuple[str, str, Any], ...]
    purpose: str = field(default=RulePurpose.SALES)
    holdout_share: float = 0.1

    def document(self) -> dict[str, Any]:
        """Return the rule in its stored form."""
        leaves = [{"field": name, "operator": operator, "value": value} for name, operator, value in self.conditions]
        then = [{"do": self.do, "with": {"engagement": self.engagement}}]
        return {"schema": 1, "branches": [{"when": {"combinator": "and", "rules": leaves}, "then": then}]}


CONTENTS = (
    Content(
        slug="delivery-in-checkout",
        widget="balloon",
        title="Home in two to four days",
        body="Standard delivery is free from £75. You may send anything back within 60 days, and we pay the postage.",
        button="Ask about delivery",
        anchor="delivery-address",
    ),
    Content(
        slug="checkout-help",
        widget="invitation",
        title="Shall we finish this together?",
        body="Somebody who has carried this gear up a mountain is here right now.",
        button="Chat with us",
    ),
    Content(
        slug="size-doubts",
        widget="balloon",
        title="Between two sizes?",
        body="Take the larger one for boots, the smaller one for jackets. Exchanges are free.",
        button="Ask about sizes",
        anchor="add-to-basket",
    ),
    Content(
        slug="large-basket",
        widget="balloon",
        title="Good news about your basket",
        body="It travels free of charge, and nothing is charged before it leaves our store.",
        anchor="basket-totals",
    ),
    Content(
        slug="search-help",
        widget="note",
        title="Nothing found?",
        body="Tell us what you are looking for. We know every shelf, and what arrives next week.",
        button="Leave a note",
    ),
    Content(
        slug="login-help",
        widget="note",
        title="Trouble signing in?",
        body="You can order as a guest, or leave us a note and we sort out your account.",
        button="Leave a note",
    ),
    Content(
        slug="payment-help",
        widget="note",
        title="Your card was refused",
        body="Nothing was charged and your basket is safe. Paying at the bank usually works; or tell us, and we help.",
        button="Leave a note",
    ),
)

RULES = (
    Targeting(
        name="Payment refused",
        priority=10,
        do="offer.note",
        engagement="payment-help",
        purpose=RulePurpose.SERVICE,
        conditions=(("checkout.payment_failures", ">=", 1), ("page.idle_seconds", ">=", 5)),
    ),
    Targeting(
        name="Two failed logins",
        priority=20,
        do="offer.note",
        engagement="login-help",
        purpose=RulePurpose.SERVICE,
        conditions=(("login.failures", ">=", 2),),
    ),
    Targeting(
        name="Stalled in the checkout: a word about delivery",
        priority=30,
        do="show.balloon",
        engagement="delivery-in-checkout",
        conditions=(
            ("page.kind", "=", "checkout"),
            ("page.step", "=", "shipping-address"),
            ("page.idle_seconds", ">=", BALLOON_AFTER),
        ),
    ),
    Targeting(
        name="Still stalled: invite to a chat",
        priority=40,
        do="invite.chat",
        engagement="checkout-help",
        conditions=(
            ("page.kind", "=", "checkout"),
            ("page.step", "=", "shipping-method"),
            ("page.idle_seconds", ">=", INVITATION_AFTER),
        ),
    ),
    Targeting(
        name="Search without a result",
        priority=50,
        do="offer.note",
        engagement="search-help",
        conditions=(("page.kind", "=", "search"), ("visit.zero_result_searches", ">=", 1)),
    ),
    Targeting(
        name="Large basket, hesitating",
        priority=60,
        do="show.balloon",
        engagement="large-basket",
        conditions=(
            ("page.kind", "=", "basket"),
            ("basket.total", ">=", {"amount": "150.00", "currency": "GBP"}),
            ("page.idle_seconds", ">=", 15),
        ),
    ),
    Targeting(
        name="Third product, still looking",
        priority=70,
        do="show.balloon",
        engagement="size-doubts",
        conditions=(
            ("page.kind", "=", "product"),
            ("visit.product_views", ">=", 3),
            ("page.visible_seconds", ">=", 20),
        ),
    ),
)


def load_engagements(now: datetime) -> None:
    """Create what is missing and publish the new rules; whatever a merchandiser changed stays as it is."""
    for content in CONTENTS:
        words = {"widget": content.widget, "title": content.title, "body": content.body}
        Engagement.objects.get_or_create(
            slug=content.slug, defaults={**words, "button": content.button, "anchor": content.anchor}
        )
    known = dict(Engagement.objects.values_list("slug", "widget"))
    for targeting in RULES:
        rule, is_new = Rule.objects.get_or_create(
            name=targeting.name,
            defaults={
                "priority": targeting.priority,
                "purpose": targeting.purpose,
                "holdout_share": targeting.holdout_share,
            },
        )
        if is_new:
            save_draft(rule, targeting.document(), user=None, now=now, engagements=known)
            publish(rule, user=None, now=now, engagements=known)
