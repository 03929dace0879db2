"""What the shop offers out of the box, and to whom: engagements and live rules, so that a newcomer sees something happen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from oscar_engage.rules.life.publish import publish, save_draft
from oscar_engage.rules.models import Rule, RulePurpose, Segment
from oscar_engage.widgets.models import Engagement
from sandbox.demo.patience import BALLOON_AFTER, INVITATION_AFTER


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """An engagement's words, in English and German."""

    slug: str
    widget: str
    title: str
    body: str
    german: tuple[str, str]
    button: str = ""
    german_button: str = ""
    anchor: str = ""
    content: str = "text"
    settings: Mapping[str, Any] = field(default_factory=dict)

    def translations(self) -> dict[str, dict[str, str]]:
        """Return the German words as an engagement keeps them."""
        title, body = self.german
        return {"de": {"title": title, "body": body, "button": self.german_button}}


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
        german=(
            "In zwei bis vier Tagen bei Ihnen",
            "Der Standardversand ist ab 75 £ kostenlos. Sie können alles 60 Tage lang zurückschicken, auf unsere Kosten.",
        ),
        german_button="Frage zur Lieferung",
    ),
    Content(
        slug="checkout-help",
        widget="invitation",
        title="Shall we finish this together?",
        body="Somebody who has carried this gear up a mountain is here right now.",
        button="Chat with us",
        german=(
            "Sollen wir das gemeinsam abschließen?",
            "Hier ist gerade jemand, der diese Ausrüstung schon auf einen Berg getragen hat.",
        ),
        german_button="Mit uns chatten",
    ),
    Content(
        slug="size-doubts",
        widget="balloon",
        title="Between two sizes?",
        body="Take the larger one for boots, the smaller one for jackets. Exchanges are free.",
        button="Ask about sizes",
        anchor="add-to-basket",
        content="product_facts",
        settings={"delivery": "in two to four working days", "returns": "free within 60 days"},
        german=(
            "Zwischen zwei Größen?",
            "Nehmen Sie bei Stiefeln die größere, bei Jacken die kleinere. Der Umtausch ist kostenlos.",
        ),
        german_button="Frage zur Größe",
    ),
    Content(
        slug="goes-with-it",
        widget="balloon",
        title="Only {{ basket.missing }} to free delivery",
        body="These go well with what you have:",
        anchor="basket-totals",
        content="suggestions",
        german=("Noch {{ basket.missing }} bis zum kostenlosen Versand", "Das passt gut zu dem, was Sie haben:"),
    ),
    Content(
        slug="field-address",
        widget="field",
        title="Where we deliver",
        body="Street and number, as they stand on a letter. A parcel locker works as well: give its number here.",
        anchor="line1",
        german=(
            "Wohin wir liefern",
            "Straße und Hausnummer wie auf einem Brief. Auch eine Packstation geht: Geben Sie hier ihre Nummer an.",
        ),
    ),
    Content(
        slug="field-postcode",
        widget="field",
        title="Your postcode",
        body="With its space, such as N1 7AA. It tells us which depot your parcel leaves from.",
        anchor="postcode",
        german=(
            "Ihre Postleitzahl",
            "Mit Leerzeichen, zum Beispiel N1 7AA. Sie sagt uns, von welchem Lager Ihr Paket kommt.",
        ),
    ),
    Content(
        slug="field-phone",
        widget="field",
        title="Only for the driver",
        body="With the country's number, such as +44 20 7946 0000. We call when nobody opens, and never for anything else.",
        anchor="phone_number",
        german=(
            "Nur für den Fahrer",
            "Mit der Landesvorwahl, zum Beispiel +44 20 7946 0000. Wir rufen nur an, wenn niemand öffnet.",
        ),
    ),
    Content(
        slug="large-basket",
        widget="balloon",
        title="Good news about your basket",
        body="It travels free of charge, and you have 60 days to send back what you do not like.",
        anchor="basket-totals",
        german=(
            "Eine gute Nachricht zu Ihrem Warenkorb",
            "Er reist kostenlos, und abgebucht wird erst, wenn er unser Lager verlässt.",
        ),
    ),
    Content(
        slug="search-help",
        widget="note",
        title="Nothing found?",
        body="Tell us what you are looking for. We know every shelf, and what arrives next week.",
        button="Leave a note",
        german=(
            "Nichts gefunden?",
            "Sagen Sie uns, was Sie suchen. Wir kennen jedes Regal und wissen, was nächste Woche kommt.",
        ),
        german_button="Nachricht hinterlassen",
    ),
    Content(
        slug="login-help",
        widget="note",
        title="Trouble signing in?",
        body="You can order as a guest, or leave us a note and we sort out your account.",
        button="Leave a note",
        german=(
            "Klappt die Anmeldung nicht?",
            "Sie können als Gast bestellen oder uns schreiben; wir bringen Ihr Konto in Ordnung.",
        ),
        german_button="Nachricht hinterlassen",
    ),
    Content(
        slug="payment-help",
        widget="note",
        title="Your card was refused",
        body="Nothing was charged and your basket is safe. Paying at the bank usually works; or tell us, and we help.",
        button="Leave a note",
        german=(
            "Ihre Karte wurde abgelehnt",
            "Abgebucht wurde nichts, Ihr Warenkorb ist sicher. Bei der Bank klappt es meist; oder schreiben Sie uns.",
        ),
        german_button="Nachricht hinterlassen",
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
        name="A little is missing to free delivery",
        priority=55,
        do="show.balloon",
        engagement="goes-with-it",
        conditions=(
            ("page.kind", "=", "basket"),
            ("basket.total", ">=", {"amount": "40.00", "currency": "GBP"}),
            ("basket.total", "<", {"amount": "75.00", "currency": "GBP"}),
            ("page.idle_seconds", ">=", 10),
        ),
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


SEGMENTS = (("still-looking", "Still looking", (("visit.product_views", ">=", 3),)),)
"""Short name, name, conditions that all have to hold; the front page has words of its own for them."""


def load_segments() -> None:
    """Create what is missing; whatever a merchandiser changed stays as it is."""
    for slug, name, conditions in SEGMENTS:
        leaves = [{"field": field, "operator": operator, "value": value} for field, operator, value in conditions]
        document = {"combinator": "and", "rules": leaves}
        Segment.objects.get_or_create(slug=slug, defaults={"name": name, "document": document})


def load_engagements(now: datetime) -> None:
    """Create what is missing and publish the new rules; whatever a merchandiser changed stays as it is."""
    load_offers(CONTENTS, RULES, now)


def load_offers(contents: Iterable[Content], rules: Iterable[Targeting], now: datetime) -> None:
    """Create these engagements, as far as they are missing, and publish these rules, as far as they are new."""
    for content in contents:
        words = {"widget": content.widget, "title": content.title, "body": content.body, "translations": content.translations()}
        Engagement.objects.get_or_create(
            slug=content.slug,
            defaults={
                **words,
                "button": content.button,
                "anchor": content.anchor,
                "content": content.content,
                "settings": dict(content.settings),
            },
        )
    known = dict(Engagement.objects.values_list("slug", "widget"))
    for targeting in rules:
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
