"""From draft to archive: who approves, what is on the trail, what happens when two people change one rule."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import translation

from oscar_engage.audit.models import AuditEntry
from oscar_engage.decisions.models import Arm, Decision, Reason
from oscar_engage.rules.errors import ArchivedRuleError, ChangedMeanwhileError, InvalidRuleError
from oscar_engage.rules.life.approval import (
    NothingWaitsError,
    WrongCommentError,
    ask_for_approval,
    last_request,
    send_back,
    waiting_request,
)
from oscar_engage.rules.life.columns import ColumnsChangedError, columns_of, save_columns
from oscar_engage.rules.life.publish import publish, roll_back, save_draft
from oscar_engage.rules.life.states import State, archive, describe_state, state_of, take_back
from oscar_engage.rules.live import live_rules
from oscar_engage.rules.models import Answer, ApprovalRequest, Rule, RuleStatus, RuleVersion
from tests.rules.moments import ENGAGEMENTS, NOW, condition, rule_json

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
PAGES = rule_json(condition("visit.pages", ">", 3))
SEARCHES = rule_json(condition("visit.searches", ">", 1))
BY: Any = {"user": None, "now": NOW}


def make_rule(**fields: Any) -> Rule:
    return Rule.objects.create(**{"name": "Help", **fields})


def draft(rule: Rule, raw: object = PAGES, **more: Any) -> RuleVersion:
    return save_draft(rule, raw, **{**BY, "engagements": ENGAGEMENTS, **more})


def go_live(rule: Rule, **more: Any) -> RuleVersion:
    return publish(rule, **{**BY, "engagements": ENGAGEMENTS, **more})


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def ada() -> Any:
    return get_user_model().objects.create_user("ada", "ada@example.com")


@pytest.mark.parametrize(
    ("fields", "state", "words"),
    [
        ({}, State.DRAFT, "draft"),
        ({"status": "paused"}, State.PAUSED, "paused"),
        ({"status": "archived"}, State.ARCHIVED, "archived"),
        ({"status": "live"}, State.LIVE, "live"),
        ({"status": "live", "starts_at": NOW, "ends_at": NOW + HOUR}, State.LIVE, "live until 03/02/2026 1 p.m."),
        ({"status": "live", "starts_at": NOW + HOUR}, State.SCHEDULED, "live from 03/02/2026 1 p.m."),
        ({"status": "live", "ends_at": NOW}, State.ENDED, "ended on 03/02/2026 noon"),
    ],
)
def test_state__status_and_period__are_seen_together(fields: Any, state: State, words: str, settings: Any) -> None:
    settings.TIME_ZONE = "UTC"
    with translation.override("en"):
        rule = Rule(name="Help", **fields)
        assert state_of(rule, now=NOW) is state
        assert describe_state(rule, now=NOW) == words


def test_state__shop_in_another_time_zone__says_its_time(settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    with translation.override("en"):
        assert describe_state(Rule(status="live", ends_at=NOW), now=NOW) == "ended on 03/02/2026 1 p.m."


def test_archive__live_rule__is_out_of_the_live_ones_and_taken_back_a_draft(
    django_capture_on_commit_callbacks: Any,
) -> None:
    rule = make_rule()
    draft(rule)
    go_live(rule)
    assert len(live_rules(NOW)) == 1
    with django_capture_on_commit_callbacks(execute=True):
        archive(rule, **BY)
        archive(rule, **BY)
    assert rule.status == RuleStatus.ARCHIVED
    assert live_rules(NOW) == ()
    take_back(rule, **BY)
    take_back(rule, **BY)
    assert rule.status == RuleStatus.DRAFT
    assert actions()[2:] == ["rule.archived", "rule.taken_back"]


def test_archive__archived_rule__is_neither_changed_nor_published_nor_asked_for() -> None:
    rule = make_rule()
    version = draft(rule)
    archive(rule, **BY)
    with pytest.raises(ArchivedRuleError):
        draft(rule, SEARCHES)
    with pytest.raises(ArchivedRuleError):
        go_live(rule)
    with pytest.raises(ArchivedRuleError):
        ask_for_approval(version, **BY)


def test_delete__rule_that_decisions_refer_to__is_refused_by_the_database() -> None:
    rule = make_rule()
    version = draft(rule)
    Decision.objects.create(
        visitor_id="00000000-0000-0000-0000-000000000001",
        version=version,
        branch=0,
        action="show.balloon",
        arm=Arm.CONTROL,
        reason=Reason.RULE_HOLDOUT,
        eligible_at=NOW,
    )
    with pytest.raises(ProtectedError):
        rule.delete()


# Approval


def test_ask__latest_version__waits_once_until_it_is_published() -> None:
    rule, user = make_rule(), ada()
    version = draft(rule)
    request = ask_for_approval(version, user=user, now=NOW)
    assert ask_for_approval(version, **BY) == request == waiting_request(rule)
    assert (request.asked_by_id, request.version) == (user.pk, version)
    assert str(request) == "Help v1 waits"
    go_live(rule, user=user, now=NOW + HOUR)
    request.refresh_from_db()
    assert (request.answer, request.answered_at, request.answered_by_id) == (Answer.PUBLISHED, NOW + HOUR, user.pk)
    assert actions() == ["rule.drafted", "rule.approval_asked", "rule.published"]


def test_ask__older_version__is_refused_with_the_newer_number() -> None:
    rule = make_rule()
    version = draft(rule)
    draft(rule, SEARCHES)
    with pytest.raises(ChangedMeanwhileError) as caught:
        ask_for_approval(version, **BY)
    assert caught.value.number == 2


def test_send_back__with_a_sentence__ends_the_waiting() -> None:
    rule, user = make_rule(), ada()
    ask_for_approval(draft(rule), **BY)
    send_back(rule, "  Ask for fewer pages. ", user=user, now=NOW)
    request = last_request(rule)
    assert request is not None
    assert (request.answer, request.comment, request.answered_by_id) == (Answer.SENT_BACK, "Ask for fewer pages.", user.pk)
    assert waiting_request(rule) is None
    with pytest.raises(NothingWaitsError):
        send_back(rule, "Again.", **BY)
    assert actions()[-1] == "rule.sent_back"


@pytest.mark.parametrize("comment", ["", "  ", "x" * 301])
def test_send_back__without_a_fitting_sentence__changes_nothing(comment: str) -> None:
    rule = make_rule()
    ask_for_approval(draft(rule), **BY)
    with pytest.raises(WrongCommentError):
        send_back(rule, comment, **BY)
    assert waiting_request(rule) is not None


def test_save_draft__while_an_older_version_waits__that_waits_no_longer() -> None:
    rule = make_rule()
    ask_for_approval(draft(rule), **BY)
    draft(rule, SEARCHES)
    assert waiting_request(rule) is None
    assert ApprovalRequest.objects.get().answer == Answer.REPLACED


def test_approval_request__against_an_invariant__the_database_refuses() -> None:
    rule = make_rule()
    request = ask_for_approval(draft(rule), **BY)
    for changes in ({"answer": "published"}, {"answered_at": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ApprovalRequest.objects.update(**changes)
    with pytest.raises(IntegrityError), transaction.atomic():
        ApprovalRequest.objects.create(rule=rule, version=request.version, asked_at=NOW)


def test_publish__not_the_version_that_was_read__is_refused() -> None:
    rule = make_rule()
    draft(rule)
    draft(rule, SEARCHES)
    with pytest.raises(ChangedMeanwhileError):
        go_live(rule, expected=1)
    assert go_live(rule, expected=2).number == 2


# Rolling back, and two people at once


def test_roll_back__old_version__is_the_newest_draft_under_a_new_number() -> None:
    rule = make_rule()
    old = draft(rule)
    draft(rule, SEARCHES)
    version = roll_back(rule, 1, **BY, engagements=ENGAGEMENTS)
    assert (version.number, version.document) == (3, old.document)
    entry = AuditEntry.objects.get(action="rule.rolled_back")
    assert (entry.object_id, entry.detail) == (str(version.pk), {"to": 1})


def test_roll_back__number_that_is_not_there_or_engagement_gone__changes_nothing() -> None:
    rule = make_rule()
    draft(rule)
    draft(rule, SEARCHES)
    with pytest.raises(RuleVersion.DoesNotExist):
        roll_back(rule, 9, **BY, engagements=ENGAGEMENTS)
    with pytest.raises(InvalidRuleError):
        roll_back(rule, 1, **BY, engagements={})
    assert rule.versions.count() == 2


def test_save_draft__on_top_of_what_somebody_saved_meanwhile__says_so_and_writes_nothing() -> None:
    rule = make_rule()
    draft(rule, base=0)
    draft(rule, SEARCHES, base=1)
    with pytest.raises(ChangedMeanwhileError) as caught:
        draft(rule, PAGES, base=1)
    assert caught.value.number == 2
    assert rule.versions.count() == 2
    assert draft(rule, SEARCHES, base=1).number == 2  # the same words: nothing is lost
    assert draft(rule, PAGES, base=2).number == 3


# Columns


def test_save_columns__what_changed__is_on_the_trail_from_and_to() -> None:
    rule = Rule(name="Help")
    save_columns(rule, **BY)
    rule.priority, rule.starts_at = 5, NOW
    save_columns(rule, **BY)
    save_columns(rule, **BY)
    created, changed = AuditEntry.objects.order_by("pk")
    assert (created.action, created.detail) == ("rule.created", {})
    assert (changed.action, changed.object_id) == ("rule.changed", str(rule.pk))
    assert changed.detail == {"priority": [100, 5], "starts_at": [None, "2026-03-02T12:00:00+00:00"]}


def test_save_columns__others_than_were_seen__are_said_and_nothing_is_written() -> None:
    rule = make_rule()
    seen = columns_of(rule)
    Rule.objects.update(priority=7)
    rule.name = "Better help"
    with pytest.raises(ColumnsChangedError) as caught:
        save_columns(rule, **BY, seen=seen)
    assert caught.value.changes == {"priority": [100, 7]}
    assert Rule.objects.get().name == "Help"
    save_columns(rule, **BY, seen={**seen, "priority": 7, "unknown": 1})
    assert Rule.objects.get().name == "Better help"
