"""How do new words become live? Saved as a draft beside the live ones, then published as one; old ones come back as drafts."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.rules.errors import ChangedMeanwhileError
from oscar_engage.widgets.life.document import apply_document, as_of, document_of
from oscar_engage.widgets.life.parts import keep_part
from oscar_engage.widgets.live import forget_engagements
from oscar_engage.widgets.models import Engagement, EngagementVersion

PERMISSION = "oscar_engage.publish_engagement"
"""What an approver has."""

LONGEST_COMMENT = 300


class OwnDraftError(ValueError):
    """The shop wants a second pair of eyes (``ENGAGEMENTS_BY_TWO``), and this draft is by who wanted to publish it."""


class NeverPublishedError(ValueError):
    """What was never published cannot be switched on: it is published."""


class NothingWaitsError(ValueError):
    """No draft of this engagement waits for approval (any more)."""


class WrongCommentError(ValueError):
    """Sending back takes a sentence of 1 to 300 characters."""


def save_draft(
    typed: Engagement, *, user: AbstractBaseUser | None, now: datetime, base: int | None = None
) -> EngagementVersion:
    """Save ``typed``, new or not, as a new version of the engagement and return it; what is live stays as it is.

    The same words again are no new version. ``base`` is the number of the version that ``typed`` began from: raises
    ``ChangedMeanwhileError`` when there is a newer one by now.
    """
    with transaction.atomic(using=get_settings().database):
        document = document_of(typed)
        if typed._state.adding:
            typed.is_active = False
            typed.save()
            keep_part(typed)
            return _add_version(typed, document, 1, "engagement.created", user=user, now=now)
        locked = _lock(typed)
        if is_unborn(locked) and locked.slug != typed.slug:
            locked.slug = typed.slug
            locked.save(update_fields=["slug"])
        latest = latest_version(locked) or _keep_what_is(locked, now=now)
        if latest.document == document:
            return latest
        if base is not None and base != latest.number:
            raise ChangedMeanwhileError(latest.number)
        version = _add_version(locked, document, latest.number + 1, "engagement.drafted", user=user, now=now)
        if is_unborn(locked):
            apply_document(locked, document)
        locked.asked_at, locked.comment = None, ""
        locked.save()
        keep_part(locked)
    typed.drafted_part = None
    typed.refresh_from_db()
    return version


def publish(
    engagement: Engagement, *, user: AbstractBaseUser | None, now: datetime, expected: int | None = None
) -> EngagementVersion:
    """Let shoppers read the newest version of ``engagement`` and return it; ``engagement`` is brought up to date.

    Raises ``ChangedMeanwhileError`` when the newest is not the ``expected`` one, which the approver has read, and
    :class:`OwnDraftError` where the shop wants a second pair of eyes. What was switched off is on again.
    """
    alias = get_settings().database
    with transaction.atomic(using=alias):
        locked = _lock(engagement)
        version = latest_version(locked) or _keep_what_is(locked, now=now)
        if expected is not None and expected != version.number:
            raise ChangedMeanwhileError(version.number)
        if not may_publish(version, user):
            raise OwnDraftError(str(version))
        apply_document(locked, version.document)
        locked.published, locked.published_at, locked.is_active = version, now, True
        locked.asked_at, locked.comment = None, ""
        locked.save()
        keep_part(locked)
        _record(locked, "engagement.published", version.number, user=user, now=now)
        transaction.on_commit(forget_engagements, using=alias, robust=True)
    engagement.refresh_from_db()
    return version


def may_publish(version: EngagementVersion | None, user: AbstractBaseUser | None) -> bool:
    """Whether ``user``, who has the permission, may publish ``version``: the shop may want two people to have read it."""
    is_own = version is not None and user is not None and version.created_by_id == user.pk
    return not (is_own and get_settings().engagements_by_two)


def ask_for_approval(engagement: Engagement, *, user: AbstractBaseUser | None, now: datetime) -> EngagementVersion:
    """Let the newest version wait for an approver and return it; asked twice, it waits once."""
    with transaction.atomic(using=get_settings().database):
        locked = _lock(engagement)
        version = latest_version(locked) or _keep_what_is(locked, now=now)
        if locked.asked_at is None:
            locked.asked_at, locked.comment = now, ""
            locked.save(update_fields=["asked_at", "comment"])
            _record(locked, "engagement.approval_asked", version.number, user=user, now=now)
    engagement.refresh_from_db()
    return version


def send_back(engagement: Engagement, comment: str, *, user: AbstractBaseUser | None, now: datetime) -> None:
    """Answer who asked with what is to change; raises :class:`WrongCommentError`, :class:`NothingWaitsError`."""
    comment = comment.strip()
    if not 0 < len(comment) <= LONGEST_COMMENT:
        raise WrongCommentError(f"{len(comment)} characters")
    with transaction.atomic(using=get_settings().database):
        locked = _lock(engagement)
        latest = latest_version(locked)
        if locked.asked_at is None or latest is None:
            raise NothingWaitsError(str(engagement))
        locked.asked_at, locked.comment = None, comment
        locked.save(update_fields=["asked_at", "comment"])
        _record(locked, "engagement.sent_back", latest.number, user=user, now=now)
    engagement.refresh_from_db()


def roll_back(engagement: Engagement, number: int, *, user: AbstractBaseUser | None, now: datetime) -> EngagementVersion:
    """Make what version ``number`` said the newest draft, under a new number, and return that version.

    Raises ``EngagementVersion.DoesNotExist``.
    """
    old = EngagementVersion.objects.get(engagement=engagement, number=number)
    version = save_draft(as_of(engagement, old.document), user=user, now=now)
    engagement.refresh_from_db()
    return version


def switch(engagement: Engagement, *, is_active: bool, user: AbstractBaseUser | None, now: datetime) -> None:
    """Take ``engagement`` away from shoppers, or give it back; :class:`NeverPublishedError` for what never was theirs."""
    alias = get_settings().database
    with transaction.atomic(using=alias):
        locked = _lock(engagement)
        if is_active and is_unborn(locked):
            raise NeverPublishedError(str(engagement))
        if locked.is_active != is_active:
            if locked.published_id is None:  # made by a program: what shoppers read until now is what they may read again
                _keep_what_is(locked, now=now)
            locked.is_active = is_active
            locked.save()
            action = "engagement.switched_on" if is_active else "engagement.switched_off"
            _record(locked, action, None, user=user, now=now)
            transaction.on_commit(forget_engagements, using=alias, robust=True)
    engagement.refresh_from_db()


def is_unborn(engagement: Engagement) -> bool:
    """Whether ``engagement`` was never published: its columns hold what was written last, and its short name may change."""
    return not engagement.is_active and engagement.published_id is None


def latest_version(engagement: Engagement) -> EngagementVersion | None:
    """Return the newest version of ``engagement``, live or not, or ``None``."""
    return EngagementVersion.objects.filter(engagement=engagement).order_by("-number").first()


def _lock(engagement: Engagement) -> Engagement:
    return Engagement.objects.select_for_update().get(pk=engagement.pk)


def _keep_what_is(locked: Engagement, *, now: datetime) -> EngagementVersion:
    """Return the first version of an engagement that has none yet (a program made it): what it is now."""
    version = EngagementVersion.objects.create(
        engagement=locked, number=1, document=document_of(locked), created_at=now, created_by_id=None
    )
    if locked.is_active:
        locked.published = version
        locked.save(update_fields=["published"])
    return version


def _add_version(
    engagement: Engagement,
    document: dict[str, object],
    number: int,
    action: str,
    *,
    user: AbstractBaseUser | None,
    now: datetime,
) -> EngagementVersion:
    version = EngagementVersion.objects.create(
        engagement=engagement,
        number=number,
        document=document,
        created_at=now,
        created_by_id=None if user is None else user.pk,
    )
    _record(engagement, action, number, user=user, now=now)
    return version


def _record(engagement: Engagement, action: str, number: int | None, *, user: AbstractBaseUser | None, now: datetime) -> None:
    detail = {} if number is None else {"number": number}
    record_action(actor=user, action=action, object_kind="engagement", object_id=engagement.pk, now=now, detail=detail)
