"""Does each ready rule fire when it should, and stay quiet when it should not, in the real shop?"""

import csv
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from oscar_engage.dashboard.rules.reading import engagement_kinds
from oscar_engage.dashboard.rules.start import start_from
from oscar_engage.models import Decision, Engagement, Rule
from oscar_engage.rules.errors import InvalidRuleError
from oscar_engage.rules.library import READY, shipped
from oscar_engage.rules.life.publish import publish
from oscar_engage.rules.live import forget_live_rules
from oscar_engage.rules.variables import VARIABLES
from oscar_engage.widgets.live import forget_engagements
from tests.storefront.beats import known_shopper
from tests.storefront.ready_journeys import JOURNEYS, OFFER, Walk

pytestmark = pytest.mark.django_db(transaction=True)

TABLE = Path(__file__).with_name("ready_rules.csv")
WAITING = {row["rule"]: row["waits for"] for row in csv.DictReader(TABLE.read_text().splitlines())}
ROWS = [(slug, kind) for slug in JOURNEYS for kind in ("fires", "quiet")]


@pytest.fixture(autouse=True)
def _everybody_is_treated(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {
        "CONSENT": "tests.consent.consent_from_cookie",
        "SHOP_HOLDOUT": 0,
        "QUIET_SECONDS": 0,
        "HELP_VIEWS": ["search:search"],
    }


def go_live(slug: str) -> Rule:
    """Start from the rule, activate its words, and publish it, as a merchandiser does."""
    now = timezone.now()
    rule = start_from(READY.get(slug), currency="GBP", user=None, now=now)
    Rule.objects.update(holdout_share=0)
    Engagement.objects.update(is_active=True)
    publish(rule, user=None, now=now, engagements=engagement_kinds())
    forget_live_rules()
    forget_engagements()
    return rule


@pytest.mark.parametrize(("slug", "kind"), ROWS, ids=str)
def test_ready_rule__journey_of_a_shopper__is_offered_or_is_not(slug: str, kind: str, product: Any, settings: Any) -> None:
    if slug in ("search-cancel", "zero-results"):  # a shop's own search, not its help
        settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "HELP_VIEWS": []}
    go_live(slug)
    journey = JOURNEYS[slug]
    walk: Walk = journey.fires if kind == "fires" else journey.quiet
    answer = walk(known_shopper(), product)

    is_offered = OFFER in answer.content
    reasons = list(Decision.objects.values_list("reason", flat=True))
    assert (is_offered, reasons) == ((True, ["offered"]) if kind == "fires" else (False, []))


def test_table__of_rules_that_wait__is_right() -> None:
    assert list(WAITING) == list(READY.names())
    for slug, waits_for in WAITING.items():
        missing = ", ".join(READY.get(slug).missing())
        assert missing == waits_for, f"{slug}: the table says {waits_for!r}, but it waits for {missing!r}"
        assert (slug in JOURNEYS) != bool(waits_for), f"{slug} has all it needs: give it a journey, and empty its row"


def test_library__as_it_ships__has_at_least_a_dozen_with_words_of_their_own() -> None:
    rules = list(READY)
    assert shipped.READY is READY
    assert len(rules) >= 12
    for one in ("slug", "name", "why"):
        assert len({str(getattr(rule, one)) for rule in rules}) == len(rules)


def test_start__twice__uses_the_engagement_that_is_there(db: None) -> None:
    first = start_from(READY.get("price-copied"), currency="GBP", user=None, now=timezone.now())
    Engagement.objects.update(title="Our own words")
    start_from(READY.get("price-copied"), currency="GBP", user=None, now=timezone.now())

    assert list(Engagement.objects.values_list("slug", "title", "is_active")) == [("ready-price", "Our own words", False)]
    assert (first.status, Rule.objects.count()) == ("draft", 2)


def test_start__name_taken_by_another_widget__gets_a_number(db: None) -> None:
    Engagement.objects.create(slug="ready-price", widget="note", title="Ours")
    rule = start_from(READY.get("price-copied"), currency="EUR", user=None, now=timezone.now())

    then = rule.versions.get().document["branches"][0]["then"]
    assert then == [{"do": "show.balloon", "with": {"engagement": "ready-price-2"}}]


def test_start__amount__is_in_the_shops_currency(db: None) -> None:
    rule = start_from(READY.get("valuable-basket-idle"), currency="EUR", user=None, now=timezone.now())

    conditions = rule.versions.get().document["branches"][0]["when"]["rules"]
    assert conditions[1]["value"] == {"amount": "100.00", "currency": "EUR"}


def test_start__variable_missing__leaves_nothing_behind(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    left = {name: entry for name, entry in VARIABLES._entries.items() if name != "customer.spent"}
    monkeypatch.setattr(VARIABLES, "_entries", left)
    assert READY.get("vip-on-product").missing() == ("customer.spent",)
    with pytest.raises(InvalidRuleError):
        start_from(READY.get("vip-on-product"), currency="GBP", user=None, now=timezone.now())
    assert (Rule.objects.count(), Engagement.objects.count()) == (0, 0)
