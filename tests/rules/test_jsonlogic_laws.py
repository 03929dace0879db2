"""The laws of JsonLogic: what is written is read back to mean the same, also turned round, and any other JSON is refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.rules.engine.tree import Condition, Group, Node
from oscar_engage.rules.engine.values import UNKNOWN, Money, Value
from oscar_engage.rules.engine.walk import judge, judging
from oscar_engage.rules.errors import InvalidRuleError
from oscar_engage.rules.jsonlogic.read import read_jsonlogic
from oscar_engage.rules.jsonlogic.write import to_jsonlogic
from tests.rules.test_grammar import JSON

CONTEXTS = st.fixed_dictionaries(
    {
        "visit.pages": st.integers(0, 5),
        "page.kind": st.sampled_from(["home", "product", "basket"]),
        "visit.last_search": st.sampled_from(["boots", "Red Boots", "coat"]),
        "visit.came_back": st.booleans(),
        "checkout.error_fields": st.frozensets(st.sampled_from(["email", "phone"])),
        "basket.total": st.builds(Money, st.sampled_from([Decimal(5), Decimal(50)]), st.sampled_from(["GBP", "EUR"])),
    }
)
CONDITIONS = st.sampled_from(
    [
        *[Condition("visit.pages", sign, 3) for sign in ("=", "!=", "<", "<=", ">", ">=")],
        Condition("visit.pages", "between", (1, 3)),
        Condition("visit.pages", "in", (1, 4)),
        Condition("visit.pages", "notIn", (1, 4)),
        Condition("visit.pages", "notNull", None),
        Condition("visit.pages", "null", None),
        Condition("page.kind", "=", "basket"),
        Condition("page.kind", "notIn", ("home", "basket")),
        Condition("visit.last_search", "contains", "boots"),
        Condition("visit.last_search", "beginsWith", "red"),
        Condition("visit.came_back", "=", True),
        Condition("checkout.error_fields", "contains", "email"),
        Condition("basket.total", ">", Money(Decimal(20), "GBP")),
        Condition("basket.total", "between", (Money(Decimal(1), "GBP"), Money(Decimal(9), "GBP"))),
    ]
)


def groups(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Group]:
    return st.builds(Group, st.sampled_from(["and", "or"]), st.lists(inner, min_size=1, max_size=3).map(tuple))


GROUPS = groups(CONDITIONS | groups(CONDITIONS))


def truth(node: Node, values: dict[str, Value]) -> bool | None:
    return judge(node, judging(lambda name: values.get(name, UNKNOWN)))


@given(GROUPS, CONTEXTS)
def test_read_jsonlogic__what_was_written__means_the_same(node: Node, values: dict[str, Value]) -> None:
    assert truth(read_jsonlogic(to_jsonlogic(node)), values) is truth(node, values)


@given(GROUPS, CONTEXTS)
def test_to_jsonlogic__a_negated_group__is_true_where_the_group_is_false(node: Node, values: dict[str, Value]) -> None:
    negated = Group("and", (node,), negated=True)
    written = read_jsonlogic(to_jsonlogic(negated))
    assert (truth(written, values) is True) == (truth(negated, values) is True)


@given(JSON)
def test_read_jsonlogic__any_json__is_read_or_refused(raw: object) -> None:
    with pytest.raises(InvalidRuleError):
        read_jsonlogic(raw)
