"""How a rule changes, and which rules are live."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from oscar_engage import hooks
from oscar_engage.audit.models import AuditEntry
from oscar_engage.rules.errors import InvalidRuleError
from oscar_engage.rules.life.publish import NothingToPublishError, pause, publish, save_draft
from oscar_engage.rules.live import forget_live_rules, live_rules
from oscar_engage.rules.models import ImmutableVersionError, Rule, RulePurpose, RuleStatus, RuleVersion
from tests.rules.moments import ENGAGEMENTS, NOW, condition, rule_json

pytestmark = pytest.mark.django_db
PAGES = rule_json(condition("visit.pages", ">", 3))
SEARCHES = rule_json(condition("visit.searches", ">", 1))


def draft(rule: Rule, raw: object = PAGES, **more: Any) -> RuleVersion:
    return save_draft(rule, raw, **{"user": None, "now": NOW, "engagements": ENGAGEMENTS, **more})


def make_live(raw: object = PAGES, **fields: Any) -> Rule:
    rule = Rule.objects.create(**{"name": "Help", **fields})
    draft(rule, raw)
    publish(rule, user=None, now=NOW, engagements=ENGAGEMENTS)
    forget_live_rules()
    return rule


def live_ids(now: Any = NOW) -> list[int]:
    return [rule.rule_id for rule in live_rules(now)]


def test_save_draft__valid_document__is_numbered_canonical_and_on_the_trail() -> None:
    user = get_user_model().objects.create_user("ada", "ada@example.com")
    rule = Rule.objects.create(name="Help")
    first = draft(rule, PAGES, user=user)
    second = draft(rule, SEARCHES, user=user)
    assert [first.number, second.number] == [1, 2]
    assert first.document == {**PAGES, "else": [], "unknown": "skip"}
    assert second.created_by_id == user.pk
    assert list(AuditEntry.objects.values_list("action", "object_id", "actor_id")) == [
        ("rule.drafted", str(first.pk), user.pk),
        ("rule.drafted", str(second.pk), user.pk),
    ]
    assert Rule.objects.get().status == RuleStatus.DRAFT


def test_save_draft__says_the_same_as_the_latest__makes_no_version() -> None:
    rule = Rule.objects.create(name="Help")
    assert draft(rule).pk == draft(rule).pk
    assert RuleVersion.objects.count() == 1


def test_save_draft__invalid_document__stores_nothing() -> None:
    rule = Rule.objects.create(name="Help")
    with pytest.raises(InvalidRuleError):
        draft(rule, rule_json(condition("visit.pages", ">", "x")))
    assert not RuleVersion.objects.exists()


def test_save_draft__service_rule__may_not_read_the_visit() -> None:
    with pytest.raises(InvalidRuleError):
        draft(Rule.objects.create(name="Help", purpose=RulePurpose.SERVICE))


def test_rule_version__saved_again__refuses() -> None:
    version = draft(Rule.objects.create(name="Help"))
    version.document = {}
    with pytest.raises(ImmutableVersionError):
        version.save()


def test_publish__latest_version__goes_live_and_tells_after_the_commit(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    heard: list[Any] = []

    def receiver(**kwargs: Any) -> None:
        heard.append(kwargs)
        raise RuntimeError("a broken receiver must not matter")

    hooks.rule_published.connect(receiver)
    try:
        rule = Rule.objects.create(name="Help")
        draft(rule)
        version = draft(rule, SEARCHES)
        with django_capture_on_commit_callbacks(execute=True):
            publish(rule, user=None, now=NOW, engagements=ENGAGEMENTS)
            assert heard == []
    finally:
        hooks.rule_published.disconnect(receiver)
    assert (rule.status, rule.published) == (RuleStatus.LIVE, version)
    assert [(told["rule"], told["version"], told["user"]) for told in heard] == [(rule, version, None)]
    assert AuditEntry.objects.filter(action="rule.published", object_id=version.pk).count() == 1


def test_publish__no_version__says_so() -> None:
    with pytest.raises(NothingToPublishError):
        publish(Rule.objects.create(name="Help"), user=None, now=NOW, engagements=ENGAGEMENTS)


def test_publish__engagement_gone_since_the_draft__is_refused() -> None:
    rule = Rule.objects.create(name="Help")
    draft(rule)
    with pytest.raises(InvalidRuleError):
        publish(rule, user=None, now=NOW, engagements={})
    rule.refresh_from_db()
    assert rule.status == RuleStatus.DRAFT


def test_pause__live_rule__is_taken_out_once(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> None:
    rule = make_live()
    assert live_ids() == [rule.pk]
    with django_capture_on_commit_callbacks(execute=True):
        pause(rule, user=None, now=NOW)
        pause(rule, user=None, now=NOW)
    assert rule.status == RuleStatus.PAUSED
    assert live_ids() == []
    assert AuditEntry.objects.filter(action="rule.paused").count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"status": RuleStatus.LIVE},
        {"holdout_share": 0.6},
        {"starts_at": NOW, "ends_at": NOW},
    ],
)
def test_rule__against_an_invariant__the_database_refuses(fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Rule.objects.create(name="x", **fields)


def test_live_rules__several__come_by_priority_and_only_when_due() -> None:
    late = make_live(priority=5, starts_at=NOW + timedelta(hours=1))
    second = make_live(priority=20, ends_at=NOW + timedelta(hours=1))
    first = make_live(priority=10, starts_at=NOW)
    Rule.objects.create(name="draft", priority=1)
    assert live_ids() == [first.pk, second.pk]
    assert live_ids(NOW + timedelta(hours=1)) == [late.pk, first.pk]


def test_live_rules__within_a_second__asks_the_database_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make_live()
    with django_assert_num_queries(2):
        live_rules(NOW)
    with django_assert_num_queries(0):
        live_rules(NOW + timedelta(seconds=0.9))
    with django_assert_num_queries(1):
        live_rules(NOW + timedelta(seconds=1))


def test_live_rules__column_changed_by_another_process__is_seen_after_a_second() -> None:
    first, second = make_live(priority=10), make_live(priority=20)
    assert live_ids() == [first.pk, second.pk]
    Rule.objects.filter(pk=second.pk).update(priority=1)
    assert live_ids(NOW + timedelta(seconds=0.5)) == [first.pk, second.pk]
    assert live_ids(NOW + timedelta(seconds=2)) == [second.pk, first.pk]


def test_live_rules__new_version_published__replaces_the_old() -> None:
    rule = make_live()
    draft(rule, SEARCHES)
    assert live_rules(NOW)[0].document.branches[0].when.rules[0].field == "visit.pages"  # type: ignore[union-attr]  # a condition
    publish(rule, user=None, now=NOW, engagements=ENGAGEMENTS)
    later = live_rules(NOW + timedelta(seconds=2))
    assert later[0].document.branches[0].when.rules[0].field == "visit.searches"  # type: ignore[union-attr]  # a condition


def test_live_rules__unreadable_document__is_left_out_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    good, bad = make_live(), make_live()
    RuleVersion.objects.filter(rule=bad).update(document={"schema": 9})
    with caplog.at_level(logging.ERROR):
        assert live_ids() == [good.pk]
    assert "left out" in caplog.text


def test_live_rules__service_row_that_reads_the_visit__is_no_service_rule() -> None:
    rule = make_live()
    Rule.objects.filter(pk=rule.pk).update(purpose=RulePurpose.SERVICE)
    assert live_rules(NOW)[0].is_service is False
    make_live(rule_json(condition("login.failures", ">", 1)), purpose=RulePurpose.SERVICE, priority=1)
    assert live_rules(NOW)[0].is_service is True
