"""Where does a rule stand in its life? Draft, live, paused, archived; and of a live one, whether its period has begun."""

from datetime import datetime
from enum import Enum

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.rules.life.approval import answer_request
from oscar_engage.rules.live import forget_live_rules
from oscar_engage.rules.models import Answer, Rule, RuleStatus


class State(Enum):
    """A rule's status, seen together with its period."""

    DRAFT = "draft"
    LIVE = "live"
    SCHEDULED = "scheduled"
    ENDED = "ended"
    PAUSED = "paused"
    ARCHIVED = "archived"


def state_of(rule: Rule, *, now: datetime) -> State:
    """Return the state of ``rule``: live only between its start and its end."""
    if rule.status != RuleStatus.LIVE:
        return State(rule.status)
    if rule.starts_at is not None and now < rule.starts_at:
        return State.SCHEDULED
    if rule.ends_at is not None and rule.ends_at <= now:
        return State.ENDED
    return State.LIVE


def describe_state(rule: Rule, *, now: datetime) -> str:
    """Return the state in words, with the time it hangs on in the shop's time zone."""
    state = state_of(rule, now=now)
    if state is State.SCHEDULED and rule.starts_at is not None:
        return _("live from %(time)s") % {"time": _say(rule.starts_at)}
    if state is State.ENDED and rule.ends_at is not None:
        return _("ended on %(time)s") % {"time": _say(rule.ends_at)}
    if state is State.LIVE and rule.ends_at is not None:
        return _("live until %(time)s") % {"time": _say(rule.ends_at)}
    return str(rule.get_status_display())


def archive(rule: Rule, *, user: AbstractBaseUser | None, now: datetime) -> None:
    """Put ``rule`` away, out of the live ones too; its versions and what they led to stay. Archived already: nothing."""
    _move(rule, RuleStatus.ARCHIVED, "rule.archived", user=user, now=now)


def take_back(rule: Rule, *, user: AbstractBaseUser | None, now: datetime) -> None:
    """Make an archived ``rule`` a draft again; one that is not archived stays as it is."""
    if rule.status == RuleStatus.ARCHIVED:
        _move(rule, RuleStatus.DRAFT, "rule.taken_back", user=user, now=now)


def _move(rule: Rule, status: RuleStatus, action: str, *, user: AbstractBaseUser | None, now: datetime) -> None:
    alias = get_settings().database
    with transaction.atomic(using=alias):
        locked = Rule.objects.select_for_update().get(pk=rule.pk)
        if locked.status != status:
            locked.status = status
            locked.save(update_fields=["status", "updated_at"])
            answer_request(locked, Answer.REPLACED, user=user, now=now)
            record_action(actor=user, action=action, object_kind="rule", object_id=locked.pk, now=now)
            transaction.on_commit(forget_live_rules, using=alias, robust=True)
    rule.refresh_from_db()


def _say(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
