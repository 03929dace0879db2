"""May this version go live? Who may not publish asks; who may publishes it, or sends it back and says what is to change."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.rules.errors import ArchivedRuleError, ChangedMeanwhileError
from oscar_engage.rules.models import Answer, ApprovalRequest, Rule, RuleStatus, RuleVersion

PERMISSION = "oscar_engage.publish_rule"
"""What an approver has."""

LONGEST_COMMENT = 300


class NothingWaitsError(ValueError):
    """No request for approval of this rule waits (any more)."""


class WrongCommentError(ValueError):
    """Sending back takes a sentence of 1 to 300 characters."""


def ask_for_approval(version: RuleVersion, *, user: AbstractBaseUser | None, now: datetime) -> ApprovalRequest:
    """Let ``version`` wait for an approver and return the request; asked twice, it waits once.

    Raises ``ChangedMeanwhileError`` when it is not the latest one any more, ``ArchivedRuleError`` for an archived rule.
    """
    with transaction.atomic(using=get_settings().database):
        rule = Rule.objects.select_for_update().get(pk=version.rule_id)
        if rule.status == RuleStatus.ARCHIVED:
            raise ArchivedRuleError(str(rule))
        newest = RuleVersion.objects.filter(rule=rule).order_by("-number").values_list("number", flat=True)[0]
        if newest != version.number:
            raise ChangedMeanwhileError(newest)
        waiting = waiting_request(rule)
        if waiting is not None:
            return waiting
        record_action(actor=user, action="rule.approval_asked", object_kind="rule_version", object_id=version.pk, now=now)
        return ApprovalRequest.objects.create(
            rule=rule, version=version, asked_at=now, asked_by_id=None if user is None else user.pk
        )


def send_back(rule: Rule, comment: str, *, user: AbstractBaseUser | None, now: datetime) -> ApprovalRequest:
    """Answer the waiting request with what is to change (1 to 300 characters) and return it.

    Raises :class:`WrongCommentError` for another length, :class:`NothingWaitsError` when nothing waits.
    """
    comment = comment.strip()
    if not 0 < len(comment) <= LONGEST_COMMENT:
        raise WrongCommentError(f"{len(comment)} characters")
    with transaction.atomic(using=get_settings().database):
        locked = Rule.objects.select_for_update().get(pk=rule.pk)
        request = answer_request(locked, Answer.SENT_BACK, user=user, now=now, comment=comment)
        if request is None:
            raise NothingWaitsError(str(rule))
        record_action(actor=user, action="rule.sent_back", object_kind="rule_version", object_id=request.version_id, now=now)
    return request


def waiting_request(rule: Rule) -> ApprovalRequest | None:
    """Return the request that waits for an answer, or ``None``."""
    return ApprovalRequest.objects.filter(rule=rule, answer="").select_related("version").first()


def last_request(rule: Rule) -> ApprovalRequest | None:
    """Return the newest request, answered or not, or ``None``."""
    return ApprovalRequest.objects.filter(rule=rule).select_related("version").order_by("-asked_at", "-pk").first()


def answer_request(
    locked: Rule, answer: Answer, *, user: AbstractBaseUser | None, now: datetime, comment: str = ""
) -> ApprovalRequest | None:
    """Answer the request that waits, if one does, and return it; the caller has locked the rule."""
    request = waiting_request(locked)
    if request is not None:
        request.answer, request.answered_at, request.comment = answer, now, comment
        request.answered_by_id = None if user is None else user.pk
        request.save(update_fields=["answer", "answered_at", "answered_by", "comment"])
    return request
