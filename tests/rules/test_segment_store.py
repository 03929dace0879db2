"""How segments are kept, what uses them, and how live rules follow a change."""

from typing import Any

import pytest

from oscar_engage.audit.models import AuditEntry
from oscar_engage.rules.engine.values import UNKNOWN
from oscar_engage.rules.engine.walk import choose
from oscar_engage.rules.errors import InvalidRuleError
from oscar_engage.rules.life.publish import pause, publish, save_draft
from oscar_engage.rules.life.states import archive
from oscar_engage.rules.live import forget_live_rules, live_rules, live_set
from oscar_engage.rules.models import Rule, RuleStatus, RuleVersion, Segment
from oscar_engage.rules.segments.store import (
    SegmentInUseError,
    delete_segment,
    publish_anew,
    save_segment,
    segment_names,
    segment_texts,
)
from oscar_engage.rules.segments.uses import uses_of, uses_of_all
from tests.rules.moments import ENGAGEMENTS, NOW, condition, group, rule_json

pytestmark = pytest.mark.django_db
BY: Any = {"user": None, "now": NOW}
MANY, FEW = group(condition("visit.pages", ">", 3)), group(condition("visit.pages", "<", 2))


def belongs(slug: str) -> dict[str, Any]:
    return condition(f"segment.{slug}", "=", True)


def make_segment(slug: str = "busy", text: Any = MANY) -> Segment:
    segment = Segment(slug=slug, name=slug.title())
    save_segment(segment, text, **BY)
    return segment


def draft(rule: Rule, *when: Any) -> RuleVersion:
    return save_draft(rule, rule_json(*when), **BY, engagements=ENGAGEMENTS, segments=segment_texts())


def make_live(*when: Any, **fields: Any) -> Rule:
    rule = Rule.objects.create(**{"name": "Help", **fields})
    draft(rule, *when)
    publish(rule, **BY, engagements=ENGAGEMENTS)
    return rule


def change(segment: Segment, text: Any = FEW) -> None:
    save_segment(segment, text, **BY)


def test_save_segment__new_and_changed__is_canonical_and_on_the_trail() -> None:
    segment = make_segment(text=group(condition("visit.pages", ">", " 3 ")))
    change(segment)
    assert segment_texts() == {"busy": FEW}
    assert segment_names() == {"busy": "Busy"}
    assert list(AuditEntry.objects.order_by("pk").values_list("action", "object_id", "detail")) == [
        ("segment.created", str(segment.pk), {}),
        ("segment.changed", str(segment.pk), {"document": [MANY, FEW]}),
    ]


def mistakes(segment: Segment, text: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidRuleError) as caught:
        save_segment(segment, text, **BY)
    return [(error.path, error.message) for error in caught.value.errors]


def test_save_segment__what_it_says_is_wrong__says_where() -> None:
    new = Segment(slug="busy", name="Busy")
    assert [path for path, _message in mistakes(new, group(condition("visit.pages", ">", "x")))] == ["scope.rules[0].value"]
    assert mistakes(new, group())[0] == ("scope.rules", "Add at least one condition.")
    assert not Segment.objects.exists()


def test_save_segment__that_names_itself_or_one_that_names_it__is_a_circle() -> None:
    busy = make_segment()
    make_segment("shopper", group(belongs("busy")))
    assert "circle" in mistakes(busy, group(belongs("busy")))[0][1]
    ((path, message),) = mistakes(busy, group(belongs("shopper")))
    assert path == "scope.rules[0].field"
    assert "circle" in message
    assert segment_texts()["busy"] == MANY


def test_save_segment__that_would_make_another_one_unusable__names_that() -> None:
    make_segment("c")
    make_segment("b", group(belongs("c")))
    make_segment("a", group(belongs("b")))
    make_segment("d")
    ((path, message),) = mistakes(Segment.objects.get(slug="c"), group(belongs("d")))
    assert path == "scope"
    assert "The segment “a”, which names this one, could not be used" in message
    assert "3 deep" in message


def test_live_rules__version_with_a_segment__is_judged_by_the_text_it_was_saved_with() -> None:
    segment = make_segment()
    make_live(belongs("busy"))
    change(segment)
    forget_live_rules()
    (rule,) = live_rules(NOW)
    assert choose(rule.document, lambda name: {"visit.pages": 9}[name]) == 0
    assert choose(rule.document, lambda name: {"visit.pages": 1}[name]) is None
    live = live_set(NOW)
    assert live is not None
    pool = live.every
    assert pool.segments_at(lambda name: {"visit.pages": 9}[name]) == ("busy",)
    assert pool.segments_at(lambda name: {"visit.pages": 1}[name]) == ()
    assert pool.segments_at(lambda _name: UNKNOWN) == ()


def test_uses__rules_that_name_it__are_told_apart() -> None:
    segment = make_segment()
    live, drafted, paused, archived = (Rule.objects.create(name=name) for name in ("live", "drafted", "paused", "archived"))
    for rule in (live, drafted, paused, archived):
        draft(rule, belongs("busy"))
    for rule in (live, paused):
        publish(rule, **BY, engagements=ENGAGEMENTS)
    pause(paused, **BY)
    archive(archived, **BY)
    make_live(condition("visit.pages", ">", 3), name="another")
    change(segment)
    assert [(use.rule.name, use.live is not None, use.in_draft, use.is_outdated) for use in uses_of(segment)] == [
        ("live", True, False, True),
        ("drafted", False, True, False),
        ("paused", False, True, False),
    ]


def test_uses__through_another_segment__count_too() -> None:
    busy = make_segment()
    shopper = make_segment("shopper", group(belongs("busy")))
    make_live(belongs("shopper"))
    change(busy)
    uses = uses_of_all([busy, shopper])
    assert [use.is_outdated for use in uses["busy"]] == [True]
    assert [use.is_outdated for use in uses["shopper"]] == [False]


def test_uses__version_without_shape__uses_nothing() -> None:
    segment = make_segment()
    for document in ([], {"segments": 3}, {"segments": {"other": MANY}}):
        RuleVersion.objects.create(rule=Rule.objects.create(name="odd"), number=1, document=document)
    assert uses_of(segment) == []


def test_publish_anew__live_rules_with_an_older_text__are_live_with_the_new_one() -> None:
    segment = make_segment()
    rule, other = make_live(belongs("busy")), make_live(condition("visit.pages", ">", 3))
    change(segment)
    result = publish_anew(segment, **BY, engagements=ENGAGEMENTS)
    rule.refresh_from_db()
    assert (list(result.done), list(result.left)) == ([rule], [])
    assert rule.published is not None
    assert rule.published.number == 2
    assert rule.published.document["segments"] == {"busy": FEW}
    assert other.versions.count() == 1
    assert publish_anew(segment, **BY, engagements=ENGAGEMENTS).done == []


def test_publish_anew__rule_with_a_newer_draft__is_left_with_the_reason() -> None:
    segment = make_segment()
    rule = make_live(belongs("busy"))
    draft(rule, condition("visit.searches", ">", 1))
    change(segment)
    ((left, why),) = publish_anew(segment, **BY, engagements=ENGAGEMENTS).left
    assert left == rule
    assert "a draft that is newer" in why
    assert rule.versions.count() == 2


def test_publish_anew__rule_that_cannot_be__is_left_as_it_was(settings: Any) -> None:
    segment = make_segment()
    rule = make_live(belongs("busy"))
    change(segment)
    ((_rule, why),) = publish_anew(segment, **BY, engagements={}).left
    assert "There is no engagement" in why
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "LIVE_CONDITIONS": 1}
    change(segment, group(condition("visit.pages", "<", 2), condition("visit.searches", ">", 1)))
    ((_rule, why),) = publish_anew(segment, **BY, engagements=ENGAGEMENTS).left
    assert "no room" in why
    rule.refresh_from_db()
    assert (rule.versions.count(), rule.status) == (1, RuleStatus.LIVE)


def test_delete_segment__in_use__says_by_what_and_is_kept() -> None:
    segment = make_segment()
    other = make_segment("shopper", group(belongs("busy")))
    rule = make_live(belongs("busy"))
    with pytest.raises(SegmentInUseError) as caught:
        delete_segment(segment, **BY)
    assert (list(caught.value.rules), list(caught.value.segments)) == ([rule], [other])
    delete_segment(other, **BY)
    archive(rule, **BY)
    delete_segment(segment, **BY)
    assert not Segment.objects.exists()
    assert AuditEntry.objects.filter(action="segment.deleted").count() == 2
