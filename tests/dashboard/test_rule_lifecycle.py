"""Can a rule be approved, sent back, compared, rolled back and archived on its pages, by those who may?"""

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from oscar_engage.audit.models import AuditEntry
from oscar_engage.dashboard.access import create_role_groups
from oscar_engage.dashboard.rules.controls import build_form
from oscar_engage.dashboard.rules.saving import Seen
from oscar_engage.rules.life.publish import save_draft
from oscar_engage.rules.models import Rule, RuleStatus, RuleVersion
from oscar_engage.widgets.models import Engagement
from tests.dashboard.browser import submit
from tests.dashboard.conftest import DOCUMENT, ENGAGEMENTS, NOW

pytestmark = pytest.mark.django_db
SETTINGS = {"name": "Help in the checkout", "priority": "10", "purpose": "sales", "holdout_percent": "25"}


def url(name: str, *args: Any) -> str:
    return reverse(f"engage_dashboard:engage-{name}", args=args)


def login(name: str, role: str) -> Client:
    create_role_groups()
    user = get_user_model().objects.create_user(
        username=name, email=f"{name}@example.com", first_name=name.title(), is_staff=True
    )
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user, backend="oscar.apps.customer.auth_backends.EmailBackend")
    return client


@pytest.fixture
def writer(db: None) -> Client:
    return login("wilma", "Engage rule writers")


@pytest.fixture
def approver(db: None) -> Client:
    return login("ada", "Engage merchandisers")


def seconds(value: int) -> dict[str, Any]:
    changed: dict[str, Any] = json.loads(json.dumps(DOCUMENT))
    changed["branches"][0]["when"]["rules"][1]["value"] = value
    return changed


def draft(rule: Rule, value: int) -> RuleVersion:
    return save_draft(rule, seconds(value), user=None, now=NOW, engagements=ENGAGEMENTS)


def fields(document: dict[str, Any] = DOCUMENT, **more: Any) -> dict[str, Any]:
    return {**SETTINGS, **dict(submit(build_form(document, engagements=ENGAGEMENTS))), **more}


def said(response: Any) -> str:
    return re.sub(r"\s+", " ", unescape(response.content.decode()))


def stored(rule: Rule) -> Rule:
    return Rule.objects.get(pk=rule.pk)


# Approval


def test_writer__save_and_publish__is_saved_and_not_live(writer: Client, rule: Rule) -> None:
    page = said(writer.post(url("rule-edit", rule.pk), fields(seconds(90), publish="1"), follow=True))
    assert "you may change rules, but not publish them" in page
    assert stored(rule).versions.count() == 2
    assert stored(rule).published_id == rule.published_id


@pytest.mark.parametrize("name", ["rule-publish", "rule-send-back"])
def test_writer__button_of_an_approver__is_refused(name: str, writer: Client, rule: Rule) -> None:
    assert writer.post(url(name, rule.pk)).status_code == 403


def test_writer__asks_for_approval__waits_in_the_list_until_it_is_published(
    writer: Client, approver: Client, rule: Rule
) -> None:
    editor = said(writer.get(url("rule-edit", rule.pk)))
    assert "Save and ask for approval" in editor
    assert "Save and publish" not in editor
    page = said(writer.post(url("rule-edit", rule.pk), fields(seconds(90), ask="1"), follow=True))
    assert "is saved and waits for approval" in page
    assert "waiting for approval" in said(writer.get(url("rules")))
    assert SETTINGS["name"] in said(approver.get(url("rules") + "?show=waiting"))
    page = said(approver.get(url("rule-edit", rule.pk)))
    assert "Version 2: Wilma asked on" in page
    approver.post(url("rule-publish", rule.pk), {"number": "2"})
    assert stored(rule).published.number == 2  # type: ignore[union-attr]  # published
    assert "No rule of this kind" in said(approver.get(url("rules") + "?show=waiting"))


def test_approver__sends_back__the_writer_reads_what_is_to_change(writer: Client, approver: Client, rule: Rule) -> None:
    draft(rule, 90)
    assert "waits for approval" in said(writer.post(url("rule-ask", rule.pk), follow=True))
    page = said(approver.post(url("rule-send-back", rule.pk), {"comment": "  ", "history": "1"}, follow=True))
    assert "Say in 1 to 300 characters" in page
    page = said(approver.post(url("rule-send-back", rule.pk), {"comment": "A minute is enough."}, follow=True))
    assert "is sent back" in page
    page = said(writer.get(url("rule-edit", rule.pk)))
    assert "Ada sent version 2 back:" in page
    assert "A minute is enough." in page
    assert "Nothing waits" in said(approver.post(url("rule-send-back", rule.pk), {"comment": "Again."}, follow=True))


def test_approver__publishes_what_was_changed_meanwhile__is_told_first(approver: Client, rule: Rule) -> None:
    draft(rule, 90)
    draft(rule, 95)
    page = said(approver.post(url("rule-publish", rule.pk), {"number": "2"}, follow=True))
    assert "Version 3 was saved meanwhile" in page
    assert stored(rule).published_id == rule.published_id


def test_writer__settings_of_a_live_rule__stay_as_they_are(writer: Client, rule: Rule) -> None:
    assert "only who may publish rules changes them" in said(writer.get(url("rule-edit", rule.pk)))
    writer.post(url("rule-edit", rule.pk), fields(seconds(90), save="draft"))
    assert (stored(rule).name, stored(rule).priority, stored(rule).holdout_share) == ("Help in the checkout", 100, 0.2)


def test_approver__settings_of_a_live_rule__are_changed_and_on_the_trail(approver: Client, rule: Rule) -> None:
    approver.post(url("rule-edit", rule.pk), fields(save="draft"))
    assert AuditEntry.objects.get(action="rule.changed").detail["priority"] == [100, 10]
    page = said(approver.get(url("rule-history", rule.pk)))
    assert "Ada: changed the settings" in page
    assert "priority: 100 → 10" in page
    assert "hold-out share: 20 % → 25 %" in page


# Two people at once


def seen(rule: Rule) -> dict[str, str]:
    before = Seen.stored(rule)
    return {"base": str(before.base), "columns": before.columns_json}


def test_edit__version_saved_meanwhile__is_shown_with_the_difference_and_nothing_is_lost(
    approver: Client, writer: Client, rule: Rule
) -> None:
    before = seen(rule)
    writer.post(url("rule-edit", rule.pk), fields(seconds(90), save="draft", **before))
    response = approver.post(url("rule-edit", rule.pk), fields(seconds(60), save="draft", name="Mine", **before))
    page = said(response)
    assert response.status_code == 409
    assert "Wilma saved version 2 meanwhile" in page
    assert "more than 90 seconds” became" in page
    assert "name: Hesitation in the checkout → Help in the checkout" in page
    assert 'value="Mine"' in page
    assert 'name="base" value="2"' in page
    assert stored(rule).versions.count() == 2
    approver.post(url("rule-edit", rule.pk), fields(seconds(60), save="draft", **seen(rule)))
    assert stored(rule).versions.count() == 3


def test_edit__settings_changed_meanwhile__are_shown_from_and_to(approver: Client, rule: Rule) -> None:
    before = seen(rule)
    Rule.objects.update(priority=7)
    response = approver.post(url("rule-edit", rule.pk), fields(save="draft", **before))
    assert response.status_code == 409
    assert "priority: 100 → 7" in said(response)
    assert stored(rule).priority == 7
    assert approver.post(url("rule-edit", rule.pk), fields(save="draft", **seen(rule))).status_code == 302
    assert stored(rule).priority == 10


def test_edit__version_saved_meanwhile_that_cannot_be_read__is_shown_without_the_difference(
    approver: Client, rule: Rule
) -> None:
    before = seen(rule)
    RuleVersion.objects.create(rule=rule, number=2, document={"schema": 9})
    page = said(approver.post(url("rule-edit", rule.pk), fields(seconds(60), save="draft", **before)))
    assert " saved version 2 meanwhile" in page
    assert "What is different in yours" not in page


@pytest.mark.parametrize(
    "forged", [{"base": "x", "columns": "{"}, {"base": "9" * 30, "columns": "[" * 5000}, {"columns": "[]"}]
)
def test_edit__hidden_fields_of_no_shape__are_taken_as_not_there(forged: dict[str, str], approver: Client, rule: Rule) -> None:
    assert approver.post(url("rule-edit", rule.pk), fields(seconds(60), save="draft", **forged)).status_code == 302


# History


def test_history__two_versions__tells_what_changed_who_and_when(approver: Client, rule: Rule) -> None:
    approver.post(url("rule-edit", rule.pk), fields(seconds(90), save="draft"))
    page = said(approver.get(url("rule-history", rule.pk)))
    assert "What changed from version 1 to version 2" in page
    assert "more than 45 seconds” became" in page
    assert "Ada: saved version 2" in page
    assert "a command: published version 1" in page
    assert re.search(r"Version 2.*newest draft.*Version 1.*published 03/01/2026", page)
    assert "They say the same" in said(approver.get(url("rule-history", rule.pk) + "?from=1&to=1"))
    backwards = said(approver.get(url("rule-history", rule.pk) + "?from=2&to=1&page=x"))
    assert "What changed from version 2 to version 1" in backwards


def test_history__version_that_cannot_be_read__says_so(approver: Client, rule: Rule) -> None:
    RuleVersion.objects.create(rule=rule, number=2, document={"schema": 9})
    page = said(approver.get(url("rule-history", rule.pk)))
    assert "cannot be compared" in page
    assert "can no longer be read" in page


def test_history__rule_without_a_version__says_what_to_do(approver: Client) -> None:
    rule = Rule.objects.create(name="Empty")
    page = said(approver.get(url("rule-history", rule.pk)))
    assert "Open it, fill in" in page
    assert "Nothing yet." in page
    assert "Save the rule first" in said(approver.post(url("rule-ask", rule.pk), follow=True))
    assert "Save the rule first" in said(approver.post(url("rule-publish", rule.pk), follow=True))


def test_history__many_versions__is_paged(approver: Client, rule: Rule) -> None:
    RuleVersion.objects.bulk_create(RuleVersion(rule=rule, number=number, document=DOCUMENT) for number in range(2, 40))
    page = said(approver.get(url("rule-history", rule.pk)))
    assert "Older" in page
    assert "Newer" in said(approver.get(url("rule-history", rule.pk) + "?page=2"))


@pytest.mark.parametrize("versions", [1, 3])
def test_history__any_number_of_versions__takes_as_many_queries(
    versions: int, approver: Client, rule: Rule, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for number in range(1, versions):
        draft(rule, 50 + number)
    draft(rule, 90)
    approver.get(url("rule-history", rule.pk))
    with django_assert_num_queries(17):  # eight of Oscar's; the rule, versions and numbers, trail, people, compared, standing
        approver.get(url("rule-history", rule.pk))


def test_roll_back__button__makes_an_old_version_the_newest_draft_or_live(approver: Client, rule: Rule) -> None:
    draft(rule, 90)
    page = said(approver.post(url("rule-roll-back", rule.pk), {"number": "1", "history": "1"}, follow=True))
    assert "Version 1 of “Hesitation in the checkout” is the newest draft, as version 3." in page
    assert "went back to version 1, as version 3" in page
    draft(rule, 91)
    page = said(approver.post(url("rule-roll-back", rule.pk), {"number": "2", "publish": "1"}, follow=True))
    assert "is live again, as version 5" in page
    assert stored(rule).published.document == seconds(90)  # type: ignore[union-attr]  # published
    assert "no such version" in said(approver.post(url("rule-roll-back", rule.pk), {"number": "77"}, follow=True))


def test_roll_back__by_a_writer_who_wants_it_published__is_a_draft(writer: Client, rule: Rule) -> None:
    draft(rule, 90)
    writer.post(url("rule-roll-back", rule.pk), {"number": "1", "publish": "1"})
    assert stored(rule).versions.count() == 3
    assert stored(rule).published_id == rule.published_id


def test_history__supervisor__reads_it_without_buttons(rule: Rule) -> None:
    page = said(login("sue", "Engage supervisors").get(url("rule-history", rule.pk)))
    assert "Versions" in page
    assert "Archive" not in page[page.index('class="engage ') :]
    assert "Make it the newest draft" not in page


# The list


def test_archive__button__takes_the_rule_out_of_the_list_until_it_is_taken_back(approver: Client, rule: Rule) -> None:
    page = said(approver.post(url("rule-archive", rule.pk), follow=True))
    assert "is archived" in page
    assert rule.name not in said(approver.get(url("rules")))
    assert rule.name in said(approver.get(url("rules") + "?show=archived"))
    page = said(approver.post(url("rule-edit", rule.pk), fields(seconds(90), save="draft"), follow=True))
    assert "This rule is archived. Take it back" in page
    assert "This rule is archived. Take it back" in said(approver.post(url("rule-publish", rule.pk), follow=True))
    approver.post(url("rule-take-back", rule.pk))
    assert stored(rule).status == RuleStatus.DRAFT
    assert stored(rule).versions.count() == 1


@pytest.mark.parametrize("show", ["waiting", "draft", "live", "paused", "archived", "nonsense"])
def test_list__kind_without_rules__says_what_would_stand_there(show: str, approver: Client) -> None:
    page = said(approver.get(url("rules") + f"?show={show}"))
    assert ("There is no rule yet" if show == "nonsense" else "No rule of this kind") in page


def test_list__live_rule_with_a_period__says_from_when(approver: Client, rule: Rule) -> None:
    Rule.objects.update(starts_at="2100-01-01T12:00:00Z")
    assert "live from 01/01/2100" in said(approver.get(url("rules")))
    Rule.objects.update(starts_at=None, ends_at=NOW)
    assert "ended on 03/01/2026" in said(approver.get(url("rules")))
    assert "ended on 03/01/2026" in said(approver.get(url("rule-edit", rule.pk)))


# Bundles


def test_export__chosen_rules__are_a_file(approver: Client, rule: Rule) -> None:
    assert f'name="rule" value="{rule.pk}" form="engage-export"' in said(approver.get(url("rules")))
    response = approver.get(url("rules-export"), {"rule": [rule.pk, "x", "9" * 40]})
    assert response.headers["Content-Disposition"] == 'attachment; filename="engage-rules.json"'
    assert [one["name"] for one in response.json()["rules"]] == [rule.name]
    assert "Choose at least one rule" in said(approver.get(url("rules-export"), follow=True))


def test_import__file__is_looked_at_and_then_imported_as_drafts(
    approver: Client, rule: Rule, engagements: list[Engagement], tmp_path: Any
) -> None:
    bundle = approver.get(url("rules-export"), {"rule": rule.pk}).content
    Rule.objects.all().update(status=RuleStatus.ARCHIVED)
    Engagement.objects.all().delete()
    file = tmp_path / "bundle.json"
    file.write_bytes(bundle)
    with file.open("rb") as handle:
        page = said(approver.post(url("rules-import"), {"file": handle}))
    assert "new draft" in page
    assert "Engagement <code>delivery-times</code>" in page
    assert Rule.objects.count() == 1
    page = said(approver.post(url("rules-import"), {"text": bundle.decode(), "confirm": "1"}, follow=True))
    assert "1 rule is imported as a draft." in page
    assert Rule.objects.exclude(pk=rule.pk).get().status == RuleStatus.DRAFT
    page = said(approver.post(url("rules-import"), {"text": bundle.decode(), "confirm": "1"}))
    assert "is there already, word for word" in page
    assert "clash-0" not in page
    assert "There is nothing to import" in page
    assert Rule.objects.count() == 2


def test_import__name_that_is_there__is_what_was_chosen(approver: Client, rule: Rule) -> None:
    bundle = json.dumps({"engage_rules": 1, "rules": [{"name": rule.name, "document": seconds(90)}]})
    page = said(approver.post(url("rules-import"), {"text": bundle}))
    assert "There is a rule “Hesitation in the checkout”" in page
    approver.post(url("rules-import"), {"text": bundle, "confirm": "1", "clash-0": "copy"})
    assert Rule.objects.filter(name="Hesitation in the checkout (2)").exists()
    approver.post(url("rules-import"), {"text": bundle, "confirm": "1", "clash-0": "nonsense"})
    assert rule.versions.count() == 2


def test_import__what_is_missing__is_named_before_anything_is_written(approver: Client, engagements: list[Engagement]) -> None:
    lacking = seconds(90)
    lacking["branches"][0]["when"]["rules"][0]["field"] = "crm.value"
    bundle = json.dumps({"engage_rules": 1, "rules": [{"name": "Lacking", "document": lacking}]})
    page = said(approver.post(url("rules-import"), {"text": bundle, "confirm": "1"}))
    assert "Missing in this shop" in page
    assert "crm.value" in page
    assert "left out" in page
    assert not Rule.objects.exists()


def test_import__no_bundle__is_kept_and_said(approver: Client) -> None:
    assert "Look at it" in said(approver.get(url("rules-import")))
    assert "Choose a file, or paste its text." in said(approver.post(url("rules-import"), {"text": " "}))
    response = approver.post(url("rules-import"), {"text": "<script>{"})
    assert response.status_code == 422
    assert "This is no bundle of rules" in said(response)
    assert "&lt;script&gt;{" in response.content.decode()
    assert approver.post(url("rules-import"), {"text": '{"engage_rules": 1, "rules": 3}'}).status_code == 422


def test_import__by_somebody_who_may_not_make_engagements__names_them_as_missing(
    approver: Client, rule: Rule, django_user_model: Any
) -> None:
    bundle = approver.get(url("rules-export"), {"rule": rule.pk}).content.decode()
    Engagement.objects.all().delete()
    Group.objects.get(name="Engage merchandisers").permissions.filter(codename="change_engagement").delete()
    page = said(approver.post(url("rules-import"), {"text": bundle}))
    assert "Missing in this shop" in page
    assert "delivery-times" in page
