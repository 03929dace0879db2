"""How does a rule change? Save a draft, publish it, pause it: each checked, written once and put on the trail."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from oscar_engage import hooks
from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.rules.grammar import to_json
from oscar_engage.rules.limits import check_room
from oscar_engage.rules.live import forget_live_rules, published_documents
from oscar_engage.rules.models import Rule, RulePurpose, RuleStatus, RuleVersion
from oscar_engage.rules.validate import check_document

User = AbstractBaseUser | None


class NothingToPublishError(ValueError):
    """The rule has no version yet: save a draft first."""


def save_draft(rule: Rule, raw: object, *, user: User, now: datetime, engagements: Mapping[str, str]) -> RuleVersion:
    """Write ``raw``, in its canonical shape, as the next version of the saved ``rule`` and return it; what is live stays live.

    ``engagements`` are the shop's, slug to kind of widget. Raises ``InvalidRuleError`` with every mistake. A document that
    says the same as the latest version makes no new one.
    """
    document = to_json(check_document(raw, engagements=engagements, service=rule.purpose == RulePurpose.SERVICE))
    with transaction.atomic(using=get_settings().database):
        locked = Rule.objects.select_for_update().get(pk=rule.pk)
        latest = latest_version(locked)
        if latest is not None and latest.document == document:
            return latest
        number = 1 if latest is None else latest.number + 1
        version = RuleVersion.objects.create(
            rule=locked, number=number, document=document, created_by_id=None if user is None else user.pk
        )
        record_action(actor=user, action="rule.drafted", object_kind="rule_version", object_id=version.pk, now=now)
    return version


def publish(rule: Rule, *, user: User, now: datetime, engagements: Mapping[str, str]) -> RuleVersion:
    """Make the latest version of ``rule`` live and return it; ``rule`` itself is brought up to date.

    It is checked again, since the purpose or an engagement may have changed since it was saved: ``InvalidRuleError``.
    Raises :class:`NothingToPublishError` when there is no version, ``TooManyRulesError`` when too much is live already. Sends
    ``hooks.rule_published`` after the commit.
    """
    alias = get_settings().database
    with transaction.atomic(using=alias):
        locked = Rule.objects.select_for_update().get(pk=rule.pk)
        version = latest_version(locked)
        if version is None:
            raise NothingToPublishError(f"The rule {locked} has no version.")
        is_service = locked.purpose == RulePurpose.SERVICE
        document = check_document(version.document, engagements=engagements, service=is_service)
        check_room(document, others=published_documents(but=locked))
        locked.published, locked.status = version, RuleStatus.LIVE
        locked.save(update_fields=["published", "status", "updated_at"])
        record_action(actor=user, action="rule.published", object_kind="rule_version", object_id=version.pk, now=now)
        transaction.on_commit(partial(_tell, locked, version, user), using=alias, robust=True)
    rule.refresh_from_db()
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


def _tell(rule: Rule, version: RuleVersion, user: User) -> None:
    forget_live_rules()
    hooks.rule_published.send_robust(sender=Rule, rule=rule, version=version, user=user)
