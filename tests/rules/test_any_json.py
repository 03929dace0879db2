"""Any JSON as a rule, met by any values: an answer or a clear refusal, never an exception."""

import copy
import json
import random
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.rules_fuzz import make_visitor
from oscar_engage.rules.engine.ruleset import build_rule_set
from oscar_engage.rules.engine.walk import choose
from oscar_engage.rules.errors import InvalidRuleError
from oscar_engage.rules.grammar import read_document
from oscar_engage.rules.jsonlogic.read import read_jsonlogic
from oscar_engage.rules.variables import VARIABLES, clock_names, costly_names
from tests.rules.moments import EXAMPLE, condition, group, rule_json

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(("and", "or", "=", "in", "between", "null", "contains", "GBP", "1e999", "-0", "NaN", "visit.pages"))
)
NAMES = ("schema", "branches", "when", "then", "rules", "field", "operator", "value", "not", "amount", "var")
KEYS = st.sampled_from(NAMES) | st.text(max_size=4)
JSON: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)
GOOD = (
    EXAMPLE,
    rule_json(condition("visit.pages", "between", [1, 5]), condition("visit.last_search", "beginsWith", "re")),
    rule_json(group(condition("checkout.error_fields", "in", ["city"]), combinator="or"), unknown="else"),
    rule_json(condition("page.kind", "in", ["product", "basket"]), condition("desk.free_agents", ">", 0)),
)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every container in ``value`` with each of its keys."""
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield value, key
        yield from places(value[key])


@st.composite
def nearly_good(draw: st.DrawFn) -> Any:
    """Return a rule in which a place or two hold something else."""
    document = copy.deepcopy(draw(st.sampled_from(GOOD)))
    for _time in range(draw(st.integers(1, 2))):
        container, key = draw(st.sampled_from(list(places(document))))
        container[key] = draw(JSON)
    return document


def judged_alike(raw: Any, chance: random.Random) -> None:
    document, errors = read_document(raw)
    assert all(error.message for error in errors)
    if errors:
        return
    known = [variable.name for variable in VARIABLES]
    for most_closures in (0, 10):
        rule_set = build_rule_set([document], clocks=clock_names(), costly=costly_names(), most_closures=most_closures)
        for _number in range(3):
            strange = list(make_visitor(chance).values())
            values = {name: chance.choice(strange) for name in known}
            branch = choose(document, values.__getitem__)
            found = rule_set.matches(values.__getitem__)
            assert found == ([] if branch is None else [(0, branch)])
            rule_set.next_wake(found, read_at=lambda seconds, values=values: values.__getitem__)


@given(raw=JSON, chance=st.randoms(use_true_random=False))
def test_any_json__as_a_rule__is_judged_or_refused(raw: Any, chance: random.Random) -> None:
    judged_alike(raw, chance)


@settings(max_examples=300)
@given(raw=nearly_good(), chance=st.randoms(use_true_random=False))
def test_nearly_a_rule__met_by_any_values__is_judged_or_refused(raw: Any, chance: random.Random) -> None:
    judged_alike(raw, chance)


@given(raw=JSON | nearly_good())
def test_any_json__as_jsonlogic__is_read_or_refused(raw: Any) -> None:
    with suppress(InvalidRuleError):
        assert read_jsonlogic(raw).rules


@given(text=st.text(max_size=60) | JSON.map(json.dumps))
def test_any_text__as_a_rule__is_judged_or_refused(text: str) -> None:
    judged_alike(text, random.Random(1))
