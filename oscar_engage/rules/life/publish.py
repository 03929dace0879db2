"""How does a rule change? Save a draft, publish it, roll it back, pause it: each checked, written once and on the trail."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from oscar_engage import hooks
from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.rules.engine.segments import expand
from oscar_engage.rules.errors import ArchivedRuleError, ChangedMeanwhileError
from oscar_engage.rules.grammar import to_json
from oscar_engage.rules.life.approval import answer_request
from oscar_engage.rules.limits import check_room
from oscar_engage.rules.live import forget_live_rules, published_documents
from oscar_engage.rules.models import Answer, Rule, RulePurpose, RuleStatus, RuleVersion
from oscar_engage.rules.segments.shelf import Texts
from oscar_engage.rules.validate import check_document

User = AbstractBaseUser | None


class NothingToPublishError(ValueError):
    """The rule has no version yet: save a draft first."""


def save_draft(
    rule: Rule,
    raw: object,
    *,
    user: User,
    now: datetime,
    engagements: Mapping[str, str],
    segments: Texts | None = None,
    base: int | None = None,
) -> RuleVersion:
    """Write ``raw``, in its canonical shape, as the next version of the saved ``rule`` and return it; what is live stays live.

    ``engagements`` are the shop's, slug to kind of widget; ``segments`` the shop's as they are now (default: those that
    ``raw`` brings along). ``base`` is the number of the version that was changed (0: there was none): when another is the
    latest by now, raises ``ChangedMeanwhileError``. Raises ``InvalidRuleError`` with every mistake, ``ArchivedRuleError`` for
    an archived rule. A document that says the same as the latest version makes no new one; a request for approval of an older
    version waits no longer.
    """
    is_service = rule.purpose == RulePurpose.SERVICE
    document = to_json(check_document(raw, engagements=engagements, service=is_service, segments=segments))
    with transaction.atomic(using=get_settings().database):
        locked = _lock(rule)
        latest = latest_version(locked)
        number = 0 if latest is None else latest.number
        if latest is not None and latest.document == document:
            return latest
        if base is not None and base != number:
            raise ChangedMeanwhileError(number)
        version = RuleVersion.objects.create(
            rule=locked, number=number + 1, document=document, created_by_id=None if user is None else user.pk
        )
        answer_request(locked, Answer.REPLACED, user=user, now=now)
        record_action(actor=user, action="rule.drafted", object_kind="rule_version", object_id=version.pk, now=now)
    return version


def publish(
    rule: Rule, *, user: User, now: datetime, engagements: Mapping[str, str], expected: int | None = None
) -> RuleVersion:
    """Make the latest version of ``rule`` live and return it; ``rule`` itself is brought up to date.

    It is checked again, since the purpose or an engagement may have changed since it was saved: ``InvalidRuleError``.
    Raises :class:`NothingToPublishError` when there is no version, ``TooManyRulesError`` when too much is live already,
    ``ArchivedRuleError`` for an archived rule, ``ChangedMeanwhileError`` when the latest version is not the ``expected`` one,
    which is the one that the approver has read. Sends ``hooks.rule_published`` after the commit.
    """
    alias = get_settings().database
    with transaction.atomic(using=alias):
        locked = _lock(rule)
        version = latest_version(locked)
        if version is None:
            raise NothingToPublishError(f"The rule {locked} has no version.")
        if expected is not None and expected != version.number:
            raise ChangedMeanwhileError(version.number)
        is_service = locked.purpose == RulePurpose.SERVICE
        document = check_document(version.document, engagements=engagements, service=is_service)
        check_room(expand(document), others=published_documents(but=locked))
        locked.published, locked.status = version, RuleStatus.LIVE
        locked.save(update_fields=["published", "status", "updated_at"])
        answer_request(locked, Answer.PUBLISHED, user=user, now=now)
        record_action(actor=user, action="rule.published", object_kind="rule_version", object_id=version.pk, now=now)
        transaction.on_commit(partial(_tell, locked, version, user), using=alias, robust=True)
    rule.refresh_from_db()
    return version


def roll_back(rule: Rule, number: int, *, user: User, now: datetime, engagements: Mapping[str, str]) -> RuleVersion:
    """Make what version ``number`` said the newest draft, under a new number, and return that version.

    Its segments are those of that time. Raises ``RuleVersion.DoesNotExist``, and as :func:`save_draft`: an engagement may be
    gone since.
    """
    old = RuleVersion.objects.get(rule=rule, number=number)
    with transaction.atomic(using=get_settings().database):
        version = save_draft(rule, old.document, user=user, now=now, engagements=engagements)
        action, detail = "rule.rolled_back", {"to": number}
        record_action(actor=user, action=action, object_kind="rule_version", object_id=version.pk, now=now, detail=detail)
    return version


def pause(rule: Rule, *, user: User, now: datetime) -> None:
    """Take ``rule`` out of the live rules; ``rule`` itself is brought up to date. Only a live rule can be paused."""
    alias = get_settings().database
    with transaction.atomic(using=alias):
        locked = Rule.objects.select_for_update().get(pk=rule.pk)
        if locked.status == RuleStatus.LIVE:
            locked.status = RuleStatus.PAUSED
            locked.save(update_fields=["status", "updated_at"])
            record_action(actor=user, action="rule.paused", object_kind="rule", object_id=locked.pk, now=now)
            transaction.on_commit(forget_live_rules, using=alias, robust=True)
    rule.refresh_from_db()


def latest_version(rule: Rule) -> RuleVersion | None:
    """Return the newest version of ``rule``, live or not, or ``None``."""
    return RuleVersion.objects.filter(rule=rule).order_by("-number").first()


def _lock(rule: Rule) -> Rule:
    """Return the stored rule, locked until the transaction ends."""
    locked = Rule.objects.select_for_update().get(pk=rule.pk)
    if locked.status == RuleStatus.ARCHIVED:
        raise ArchivedRuleError(str(locked))
    return locked


def _tell(rule: Rule, version: RuleVersion, user: User) -> None:
    forget_live_rules()
    hooks.rule_published.send_robust(sender=Rule, rule=rule, version=version, user=user)
