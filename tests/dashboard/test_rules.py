"""Can a merchandiser write, correct, publish and pause a rule, with and without JavaScript?"""

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from oscar_engage.audit.models import AuditEntry
from oscar_engage.dashboard.rules.controls import build_form
from oscar_engage.rules.grammar import parse_document
from oscar_engage.rules.jsonlogic.read import read_jsonlogic
from oscar_engage.rules.models import Rule, RuleStatus, RuleVersion, Segment
from oscar_engage.widgets.models import Engagement
from tests.dashboard.browser import submit
from tests.dashboard.conftest import DOCUMENT, ENGAGEMENTS
from tests.storefront.shopping import text_of

pytestmark = pytest.mark.django_db
CREATE = "engage_dashboard:engage-rule-create"
EDIT = "engage_dashboard:engage-rule-edit"
SETTINGS = {"name": "Help in the checkout", "priority": "10", "purpose": "sales", "holdout_percent": "25"}


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    return client_of("merchandiser")


def fields(document: dict[str, Any] = DOCUMENT, **more: Any) -> dict[str, Any]:
    return {**SETTINGS, **dict(submit(build_form(document, engagements=ENGAGEMENTS))), **more}


def audited() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_create__complete_rule__is_saved_as_a_draft(client: Client, engagements: list[Engagement]) -> None:
    response = client.post(reverse(CREATE), fields(save="draft"))
    rule = Rule.objects.get()
    assert response.headers["Location"] == reverse(EDIT, args=[rule.pk])
    assert (rule.status, rule.holdout_share, rule.name) == (RuleStatus.DRAFT, 0.25, "Help in the checkout")
    assert rule.versions.get().document == DOCUMENT
    assert audited() == ["rule.created", "rule.drafted"]


def test_create__save_and_publish__is_live(client: Client, engagements: list[Engagement]) -> None:
    client.post(reverse(CREATE), fields(publish="1"))
    rule = Rule.objects.get()
    assert rule.status == RuleStatus.LIVE
    assert rule.published == rule.versions.get()
    assert "rule.published" in audited()


def test_create__save_and_publish_without_room__is_saved_and_says_why_it_is_not_live(
    client: Client, rule: Rule, settings: Any
) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "LIVE_RULES": 1}
    page = client.post(reverse(CREATE), fields(publish="1", name="One more"), follow=True).content.decode()
    made = Rule.objects.get(name="One more")
    assert (made.status, made.versions.count()) == (RuleStatus.DRAFT, 1)
    assert Rule.objects.get(pk=rule.pk).status == RuleStatus.LIVE
    assert "Not live: at most 1 rules" in page
    assert "is saved" in page
    assert "rule.published" not in audited()[2:]


def test_save__everything_wrong__says_all_at_once_and_keeps_it(client: Client, engagements: list[Engagement]) -> None:
    typed = fields(save="draft", name="", holdout_percent="70")
    typed["branches[0].when.rules[1].value"] = ["forty-five"]
    typed["branches[0].then[0].with.engagement"] = [""]
    response = client.post(reverse(CREATE), typed)
    page = unescape(response.content.decode())
    assert response.status_code == 422
    assert not Rule.objects.exists()
    summary = page[page.index("data-engage-summary") : page.index("</form>", page.index("data-engage-summary"))]
    for place in (
        "#id_name",
        "#id_holdout_percent",
        "#engage-branches-0-when-rules-1-value",
        "#engage-branches-0-then-0-with-engagement",
    ):
        assert f'href="{place}"' in summary
        assert f'id="{place[1:]}"' in page
    assert 'value="forty-five"' in page
    assert 'value="70"' in page


def test_edit__button_without_javascript__adds_a_line_and_keeps_the_rest(client: Client, rule: Rule) -> None:
    typed = fields(name="Half typed", edit="add-condition:branches[0].when")
    typed["branches[0].when.rules[1].value"] = ["4x"]
    page = client.post(reverse(EDIT, args=[rule.pk]), typed).content.decode()
    assert 'name="branches[0].when.rules[2].field"' in page
    assert 'value="4x"' in page
    assert 'value="Half typed"' in page
    assert "data-engage-summary" not in page
    assert RuleVersion.objects.count() == 1


def test_edit__button_with_htmx__answers_with_the_fragment(client: Client, rule: Rule) -> None:
    response = client.post(
        reverse(EDIT, args=[rule.pk]), fields(edit="remove:branches[0].when.rules[0]"), headers={"HX-Request": "true"}
    )
    page = response.content.decode()
    assert "<html" not in page
    assert page.count('id="engage-document"') == 1
    assert 'hx-swap-oob="true"' in page
    assert "rules[1].field" not in page


def test_edit__preview__reads_the_draft_back(client: Client, rule: Rule) -> None:
    typed = fields(edit="preview")
    typed["branches[0].when.rules[1].value"] = ["90"]
    page = client.post(reverse(EDIT, args=[rule.pk]), typed, headers={"HX-Request": "true"}).content.decode()
    assert "90 seconds" in page
    assert "engage-document" not in page


def test_edit__text_of_a_deep_rule__is_taken_over(client: Client, rule: Rule) -> None:
    deep = json.loads(json.dumps(DOCUMENT))
    leaf = deep["branches"][0]["when"]["rules"].pop()
    deep["branches"][0]["when"]["rules"].append(
        {"combinator": "or", "rules": [leaf, {"combinator": "and", "rules": [leaf, {"combinator": "or", "rules": [leaf]}]}]}
    )
    response = client.post(reverse(EDIT, args=[rule.pk]), {**SETTINGS, "edit": "text", "text": json.dumps(deep)})
    assert 'name="branches[0].when.rules[1].rules[1].rules[1].rules[0].field"' in response.content.decode()
    client.post(reverse(EDIT, args=[rule.pk]), fields(deep, save="draft"))
    assert rule.versions.get(number=2).document == deep


@pytest.mark.parametrize("text", ["{", "[]", "[" * 5000, '"x"', "NaN"])
def test_edit__text_that_is_no_rule__is_kept_and_said(text: str, client: Client, rule: Rule) -> None:
    response = client.post(reverse(EDIT, args=[rule.pk]), fields(edit="text", text=text))
    assert response.status_code == 422
    assert "This is not JSON" in unescape(response.content.decode())
    assert text in unescape(response.content.decode())


def test_edit__jsonlogic_as_text__becomes_the_conditions_of_the_first_branch(client: Client, rule: Rule) -> None:
    logic = {"and": [{">": [{"var": "visit.pages"}, 4]}, {"==": [{"var": "page.kind"}, "basket"]}]}
    page = text_of(client.post(reverse(EDIT, args=[rule.pk]), fields(edit="text", text=json.dumps(logic))))
    assert "pages in this visit is more than 4 and kind of page is basket, show" in unescape(page)
    assert json.dumps(DOCUMENT["branches"][0]["then"][0]["with"]["engagement"])[1:-1] in page  # what it does stays


def test_edit__jsonlogic_that_no_condition_says__is_kept_and_said(client: Client, rule: Rule) -> None:
    response = client.post(reverse(EDIT, args=[rule.pk]), fields(edit="text", text='{"+": [1, 2]}'))
    assert response.status_code == 422
    assert "“+” cannot be said in a condition." in unescape(text_of(response))


def test_edit__complete_rule__is_shown_in_jsonlogic_with_parameters_in_its_keys(client: Client, rule: Rule) -> None:
    asked = {"field": "history.count", "with": {"kind": "search.made", "days": 7}, "operator": ">=", "value": 3}
    document = {**DOCUMENT, "branches": [{**DOCUMENT["branches"][0], "when": {"combinator": "and", "rules": [asked]}}]}
    page = text_of(client.post(reverse(EDIT, args=[rule.pk]), fields(document, edit="change")))
    shown = re.search(r'id="engage-jsonlogic"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert shown
    logic = json.loads(unescape(shown[1]))
    (inner,) = logic["if"][0]["and"]
    assert inner == {">=": [{"var": "history.count?kind=search%2Emade&days=7"}, 3]}
    assert read_jsonlogic(inner).rules == parse_document(document).branches[0].when.rules


def test_publish__page_button__makes_the_latest_live(client: Client, rule: Rule) -> None:
    client.post(reverse("engage_dashboard:engage-rule-pause", args=[rule.pk]))
    rule.refresh_from_db()
    assert rule.status == RuleStatus.PAUSED
    client.post(reverse("engage_dashboard:engage-rule-publish", args=[rule.pk]))
    rule.refresh_from_db()
    assert rule.status == RuleStatus.LIVE
    assert audited()[-2:] == ["rule.paused", "rule.published"]


def test_publish__engagement_gone__is_refused_in_words(client: Client, rule: Rule, engagements: list[Engagement]) -> None:
    client.post(reverse("engage_dashboard:engage-rule-pause", args=[rule.pk]))
    Engagement.objects.all().delete()
    page = client.post(reverse("engage_dashboard:engage-rule-publish", args=[rule.pk]), follow=True).content.decode()
    rule.refresh_from_db()
    assert rule.status == RuleStatus.PAUSED
    assert "There is no engagement" in page


def test_list__no_rule__says_what_to_do(client: Client) -> None:
    page = client.get(reverse("engage_dashboard:engage-rules")).content.decode()
    assert "There is no rule yet" in page
    assert reverse(CREATE) in page


@pytest.mark.parametrize("rules", [1, 3])
def test_list__any_number_of_rules__takes_three_queries_of_ours(
    rules: int, client: Client, rule: Rule, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for number in range(rules - 1):
        RuleVersion.objects.create(rule=Rule.objects.create(name=f"Rule {number}"), number=1, document=DOCUMENT)
    client.get(reverse("engage_dashboard:engage-rules"))
    # session, user, permissions (2), savepoints (2), Oscar's notifications (2), two of ours and the formula of priorities
    with django_assert_num_queries(11):
        page = client.get(reverse("engage_dashboard:engage-rules")).content.decode()
    assert page.count("engage-sentence-short") == 2 * rules


def test_history__two_versions__shows_number_author_and_words(client: Client, rule: Rule) -> None:
    typed = fields(save="draft")
    typed["branches[0].when.rules[1].value"] = ["90"]
    client.post(reverse(EDIT, args=[rule.pk]), typed)
    page = client.get(reverse(EDIT, args=[rule.pk])).content.decode()
    history = page[page.index('id="engage-versions"') :]
    assert re.search(r"Version 2.*90 seconds.*Merchandiser.*Version 1.*45 seconds", history, re.DOTALL)


def test_page__any__has_no_inline_script_of_ours(client: Client, rule: Rule) -> None:
    page = client.get(reverse(EDIT, args=[rule.pk])).content.decode()
    ours = page[page.index('class="engage ') : page.index("engage-versions")]
    assert not re.search(r"<script|\sstyle=|\son[a-z]+=|hx-on|javascript:", ours)


def test_editor__group_of_basket_variables__has_our_word_and_not_oscars(client_of: Callable[[str], Client]) -> None:
    page = client_of("merchandiser").get(reverse("engage_dashboard:engage-rule-create")).content.decode()
    assert '<optgroup label="Basket">' in page
    assert "Cart" not in page.partition("engage-")[2]


@pytest.mark.parametrize("depth", [70, 200, 400, 900])
@pytest.mark.parametrize("inner", [DOCUMENT, {"==": [{"var": "visit.pages"}, 1]}])
def test_text__nested_deeper_than_any_form__is_refused_and_stands_there_still(
    client: Client, engagements: list[Engagement], inner: dict[str, Any], depth: int
) -> None:
    opening, closing = ('{"branches": [{"when": {"rules": [', "]}}]}") if "branches" in inner else ('{"!": [', "]}")
    text = opening * depth + json.dumps(inner) + closing * depth
    response = client.post(reverse(CREATE), {**SETTINGS, "edit": "text", "text": text})
    assert response.status_code == 422
    assert "nested too deeply" in text_of(response) or "This is not JSON" in text_of(response)


@pytest.mark.parametrize("branches", [{"branches": "x"}, {"branches[0]": "x"}, {}])
def test_text__conditions_for_a_form_of_any_shape__become_its_first_branch(
    client: Client, engagements: list[Engagement], branches: dict[str, str]
) -> None:
    logic = json.dumps({">": [{"var": "visit.pages"}, 4]})
    response = client.post(reverse(CREATE), {**SETTINGS, **branches, "edit": "text", "text": logic})
    assert response.status_code == 200
    assert 'value="4"' in response.content.decode()


def test_text__jsonlogic_that_names_a_segment__asks_for_it(client: Client, engagements: list[Engagement]) -> None:
    text = {"combinator": "and", "rules": [{"field": "visit.pages", "operator": ">", "value": 3}]}
    Segment.objects.create(slug="busy", name="Busy visitors", document=text)
    page = client.post(reverse(CREATE), {**SETTINGS, "edit": "text", "text": '{"var": "segment.busy"}'})
    assert page.status_code == 200
    assert "the segment “busy” applies" in unescape(text_of(page)) or "Not complete yet" in text_of(page)
    assert 'value="segment.busy" selected' in page.content.decode()


@pytest.mark.parametrize(("typed", "kept"), [("12", 0.125), ("13", 0.13)])
def test_edit__hold_out_between_two_per_cent__stays_until_another_is_typed(
    client: Client, rule: Rule, typed: str, kept: float
) -> None:
    Rule.objects.filter(pk=rule.pk).update(holdout_share=0.125)
    client.post(reverse(EDIT, args=[rule.pk]), fields(save="draft", holdout_percent=typed))
    rule.refresh_from_db()
    assert rule.holdout_share == kept


def test_edit__form_that_names_a_version_that_never_was__is_shown_again(client: Client, engagements: list[Engagement]) -> None:
    rule = Rule.objects.create(name="Without a version")
    assert client.post(reverse(EDIT, args=[rule.pk]), fields(save="draft", base="7")).status_code == 409
