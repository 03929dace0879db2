"""Can a merchandiser name conditions, use the name in rules, and bring live rules up to date?"""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from oscar_engage.dashboard.rules.controls import ConditionLine, build_form
from oscar_engage.dashboard.rules.offer import offer_segments
from oscar_engage.rules.life.publish import publish, save_draft
from oscar_engage.rules.models import Rule, Segment
from oscar_engage.rules.segments.store import save_segment, segment_texts
from oscar_engage.widgets.models import Engagement
from tests.dashboard.browser import submit
from tests.dashboard.conftest import DOCUMENT, ENGAGEMENTS, NOW

pytestmark = pytest.mark.django_db
GROUP = {"combinator": "and", "rules": [{"field": "visit.pages", "operator": ">", "value": 3}]}
OTHER = {"combinator": "or", "rules": [{"field": "visit.pages", "operator": "<", "value": 2}]}
IN_BUSY = {"field": "segment.busy", "operator": "=", "value": True}
NAMES = {"name": "Busy visitors", "slug": "busy", "description": "Many pages"}


def url(name: str, *args: Any) -> str:
    return reverse(f"engage_dashboard:engage-{name}", args=args)


def said(response: Any) -> str:
    return re.sub(r"\s+", " ", unescape(response.content.decode()))


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    return client_of("merchandiser")


@pytest.fixture
def segment(db: None) -> Segment:
    made = Segment(slug="busy", name="Busy visitors")
    save_segment(made, GROUP, user=None, now=NOW)
    return made


def fields(group: dict[str, Any] = GROUP, **more: Any) -> dict[str, Any]:
    typed = dict(submit(build_form({"scope": group}, engagements={})))
    return {**NAMES, **{name: value for name, value in typed.items() if name.startswith("scope")}, **more}


def using() -> dict[str, Any]:
    branch = {**DOCUMENT["branches"][0], "when": {"combinator": "and", "rules": [IN_BUSY]}}
    return {**DOCUMENT, "branches": [branch]}


def make_live(name: str = "Uses it") -> Rule:
    rule = Rule.objects.create(name=name)
    save_draft(rule, using(), user=None, now=NOW, engagements=ENGAGEMENTS, segments=segment_texts())
    publish(rule, user=None, now=NOW, engagements=ENGAGEMENTS)
    return rule


def test_list__no_segment__says_what_to_do(client: Client) -> None:
    assert "There is no segment yet" in said(client.get(url("segments")))


def test_create__complete_segment__is_saved_and_listed(client: Client) -> None:
    assert "Add condition" in said(client.get(url("segment-create")))
    page = said(client.post(url("segment-create"), fields(), follow=True))
    assert "“Busy visitors” is saved." in page
    assert "No rule uses it yet" in page
    made = Segment.objects.get()
    assert (made.slug, made.document) == ("busy", GROUP)
    page = said(client.get(url("segments")))
    assert "Pages in this visit is more than 3." in page
    assert "no rule uses it" in page


@pytest.mark.parametrize(("name", "slug"), [("Keen on Tents!", "keen-on-tents"), ("n" * 120, "n" * 80)])
def test_create__no_short_name__is_made_from_the_name(client: Client, name: str, slug: str) -> None:
    client.post(url("segment-create"), fields(name=name, slug=""))
    assert Segment.objects.get().slug == slug


def test_create__no_short_name_and_none_to_make__asks_for_one(client: Client, segment: Segment) -> None:
    assert "small letters" in said(client.post(url("segment-create"), fields(name="帳篷", slug="")))
    assert client.post(url("segment-create"), fields(name="Busy", slug="")).status_code == 422
    page = said(client.post(url("segment-create"), fields(name="", slug="")))
    assert 'href="#id_name"' in page
    assert 'href="#id_slug"' not in page


def test_create__everything_wrong__says_all_at_once_and_keeps_it(client: Client, segment: Segment) -> None:
    typed = fields(name="", slug="Not a slug")
    typed["scope.rules[0].value"] = ["many"]
    response = client.post(url("segment-create"), typed)
    page = said(response)
    assert response.status_code == 422
    for place in ("#id_name", "#id_slug", "#engage-scope-rules-0-value"):
        assert f'href="{place}"' in page
        assert f'id="{place[1:]}"' in page
    assert 'value="many"' in page
    assert "small letters" in said(client.post(url("segment-create"), fields(slug="Busy")))
    assert client.post(url("segment-create"), fields(slug="busy")).status_code == 422
    assert "Add at least one condition" in said(client.post(url("segment-create"), {**NAMES, "slug": "new"}))


def test_edit__short_name__stays(client: Client, segment: Segment) -> None:
    client.post(url("segment-edit", segment.pk), fields(OTHER, slug="another", name="Idle visitors"))
    segment.refresh_from_db()
    assert (segment.slug, segment.name, segment.document) == ("busy", "Idle visitors", OTHER)


def test_edit__buttons_without_javascript_and_with_htmx__keep_what_was_typed(client: Client, segment: Segment) -> None:
    typed = fields(name="Half typed", edit="add-condition:scope")
    page = said(client.post(url("segment-edit", segment.pk), typed))
    assert 'name="scope.rules[1].field"' in page
    assert 'value="Half typed"' in page
    fragment = said(client.post(url("segment-edit", segment.pk), typed, headers={"HX-Request": "true"}))
    assert "<html" not in fragment
    assert fragment.count('id="engage-document"') == 1
    assert 'hx-swap-oob="true"' in fragment
    preview = said(client.post(url("segment-edit", segment.pk), fields(OTHER, edit="preview"), headers={"HX-Request": "true"}))
    assert "Pages in this visit is less than 2." in preview
    assert "engage-document" not in preview
    assert "Not complete yet: 1 place" in said(client.post(url("segment-edit", segment.pk), fields(edit="add-condition:scope")))


def test_edit__segment__is_not_offered_to_itself(client: Client, segment: Segment) -> None:
    assert "segment.busy" not in said(client.get(url("segment-edit", segment.pk)))
    assert "segment.busy" in said(client.get(url("segment-create")))


def test_rule_editor__variables__offer_the_segments_under_their_own_heading(
    client: Client, segment: Segment, engagements: list[Engagement]
) -> None:
    page = said(client.get(url("rule-create")))
    assert '<optgroup label="Segments"><option value="segment.busy">Busy visitors</option></optgroup>' in page
    rule = make_live()
    page = said(client.get(url("rule-edit", rule.pk)))
    assert page.count('<option value="segment.busy" selected>Busy visitors</option>') == 1
    assert "the segment “busy” applies" in page


def test_rule_editor__segment_chosen__has_its_only_comparison_chosen_too() -> None:
    line = build_form({"scope": {"combinator": "and", "rules": [{"field": "segment.busy"}]}}, engagements={}).scope.lines[0]
    assert isinstance(line, ConditionLine)
    assert [(option.value, option.is_chosen) for group in line.operator.groups for option in group.options] == [("=", True)]


def test_offer__segment_that_is_gone__stays_chosen_so_that_it_is_not_lost() -> None:
    form = offer_segments(build_form(using(), engagements=ENGAGEMENTS), {})
    groups = form.branches[0].when.lines[0].field.groups  # type: ignore[union-attr]  # a condition
    assert [option.value for group in groups for option in group.options if option.is_chosen] == ["segment.busy"]
    assert all(group.label != "Segments" for group in groups)


def test_rule__saved_in_the_form_with_a_segment__keeps_its_text(
    client: Client, segment: Segment, engagements: list[Engagement]
) -> None:
    form = offer_segments(build_form(using(), engagements=ENGAGEMENTS), {"busy": "Busy visitors"})
    settings = {"name": "Help", "priority": "10", "purpose": "sales", "holdout_percent": "25", "save": "draft"}
    client.post(url("rule-create"), {**settings, **dict(submit(form))})
    assert Rule.objects.get().versions.get().document["segments"] == {"busy": GROUP}


def test_publish_anew__one_button__brings_live_rules_up_to_date(
    client: Client, segment: Segment, engagements: list[Engagement]
) -> None:
    rule = make_live()
    save_segment(segment, OTHER, user=None, now=NOW)
    page = said(client.get(url("segment-edit", segment.pk)))
    assert "Live with an older text." in page
    assert "Publish 1 rule anew" in page
    assert "1 live with an older text" in said(client.get(url("segments")))
    page = said(client.post(url("segment-publish", segment.pk), follow=True))
    assert "1 rule is published anew." in page
    assert "older text." not in page
    rule.refresh_from_db()
    assert rule.published.document["segments"] == {"busy": OTHER}  # type: ignore[union-attr]  # published


def test_publish_anew__rule_with_a_newer_draft__is_named(
    client: Client, segment: Segment, engagements: list[Engagement]
) -> None:
    rule = make_live()
    save_draft(rule, DOCUMENT, user=None, now=NOW, engagements=ENGAGEMENTS)
    save_segment(segment, OTHER, user=None, now=NOW)
    page = said(client.get(url("segment-edit", segment.pk)))
    assert "publish it on its own page" in page
    assert "Publish 1 rule" not in page
    assert "“Uses it” was left as it is" in said(client.post(url("segment-publish", segment.pk), follow=True))


def test_delete__in_use__says_by_which_rules(client: Client, segment: Segment, engagements: list[Engagement]) -> None:
    rule = make_live()
    assert url("segment-delete", segment.pk) not in said(client.get(url("segment-edit", segment.pk)))
    page = said(client.post(url("segment-delete", segment.pk), follow=True))
    assert "is used by “Uses it”. Take it out there first." in page
    Rule.objects.filter(pk=rule.pk).update(status="archived")
    assert url("segment-delete", segment.pk) in said(client.get(url("segment-edit", segment.pk)))
    assert "is deleted" in said(client.post(url("segment-delete", segment.pk), follow=True))
    assert not Segment.objects.exists()


def test_edit__used_by_a_draft_and_by_another_segment__shows_both(
    client: Client, segment: Segment, engagements: list[Engagement]
) -> None:
    rule = Rule.objects.create(name="Drafted")
    save_draft(rule, using(), user=None, now=NOW, engagements=ENGAGEMENTS, segments=segment_texts())
    outer = Segment(slug="outer", name="Outer")
    save_segment(outer, {"combinator": "and", "rules": [IN_BUSY]}, user=None, now=NOW)
    page = said(client.get(url("segment-edit", segment.pk)))
    assert "Only the newest draft uses it." in page
    assert f'href="{url("segment-edit", outer.pk)}"' in page


def test_list__segment_that_cannot_be_read__says_so(client: Client) -> None:
    Segment.objects.create(
        slug="old", name="Old", document={"combinator": "and", "rules": [{"field": "gone", "operator": "="}]}
    )
    assert "It can no longer be read" in said(client.get(url("segments")))


@pytest.mark.parametrize("number", [1, 3])
def test_list__any_number_of_segments__takes_three_queries_of_ours(
    number: int,
    client: Client,
    segment: Segment,
    engagements: list[Engagement],
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    for place in range(number - 1):
        save_segment(Segment(slug=f"s{place}", name=f"S{place}"), GROUP, user=None, now=NOW)
        make_live(f"rule {place}")
    client.get(url("segments"))
    with django_assert_num_queries(10):  # eight of Oscar's, three of ours
        client.get(url("segments"))


@pytest.mark.parametrize("number", [1, 3])
def test_edit__any_number_of_rules_that_use_it__takes_as_many_queries(
    number: int,
    client: Client,
    segment: Segment,
    engagements: list[Engagement],
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    for place in range(number):
        make_live(f"rule {place}")
    client.get(url("segment-edit", segment.pk))
    with django_assert_num_queries(14):  # eight of Oscar's; the segment, its form, texts and names, and three for its uses
        client.get(url("segment-edit", segment.pk))


def test_page__any__has_no_inline_script_of_ours(client: Client, segment: Segment) -> None:
    page = client.get(url("segment-edit", segment.pk)).content.decode()
    ours = page[page.index('class="engage ') :].partition("</main>")[0]
    assert not re.search(r"<script|\sstyle=|\son[a-z]+=|hx-on|javascript:", ours)
