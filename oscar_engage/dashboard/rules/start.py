"""How does a shop start from a ready rule? A draft of it, with the engagements it needs, not active yet."""

from collections.abc import Iterable
from datetime import datetime
from itertools import chain, count

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.dashboard.rules.reading import engagement_kinds
from oscar_engage.rules.library import Offer, ReadyRule
from oscar_engage.rules.life.publish import save_draft
from oscar_engage.rules.models import Rule
from oscar_engage.widgets.models import Engagement


def start_from(ready: ReadyRule, *, currency: str, user: AbstractBaseUser | None, now: datetime) -> Rule:
    """Save a draft of ``ready`` and return the rule, with its amounts in ``currency`` and its words in the active language.

    Engagements that are there already are used as they are; the others are created, not active. Raises ``InvalidRuleError``
    where it asks for variables that this shop does not have.
    """
    with transaction.atomic(using=get_settings().database):
        slugs = {offer.slug: _provide(offer, user=user, now=now) for offer in ready.offers}
        rule = Rule.objects.create(name=str(ready.name), purpose=ready.purpose)
        record_action(actor=user, action="rule.created", object_kind="rule", object_id=rule.pk, now=now)
        save_draft(rule, ready.document(currency=currency, slugs=slugs), user=user, now=now, engagements=engagement_kinds())
    return rule


def _provide(offer: Offer, *, user: AbstractBaseUser | None, now: datetime) -> str:
    """Return the slug of an engagement like ``offer``; a taken name with another widget gets a number."""
    for slug in _slugs(offer.slug):
        engagement, is_new = Engagement.objects.get_or_create(slug=slug, defaults=_columns(offer))
        if is_new:
            record_action(actor=user, action="engagement.created", object_kind="engagement", object_id=engagement.pk, now=now)
        if engagement.widget == offer.widget:
            return slug
    raise AssertionError("there is always another number")  # pragma: no cover - count() has no end


def _slugs(slug: str) -> Iterable[str]:
    return chain([slug], (f"{slug}-{number}" for number in count(2)))


def _columns(offer: Offer) -> dict[str, object]:
    words = {"title": str(offer.title), "body": str(offer.body), "button": str(offer.button)}
    return {**words, "widget": offer.widget, "anchor": offer.anchor, "is_active": False}
