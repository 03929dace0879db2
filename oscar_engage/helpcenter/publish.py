"""What becomes of an article? Saved as a draft, published, published later, taken back, or set back to an earlier version."""

from datetime import datetime
from typing import Any

from django.db import transaction
from wagtail.models import Locale, Revision

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.helpcenter.models import HelpArticle


class ApprovalNeededError(PermissionError):
    """Somebody else has to agree first: there is a workflow for articles."""


def locale_of(language: str) -> Locale:
    """Return Wagtail's locale of a language code; the first use makes it."""
    return Locale.objects.get_or_create(language_code=language)[0]


def draft_of(article: HelpArticle) -> HelpArticle:
    """Return the article as it is being written: its latest revision."""
    draft: HelpArticle = article.get_latest_revision_as_object()
    return draft


def save_draft(article: HelpArticle, *, user: Any, now: datetime) -> Revision:
    """Keep ``article`` as its latest revision. What shoppers read stays as it is; a new article is not live."""
    with transaction.atomic():
        is_new = article.pk is None
        if is_new:
            article.live = False
            article.save()
        revision = article.save_revision(user=user, clean=False)
        if not is_new and not article.live:
            _show_draft_in_lists(article)
        _note(article, "created" if is_new else "changed", user, now)
    return revision


def _show_draft_in_lists(article: HelpArticle) -> None:
    """The row of what nobody can read yet is its latest draft, as Wagtail's own editor has it."""
    fields = ("slug", "title", "summary", "words", "asked", "anchors", "body", "topic_id", "go_live_at", "expire_at")
    HelpArticle.objects.filter(pk=article.pk, live=False).update(**{name: getattr(article, name) for name in fields})


def publish(article: HelpArticle, *, user: Any, now: datetime, is_approved: bool = False) -> HelpArticle:
    """Have shoppers read the latest revision now, or from its ``go_live_at`` on. Return the article as it is then.

    Raises :class:`ApprovalNeededError` where there is a workflow, unless it ``is_approved``.
    """
    if not is_approved and article.get_workflow() is not None:
        raise ApprovalNeededError
    with transaction.atomic():
        revision = article.latest_revision or article.save_revision(user=user, clean=False)
        revision.publish(user=user, skip_permission_checks=True)  # Oscar's permissions count here, and the view asked for them
        _note(article, "published", user, now)
    return HelpArticle.objects.select_related("locale", "topic").get(pk=article.pk)


def unpublish(article: HelpArticle, *, user: Any, now: datetime) -> None:
    """Have no shopper read it any more; a time at which it was to go live is forgotten, too."""
    with transaction.atomic():
        article.unpublish(user=user)
        article.revisions.update(approved_go_live_at=None)
        _note(article, "unpublished", user, now)


def roll_back(article: HelpArticle, revision: Revision, *, user: Any, now: datetime) -> None:
    """Make what ``revision`` says the latest draft; to have shoppers read it, publish."""
    with transaction.atomic():
        earlier = revision.as_object()
        earlier.go_live_at = earlier.expire_at = None
        earlier.save_revision(user=user, clean=False, previous_revision=revision)
        if not article.live:
            _show_draft_in_lists(earlier)
        _note(article, "rolled_back", user, now, revision=revision.pk)


def delete(article: HelpArticle, *, user: Any, now: datetime) -> None:
    """Delete it in its language, with all its revisions."""
    with transaction.atomic():
        _note(article, "deleted", user, now, slug=article.slug)
        article.delete()


def publish_due(*, now: datetime) -> int:
    """Publish what was to go live by now and take back what has expired; return how many. Repeating it adds nothing."""
    due = Revision.objects.filter(content_type=HelpArticle.get_content_type(), approved_go_live_at__lte=now)
    expired = list(HelpArticle.objects.filter(live=True, expire_at__lte=now))
    ready = list(due.order_by("approved_go_live_at"))
    with transaction.atomic():
        for revision in ready:
            revision.publish(log_action="wagtail.publish.scheduled")
        for article in expired:
            article.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    return len(ready) + len(expired)


def _note(article: HelpArticle, what: str, user: Any, now: datetime, **detail: Any) -> None:
    with transaction.atomic(using=get_settings().database):
        record_action(
            actor=user, action=f"help_article.{what}", object_kind="help_article", object_id=article.pk, now=now, detail=detail
        )
