"""A rule read back in words."""

from typing import Any

import pytest

from oscar_engage.rules.engine.compare import OPERATORS
from oscar_engage.rules.grammar import parse_document
from oscar_engage.rules.sentence import OPERATOR_LABELS, sentence
from tests.rules.moments import EXAMPLE, condition, do, group, rule_json


def test_sentence__the_design_example__reads_like_one() -> None:
    assert sentence(parse_document(EXAMPLE)) == (
        "When kind of page is checkout: if basket total is more than 100.00 GBP and time without activity is more than "
        "45 seconds and not (segment is self-server), invite to the chat “checkout-help”. "
        "Otherwise show the balloon “delivery-times”."
    )


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (("visit.pages", "between", [2, 5]), "pages in this visit is between 2 and 5"),
        (("page.kind", "in", ["home", "basket"]), "kind of page is one of home page or basket"),
        (("page.idle_seconds", ">=", 120), "time without activity is at least 2 minutes"),
        (("page.idle_seconds", ">=", 2.5), "time without activity is at least 2.5 seconds"),
        (("page.idle_seconds", ">=", 1), "time without activity is at least 1 second"),
        (("visit.last_search", "contains", "boots"), "last search contains “boots”"),
        (("visitor.is_customer", "=", True), "“is a customer” applies"),
        (("visitor.is_customer", "!=", True), "“is a customer” does not apply"),
        (("page.kind", "notIn", ["home", "basket", "search"]), "kind of page is none of home page, basket or search results"),
        (("page.idle_seconds", ">=", 7200), "time without activity is at least 2 hours"),
        (("page.idle_seconds", ">=", 86_400), "time without activity is at least 1 day"),
        (("visitor.is_customer", "=", False), "“is a customer” does not apply"),
        (("basket.total", "null"), "basket total is not known"),
    ],
)
def test_sentence__each_type__has_its_words(parts: tuple[Any, ...], words: str) -> None:
    assert sentence(parse_document(rule_json(condition(*parts)))) == f"If {words}, show the balloon “delivery-times”."


def test_sentence__second_branch_and_nested_groups__are_kept_apart() -> None:
    either = group(condition("visit.pages", ">", 3), condition("visit.searches", ">", 1), combinator="or")
    raw = rule_json(condition("visit.exit_intents", ">", 0), either, scope=group())
    raw["branches"].append({"when": group(condition("visit.pages", ">", 9)), "then": []})
    raw["else"] = do("ask-us")
    assert sentence(parse_document(raw)) == (
        "If times about to leave is more than 0 and (pages in this visit is more than 3 or searches is more than 1), "
        "show the balloon “delivery-times”. Or else, if pages in this visit is more than 9, leave the shopper alone. "
        "Otherwise offer the sticky note “ask-us”."
    )


def test_operator_labels__every_operator__has_words() -> None:
    assert set(OPERATOR_LABELS) == set(OPERATORS)
