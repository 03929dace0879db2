"""How does an article stand? What shoppers read of it, and what is on its way."""

from collections.abc import Iterable

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from oscar_engage.helpcenter.models import HelpArticle


class State(TextChoices):
    """What shoppers read of an article, and what is on its way."""

    LIVE = "live", _("live")
    CHANGED = "changed", _("live, with a draft")
    SCHEDULED = "scheduled", _("scheduled")
    DRAFT = "draft", _("draft")
    EXPIRED = "expired", _("expired")


def scheduled_ids(articles: Iterable[HelpArticle]) -> frozenset[int]:
    """Return the ids of those of which a revision waits for its time: one query."""
    ids = [str(article.pk) for article in articles]
    waiting = Revision.objects.filter(
        content_type=HelpArticle.get_content_type(), object_id__in=ids, approved_go_live_at__isnull=False
    )
    return frozenset(int(pk) for pk in waiting.values_list("object_id", flat=True))


def state_of(article: HelpArticle, *, is_scheduled: bool) -> State:
    """Return how ``article`` stands; ``is_scheduled``: one of its revisions waits for its time."""
    if is_scheduled:
        return State.SCHEDULED
    if article.live:
        return State.CHANGED if article.has_unpublished_changes else State.LIVE
    return State.EXPIRED if article.expired else State.DRAFT
