"""Is a rule the same after every way it can take: its JSON, JsonLogic, a bundle, the editor's form? With hostile texts."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.dashboard.rules.controls import build_form
from oscar_engage.dashboard.rules.draft import read_draft, to_document
from oscar_engage.rules.bundles.shape import Bundle, BundleRule, read_bundle, write_bundle
from oscar_engage.rules.engine.tree import Document
from oscar_engage.rules.grammar import parse_document, read_document, to_json
from oscar_engage.rules.jsonlogic.read import read_jsonlogic
from oscar_engage.rules.jsonlogic.write import jsonlogic_data, to_jsonlogic
from oscar_engage.rules.sentence import sentence
from tests.dashboard.browser import submit
from tests.dashboard.conftest import ENGAGEMENTS
from tests.rules.moments import condition, rule_json

pytestmark = pytest.mark.django_db
HOSTILE = st.text(alphabet="ab01 &%?=.+#;/,:\\\"'<>{}[]()$ÄßİŉSs€日🙂", min_size=1, max_size=200) | st.text(
    min_size=1, max_size=20
)


@st.composite
def rules(draw: st.DrawFn) -> Document:
    """Return a rule whose parameters and values are texts that somebody may have typed."""
    first, second, third = draw(HOSTILE), draw(HOSTILE), draw(HOSTILE)
    raw = rule_json(
        condition("history.seconds_since", ">", 5, kind="search.made", words=first),
        condition("history.count", ">=", 2, kind="search.made", words=second, days=7),
        condition("visit.last_search", "in", [third, second, "plain"]),
        condition("visit.last_search", draw(st.sampled_from(["=", "contains", "beginsWith"])), third),
        condition("checkout.error_fields", draw(st.sampled_from(["in", "notIn"])), [first, second]),
    )
    document, errors = read_document(raw)
    return parse_document(rule_json(condition("visit.pages", ">", 1))) if errors else document


@given(document=rules())
def test_rule__through_json_and_a_bundle__is_the_same(document: Document) -> None:
    written = to_json(document)
    assert parse_document(json.dumps(written)) == document
    rule = BundleRule(name="A", purpose="sales", priority=1, holdout_share=0.2, document=written)
    bundle = write_bundle(Bundle(rules=[rule], segments=(), engagements=()))
    assert parse_document(read_bundle(json.dumps(bundle)).rules[0].document) == document
    assert sentence(document)


@given(document=rules())
def test_rule__through_the_editors_form__is_the_same(document: Document) -> None:
    written = to_json(document)
    form = build_form(written, engagements=ENGAGEMENTS)
    assert to_json(parse_document(to_document(read_draft(submit(form))))) == written


@given(document=rules())
def test_keys__through_jsonlogic__are_the_same(document: Document) -> None:
    when = document.branches[0].when
    back = read_jsonlogic(json.loads(json.dumps(to_jsonlogic(when))))
    assert [one.field for one in back.rules if hasattr(one, "field")][:2] == [one.field for one in document.conditions()][:2]


def test_jsonlogic_data__keys_of_which_one_begins_like_the_other__hold_both() -> None:
    """A dot in a parameter is no level of the data."""
    words = ("red", "red.boots", "red.boots.amount")
    raw = [condition("history.seconds_since", ">", 5, kind="search.made", words=one) for one in words]
    document = parse_document(rule_json(*raw))
    keys = [one.field for one in document.conditions()]
    data = jsonlogic_data(dict(zip(keys, (1.0, 2.0, 3.0), strict=True)))
    logic = to_jsonlogic(document.branches[0].when)["and"]

    def follow(place: Any, path: str) -> Any:
        for level in path.split("."):
            place = place[level]
        return place

    assert [follow(data, operation[">"][0]["var"]) for operation in logic] == [1.0, 2.0, 3.0]
    assert [one.field for one in read_jsonlogic({"and": logic}).rules if hasattr(one, "field")] == keys
