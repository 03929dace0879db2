"""Rules that travel: what a bundle is, what importing one would do, and that it does just that."""

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.audit.models import AuditEntry
from oscar_engage.rules.bundles.export import engagements_in, export_rules
from oscar_engage.rules.bundles.load import Clash, Plan, import_plan, plan_import
from oscar_engage.rules.bundles.shape import LONGEST_BUNDLE, MOST_RULES, Bundle, BundleEngagement, read_bundle, write_bundle
from oscar_engage.rules.errors import InvalidRuleError
from oscar_engage.rules.life.publish import publish, save_draft
from oscar_engage.rules.life.states import archive
from oscar_engage.rules.models import Rule, RuleStatus, RuleVersion, Segment
from oscar_engage.rules.segments.store import save_segment, segment_texts
from oscar_engage.surveys.models import Survey
from oscar_engage.widgets.bundle import create_engagements, engagement_kinds, is_creatable, read_engagements
from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.wordings import wordings_of, words_of
from tests.rules.moments import ENGAGEMENTS, NOW, condition, do, group, rule_json

BY: Any = {"user": None, "now": NOW}
PAGES = rule_json(condition("visit.pages", ">", 3))
WORDS = {"slug": "new", "widget": "balloon", "texts": {"en-gb": {"title": "New", "body": "Words"}}}


def bundle_json(*rules: Any, **more: Any) -> dict[str, Any]:
    return {"engage_rules": 1, "rules": list(rules), **more}


def rule_of(name: str = "Help", document: Any = PAGES, **more: Any) -> dict[str, Any]:
    return {"name": name, "document": document, **more}


def read(raw: Any) -> Bundle:
    return read_bundle(json.dumps(raw))


def mistakes(raw: Any) -> dict[str, str]:
    with pytest.raises(InvalidRuleError) as caught:
        read(raw)
    return {error.path: error.message for error in caught.value.errors}


# The frame


def test_read_bundle__whole_one__is_written_the_same() -> None:
    raw = bundle_json(
        rule_of(purpose="service", priority=3, holdout_share=0.1),
        segments=[{"slug": "busy", "name": "Busy", "description": "", "document": group()}],
        engagements=[{**WORDS, "anchor": ""}],
    )
    assert write_bundle(read(raw)) == raw
    assert read(write_bundle(read(raw))) == read(raw)


def test_read_bundle__columns_left_out__have_their_defaults() -> None:
    (rule,) = read(bundle_json(rule_of())).rules
    assert (rule.purpose, rule.priority, rule.holdout_share) == ("sales", 100, 0.2)


def test_read_bundle__many_mistakes__come_all_at_once_with_their_places() -> None:
    found = mistakes(
        {
            "engage_rules": 2,
            "rules": [
                rule_of("", purpose="spam", priority=True, holdout_share=0.6, x=1),
                3,
                rule_of(document=[]),
                rule_of("Twice"),
                rule_of("Twice"),
                rule_of("a\u0000b", priority=10**9, holdout_share="0.1"),
            ],
            "segments": [{"slug": "Not a slug", "name": 3, "document": None}],
            "engagements": [{"slug": "x", "widget": "", "texts": {"en": {"title": 3}, "": []}}],
            "more": 1,
        }
    )
    assert set(found) == {
        "more",
        "engage_rules",
        *(f"rules[0].{name}" for name in ("name", "purpose", "priority", "holdout_share", "x")),
        *("rules[1]", "rules[1].name", "rules[1].document", "rules[2].document", "rules"),
        *(f"rules[5].{name}" for name in ("name", "priority", "holdout_share")),
        *(f"segments[0].{name}" for name in ("slug", "name", "document")),
        *("engagements[0].widget", "engagements[0].texts.en.title", "engagements[0].texts", "engagements[0].texts."),
    }
    assert "“Twice” is there twice" in found["rules"]


@pytest.mark.attack("E06")
@pytest.mark.parametrize(
    "raw",
    ["", "{", "[]", "null", "[" * 100_000, '{"engage_rules": NaN}', '"\ud800"', b"\xff\xfe", " " * (LONGEST_BUNDLE + 1)],
)
def test_read_bundle__no_bundle_at_all__is_refused_in_words(raw: str | bytes) -> None:
    with pytest.raises(InvalidRuleError) as caught:
        read_bundle(raw)
    assert "This is no bundle of rules" in caught.value.errors[0].message


@pytest.mark.attack("E06")
def test_read_bundle__too_many_rules_or_no_list__is_said() -> None:
    assert "At most 200" in mistakes(bundle_json(*[rule_of(str(number)) for number in range(MOST_RULES + 1)]))["rules"]
    assert "A list is needed" in mistakes({"engage_rules": True, "rules": {}})["rules"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["name", "document", "slug", "texts", "x"]), inner),
)


@given(st.fixed_dictionaries({"engage_rules": st.just(1), "rules": JSON}, optional={"segments": JSON, "engagements": JSON}))
def test_read_bundle__any_json__is_a_bundle_or_refused(raw: Any) -> None:
    try:
        bundle = read_bundle(json.dumps(raw))
    except InvalidRuleError:
        return
    assert read(write_bundle(bundle)) == bundle


def test_engagements_in__documents_of_any_shape__never_raises() -> None:
    assert list(engagements_in({"branches": [{"then": do("ask-us")}, 3, {"then": [4, {"with": 5}]}], "else": 6})) == ["ask-us"]
    assert list(engagements_in({"branches": 3})) == []


# There and back


@pytest.fixture
def shop(db: None) -> None:
    for slug, widget in ENGAGEMENTS.items():
        Engagement.objects.create(slug=slug, widget=widget, title=slug.title(), body="Words")


def make_rule(name: str = "Help", document: Any = PAGES, **fields: Any) -> Rule:
    rule = Rule.objects.create(name=name, **fields)
    save_draft(rule, document, **BY, engagements=ENGAGEMENTS, segments=segment_texts())
    return rule


def plan(raw: Any, **options: Any) -> Plan:
    return plan_import(read(raw), engagements=engagement_kinds(), creatable=is_creatable, **options)


def load(raw: Any, **options: Any) -> list[Rule]:
    made = plan(raw, **options)
    return import_plan(made, **BY, engagements=engagement_kinds(), create_engagements=create_engagements)


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Rule, RuleVersion, Segment, Engagement))


def export(*rules: Rule) -> dict[str, Any]:
    return json.loads(json.dumps(write_bundle(export_rules(rules, read_engagements=read_engagements))))


SEGMENTED = rule_json(condition("segment.shopper", "=", True))


@pytest.mark.usefixtures("shop")
def test_export_and_import__into_an_empty_shop__is_the_same_as_drafts() -> None:
    save_segment(Segment(slug="busy", name="Busy"), group(condition("visit.pages", ">", 3)), **BY)
    save_segment(Segment(slug="shopper", name="Shopper"), group(condition("segment.busy", "=", True)), **BY)
    rules = [make_rule("A", SEGMENTED, priority=3, holdout_share=0.1), make_rule("B"), make_rule("B")]
    publish(rules[0], **BY, engagements=ENGAGEMENTS)
    bundle, before = export(*rules, Rule.objects.create(name="without a version")), counts()
    assert [rule["name"] for rule in bundle["rules"]] == ["A", "B", "B (2)"]
    Rule.objects.update(published=None, status=RuleStatus.DRAFT)
    for model in (RuleVersion, Rule, Segment, Engagement):
        model.objects.all().delete()
    assert not plan(bundle).missing
    assert len(load(bundle)) == 3
    assert counts() == (3, 3, 2, 1)
    made = Rule.objects.get(name="A")
    assert (made.status, made.priority, made.holdout_share) == (RuleStatus.DRAFT, 3, 0.1)
    assert export(*Rule.objects.order_by("pk")) == bundle
    assert Engagement.objects.get().title == "Delivery-Times"
    assert AuditEntry.objects.filter(action="rule.imported").count() == 3
    assert before[0] == 4


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("choice", list(Clash))
def test_import__twice__changes_nothing_the_second_time(choice: Clash) -> None:
    make_rule(document=rule_json(condition("visit.searches", ">", 1)))
    bundle = bundle_json(rule_of(), rule_of("Other"), engagements=[WORDS])
    load(bundle, default=choice)
    before = counts()
    assert load(bundle, default=choice) == []
    assert plan(bundle, default=choice).is_empty
    assert counts() == before


@pytest.mark.usefixtures("shop")
def test_import__name_that_is_there__is_a_new_version_or_a_copy_as_chosen() -> None:
    rule = make_rule(document=rule_json(condition("visit.searches", ">", 1)), priority=7)
    load(bundle_json(rule_of(priority=1)))
    rule.refresh_from_db()
    assert (rule.versions.count(), rule.priority) == (2, 7)
    other = rule_json(condition("visit.pages", ">", 9))
    (copy,) = load(bundle_json(rule_of(document=other, priority=1)), clashes={0: Clash.COPY})
    assert (copy.name, copy.priority) == ("Help (2)", 1)
    (third,) = load(bundle_json(rule_of(document=rule_json(condition("visit.pages", ">", 8)))), clashes={0: Clash.COPY})
    assert third.name == "Help (3)"
    assert load(bundle_json(rule_of(document=other)), clashes={0: Clash.LEAVE}) == []


@pytest.mark.usefixtures("shop")
def test_import__name_of_an_archived_rule__is_a_new_one() -> None:
    archive(make_rule(), **BY)
    (made,) = load(bundle_json(rule_of()))
    assert Rule.objects.count() == 2
    assert made.status == RuleStatus.DRAFT


@pytest.mark.usefixtures("shop")
def test_plan__what_is_missing__is_named_and_left_out() -> None:
    lacking = rule_json(
        condition("crm.value", ">", 3), group(condition("segment.gone", "=", True), condition("visit.pages", ">", 1))
    ) | {"else": [{"do": "show.balloon", "with": {"engagement": "nowhere"}}], "scope": group(condition("crm.age", ">", 3))}
    bundle = bundle_json(rule_of("Lacking", lacking), rule_of("Fine"), engagements=[{**WORDS, "widget": "carousel"}])
    planned = plan(bundle)
    assert planned.missing.variables == ["crm.age", "crm.value"]
    assert planned.missing.segments == ["gone"]
    assert planned.missing.engagements == ["nowhere"]
    assert [bool(rule.problems) for rule in planned.rules] == [True, False]
    assert [rule.name for rule in load(bundle)] == ["Fine"]


@pytest.mark.usefixtures("shop")
def test_plan__documents_of_no_shape__are_problems_and_no_errors() -> None:
    shapes: list[Any] = [
        {},
        {"branches": 3},
        {"schema": 1, "branches": [3], "segments": []},
        {"scope": {"rules": [{"field": 3}]}},
    ]
    planned = plan(bundle_json(*[rule_of(str(number), shape) for number, shape in enumerate(shapes)]))
    assert all(rule.problems for rule in planned.rules)
    assert planned.is_empty


@pytest.mark.usefixtures("shop")
def test_import__segment_that_the_shop_has_with_another_text__stays_and_the_rule_keeps_its_own() -> None:
    busy = Segment(slug="busy", name="Busy")
    save_segment(busy, group(condition("visit.pages", ">", 3)), **BY)
    bundle = export(make_rule("A", rule_json(condition("segment.busy", "=", True))))
    Rule.objects.all().delete()
    save_segment(busy, group(condition("visit.pages", ">", 9)), **BY)
    assert plan(bundle).kept_segments == ["busy"]
    (made,) = load(bundle)
    assert made.versions.get().document["segments"]["busy"] == group(condition("visit.pages", ">", 3))
    assert segment_texts()["busy"] == group(condition("visit.pages", ">", 9))


@pytest.mark.usefixtures("shop")
def test_import__segments_that_name_each_other__are_made_in_an_order_that_works() -> None:
    inner, outer = group(condition("visit.pages", ">", 3)), group(condition("segment.z", "=", True))
    texts = [{"slug": slug, "name": slug, "document": text} for slug, text in (("a", outer), ("z", inner))]
    load(bundle_json(rule_of(document=rule_json(condition("segment.a", "=", True))), segments=texts))
    assert segment_texts() == {"a": outer, "z": inner}


@pytest.mark.usefixtures("shop")
def test_import__segments_in_a_circle__are_not_made() -> None:
    circle = [
        {"slug": slug, "name": slug, "document": group(condition(f"segment.{other}", "=", True))}
        for slug, other in (("a", "b"), ("b", "a"))
    ]
    planned = plan(bundle_json(rule_of(document=rule_json(condition("segment.a", "=", True))), segments=circle))
    assert (planned.new_segments, planned.is_empty) == ([], True)
    assert "circle" in planned.rules[0].problems[0].message


@pytest.mark.usefixtures("shop")
def test_import__shop_changed_since_the_plan__writes_nothing_at_all() -> None:
    planned = plan(bundle_json(rule_of("A"), rule_of("B"), engagements=[WORDS]))
    before = counts()
    with pytest.raises(InvalidRuleError):
        import_plan(planned, **BY, engagements={}, create_engagements=create_engagements)
    assert counts() == before


@pytest.mark.parametrize(
    ("texts", "chosen"),
    [
        ({"en-gb": {"title": "Ours"}, "de": {"title": "Theirs"}}, "Ours"),
        ({"de": {"title": "Theirs"}, "en": {"title": "Near"}}, "Near"),
        ({"de": {"title": "Theirs"}}, "Theirs"),
        ({}, None),
        ({"en-gb": {"title": ""}}, None),
        ({"en-gb": {"title": "x" * 81}}, None),
    ],
)
@pytest.mark.django_db
def test_engagement__texts_in_several_languages__come_in_the_shops_or_the_nearest(
    texts: Any, chosen: str | None, settings: Any
) -> None:
    settings.LANGUAGE_CODE = "en-gb"
    engagement = BundleEngagement(slug="new", widget="balloon", anchor="", texts=texts)
    assert is_creatable(engagement) is (chosen is not None)
    if chosen is not None:
        create_engagements([engagement])
        assert Engagement.objects.get().title == chosen
        assert not is_creatable(engagement)


@pytest.mark.django_db
def test_engagement__words_in_many_languages__all_come_and_go_again() -> None:
    german, austrian = ({"title": title, "body": "", "button": ""} for title in ("Hilfe", "Hilfe, gell"))
    texts = {"en": {"title": "Help", "body": "Words", "button": "Ask"}, "de": german, "de-at": austrian}
    engagement = BundleEngagement(slug="new", widget="balloon", anchor="", texts=texts)
    create_engagements([engagement])

    assert Engagement.objects.get().translations == {"de": german, "de-at": austrian}
    assert {code: dict(words) for code, words in read_engagements(["new"])[0].texts.items()} == texts


@pytest.mark.django_db
def test_engagement__what_is_no_language_or_has_no_title__stays_behind_and_too_long_is_refused() -> None:
    texts = {"en": {"title": "Help"}, "<b>": {"title": "x"}, "fr": {"body": "Sans titre"}}
    create_engagements([BundleEngagement(slug="new", widget="balloon", anchor="", texts=texts)])
    assert Engagement.objects.get().translations == {}
    longer = {"en": {"title": "Help"}, "de": {"title": "x" * 81}}
    assert not is_creatable(BundleEngagement(slug="other", widget="balloon", anchor="", texts=longer))


@pytest.mark.django_db
def test_engagement__with_a_content__comes_with_its_settings_and_goes_again() -> None:
    settings = {"delivery": "tomorrow", "returns": ""}
    raw = {**WORDS, "content": "product_facts", "settings": settings}
    (engagement,) = read(bundle_json(engagements=[raw])).engagements

    create_engagements([engagement])

    made = Engagement.objects.get()
    assert (made.content, made.settings) == ("product_facts", settings)
    (again,) = read_engagements(["new"])
    assert (again.content, again.settings) == ("product_facts", settings)


@pytest.mark.parametrize(
    "changed",
    [
        {"content": "carousel"},
        {"content": "voucher", "settings": {"template": "NO-SUCH", "hours": 1, "days": 1}},
        {"texts": {**WORDS["texts"], "de": {"title": "{{ customer.password }}"}}},  # type: ignore[dict-item]  # texts
        {"widget": "field", "texts": {"en": {"title": "{{ customer.first_name }}"}}},
    ],
)
@pytest.mark.attack("F01")
@pytest.mark.django_db
def test_engagement__with_what_this_shop_has_not__is_not_made(changed: Any) -> None:
    (engagement,) = read(bundle_json(engagements=[{**WORDS, **changed}])).engagements
    assert not is_creatable(engagement)


# The command


@pytest.mark.usefixtures("shop")
def test_command__export_check_import__goes_round(tmp_path: Any, capsys: Any) -> None:
    rule = make_rule()
    archive(make_rule("Old"), **BY)
    call_command("engage_rules", "export")
    text = capsys.readouterr().out
    assert [one["name"] for one in json.loads(text)["rules"]] == ["Help"]
    call_command("engage_rules", "export", str(rule.pk))
    assert capsys.readouterr().out == text
    file = tmp_path / "rules.json"
    file.write_text(text)
    call_command("engage_rules", "check", str(file))
    assert "Help: is there already" in capsys.readouterr().out
    Rule.objects.all().delete()
    call_command("engage_rules", "import", str(file))
    said = capsys.readouterr().out
    assert "Help: a new draft" in said
    assert "Imported 1 rules as drafts" in said
    assert Rule.objects.get().status == RuleStatus.DRAFT


@pytest.mark.usefixtures("shop")
def test_command__name_that_is_there__does_as_told(tmp_path: Any, capsys: Any) -> None:
    rule = make_rule(document=rule_json(condition("visit.searches", ">", 1)))
    file = tmp_path / "rules.json"
    file.write_text(
        json.dumps(
            bundle_json(
                rule_of(),
                engagements=[WORDS],
                segments=[{"slug": "s", "name": "S", "document": group(condition("visit.pages", ">", 1))}],
            )
        )
    )
    call_command("engage_rules", "check", str(file), "--clash", "leave")
    call_command("engage_rules", "check", str(file))
    said = capsys.readouterr().out
    assert "Help: left as it is" in said
    assert f"Help: a new version of rule {rule.pk}" in said
    assert "Segment s: new" in said
    assert "Engagement new: new" in said


@pytest.mark.usefixtures("shop")
def test_command__bundle_that_lacks_something__check_fails_and_names_it(tmp_path: Any, capsys: Any, monkeypatch: Any) -> None:
    file = tmp_path / "rules.json"
    file.write_text(json.dumps(bundle_json(rule_of(document=rule_json(condition("crm.value", ">", 3))))))
    with pytest.raises(CommandError, match="1 of 1 rules cannot be imported"):
        call_command("engage_rules", "check", str(file))
    said = capsys.readouterr().out
    assert "Missing variables: crm.value" in said
    assert "branches[0].when.rules[0].field: " in said
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("engage_rules", "check", str(tmp_path / "nothing.json"))
    file.write_text("{")
    with pytest.raises(CommandError, match="no bundle"):
        call_command("engage_rules", "import", str(file))
    with file.open() as handle:
        monkeypatch.setattr("sys.stdin", handle)
        with pytest.raises(CommandError, match="no bundle"):
            call_command("engage_rules", "import", "-")


def test_command__segment_that_would_break_one_of_the_shop__is_refused_in_words(shop: None, tmp_path: Any) -> None:
    def naming(slug: str) -> dict[str, Any]:
        return group(condition(f"segment.{slug}", "=", True))

    Segment.objects.create(slug="top", name="Top", document=naming("middle"))
    Segment.objects.create(slug="middle", name="Middle", document=naming("new"))  # which was never there
    new = [
        {"slug": "new", "name": "New", "document": naming("newer")},
        {"slug": "newer", "name": "Newer", "document": group(condition("visit.pages", ">", 1))},
    ]
    file = tmp_path / "rules.json"
    file.write_text(json.dumps(bundle_json(rule_of(), segments=new)))
    with pytest.raises(CommandError, match="“top”, which names this one, could not be used"):
        call_command("engage_rules", "import", str(file))
    assert not Rule.objects.exists()


@pytest.mark.usefixtures("shop")
def test_export_and_import__segment_that_names_another_since_the_rule_was_saved__takes_it_along() -> None:
    keen, busy = Segment(slug="keen", name="Keen"), Segment(slug="busy", name="Busy")
    save_segment(keen, group(condition("visit.pages", ">", 3)), **BY)
    rule = Rule.objects.create(name="Help")
    options: dict[str, Any] = {**BY, "engagements": ENGAGEMENTS, "segments": segment_texts()}
    save_draft(rule, rule_json(condition("segment.keen", "=", True)), **options)
    save_segment(busy, group(condition("visit.seconds", ">", 60)), **BY)
    save_segment(keen, group(condition("segment.busy", "=", True)), **BY)
    written = export(rule)
    assert [one["slug"] for one in written["segments"]] == ["busy", "keen"]
    Rule.objects.all().delete()
    Segment.objects.all().delete()
    assert not plan(written).missing
    load(written)
    assert set(segment_texts()) == {"busy", "keen"}


BOTH = [{"name": "B", "share": 30, "texts": {"en": {"title": "Snow!", "body": "", "button": ""}}}]
TIMES = {"starts_at": "2026-11-01T08:00:00+01:00", "ends_at": "2026-12-24T12:00:00+00:00"}
ASKS = {"kind": "choice", "has_other": True, "wait_days": 30, "words": {"en": {"choices": [["price", "Dear"], ["x", "Y"]]}}}


@pytest.mark.usefixtures("shop")
def test_engagement__with_wordings_and_times__comes_whole_and_goes_again() -> None:
    [came] = read(bundle_json(engagements=[{**WORDS, "wordings": BOTH, **TIMES}])).engagements
    assert is_creatable(came)

    create_engagements([came])

    made = Engagement.objects.get(slug="new")
    assert [(one.name, one.share) for one in wordings_of(made)] == [("A", 70), ("B", 30)]
    assert words_of(made, "en", "B").title == "Snow!"
    assert made.ends_at == came.ends_at
    [gone] = read_engagements(["new"])
    assert read(write_bundle(Bundle(rules=(), engagements=[gone]))).engagements[0] == gone
    assert (gone.starts_at, gone.ends_at, gone.wordings[0].share) == (came.starts_at, came.ends_at, 30)


@pytest.mark.usefixtures("shop")
def test_engagement__a_survey__comes_with_what_it_asks() -> None:
    [came] = read(bundle_json(engagements=[{**WORDS, "widget": "survey", "part": ASKS}])).engagements
    assert is_creatable(came)

    create_engagements([came])

    survey = Survey.objects.get(engagement__slug="new")
    assert (survey.kind, survey.wait_days, survey.words) == ("choice", 30, ASKS["words"])
    assert read_engagements(["new"])[0].part == ASKS


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "riddle"},
        {"wait_days": -1},
        {"wait_days": True},
        {"has_other": 1},
        {"words": []},
        {"words": {"<b>": {}}},
        {"words": {"en": {"question": "x" * 81}}},
        {"words": {"en": {"choices": [["other", "Y"]]}}},
        {"words": {"en": {"choices": [["a", "Y"], ["a", "Z"]]}}},
        {"words": {"en": {"choices": [["A b", "Y"]]}}},
        {"words": {"en": {"choices": "ab"}}},
        {"words": {"en": {"choices": [["a", 3]]}}},
        {"words": {"en": {"script": "x"}}},
        {"more": 1},
    ],
)
def test_engagement__a_survey_that_is_none__is_not_made(changes: Any) -> None:
    part = {**ASKS, **changes}
    assert not is_creatable(BundleEngagement(slug="new", widget="survey", anchor="", texts=WORDS["texts"], part=part))  # type: ignore[arg-type]  # texts
    assert not is_creatable(BundleEngagement(slug="new", widget="balloon", anchor="", texts=WORDS["texts"], part=ASKS))  # type: ignore[arg-type]  # texts


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"wordings": [{"name": "A", "share": 30, "texts": {}}]}, "wordings[0].name"),
        ({"wordings": [{"name": "B", "share": 0, "texts": {}}]}, "wordings[0].share"),
        ({"wordings": [{"name": "B", "share": 30, "texts": []}]}, "wordings[0].texts"),
        ({"wordings": [*BOTH, *BOTH]}, "wordings"),
        ({"wordings": [{**BOTH[0], "share": 60}, {**BOTH[0], "name": "C", "share": 40}]}, "wordings"),
        ({"wordings": [{**BOTH[0], "name": name, "share": 1} for name in "BCDE"]}, "wordings"),
        ({"starts_at": "2026-11-01T08:00:00"}, "starts_at"),
        ({"starts_at": "2026-13-01T08:00:00Z"}, "starts_at"),
        ({"starts_at": 3}, "starts_at"),
        ({"starts_at": TIMES["ends_at"], "ends_at": TIMES["starts_at"]}, "ends_at"),
        ({"part": []}, "part"),
    ],
)
def test_read_bundle__wordings_times_or_part_that_cannot_be__are_named(changes: Any, place: str) -> None:
    assert list(mistakes(bundle_json(rule_of(), engagements=[{**WORDS, **changes}]))) == [f"engagements[0].{place}"]


@pytest.mark.usefixtures("shop")
def test_engagement__other_wording_that_cannot_be_said_here__is_not_made() -> None:
    wrong = [{"name": "B", "share": 30, "texts": {"en": {"title": "{{ basket.flush }}"}}}]
    [came] = read(bundle_json(engagements=[{**WORDS, "wordings": wrong}])).engagements
    assert not is_creatable(came)


@pytest.mark.usefixtures("shop")
def test_export_and_import__caps_and_worth__travel_where_they_say_something() -> None:
    caps = {"cap_offers": 2, "cap_days": 10, "cap_visit": 1, "cap_pause_days": 90, "cap_day": 100}
    rules = [make_rule("A", **caps, goal="basket", goal_value="2.50"), make_rule("B")]
    Rule.objects.get(pk=rules[0].pk)
    bundle = export(*Rule.objects.order_by("pk"))
    assert {name: bundle["rules"][0][name] for name in caps} == caps
    assert (bundle["rules"][0]["goal"], bundle["rules"][0]["goal_value"]) == ("basket", "2.50")
    assert not {"goal", "goal_value", *caps} & bundle["rules"][1].keys()
    RuleVersion.objects.all().delete()
    Rule.objects.all().delete()
    load(bundle)
    assert export(*Rule.objects.order_by("pk")) == bundle


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("cap_offers", wrong) for wrong in (0, 1001, True, "2", 1.5, None)),
        *(("cap_day", -1), ("cap_days", 366), ("goal", "profit"), ("goal", [])),
        *(("goal_value", wrong) for wrong in ("-1", "1e5", "1.234", 2, "9999999", "٣")),
    ],
)
def test_read_bundle__caps_or_worth_out_of_bounds__says_where(name: str, value: Any) -> None:
    with pytest.raises(InvalidRuleError) as caught:
        read_bundle(json.dumps(bundle_json(rule_of(**{name: value}))))
    assert [error.path for error in caught.value.errors] == [f"rules[0].{name}"]
