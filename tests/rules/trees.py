"""Hypothesis strategies: random trees and documents over three ordinary variables and two clocks, with unknowns."""

from hypothesis import strategies as st

from oscar_engage.rules.engine.tree import Action, Branch, Condition, Document, Group, Node
from oscar_engage.rules.engine.values import UNKNOWN, Value

PLAIN = ("a", "b", "c")
CLOCKS = ("t", "u")
COMPARING = ("=", "!=", "<", "<=", ">", ">=", "between", "in", "notIn")


@st.composite
def plain_conditions(draw: st.DrawFn, knowing: bool = True) -> Condition:
    """Return a condition on a small number."""
    operator = draw(st.sampled_from((*COMPARING, "null", "notNull") if knowing else COMPARING))
    numbers = st.integers(0, 4)
    if operator == "between":
        return Condition(draw(st.sampled_from(PLAIN)), operator, tuple(sorted((draw(numbers), draw(numbers)))))
    if operator in ("in", "notIn"):
        return Condition(draw(st.sampled_from(PLAIN)), operator, tuple(draw(st.lists(numbers, min_size=1, max_size=3))))
    return Condition(draw(st.sampled_from(PLAIN)), operator, None if "ull" in operator else draw(numbers))


@st.composite
def clock_conditions(draw: st.DrawFn) -> Condition:
    """Return a condition on a clock; limits are whole seconds, so states last at least a second."""
    field = draw(st.sampled_from(CLOCKS))
    operator = draw(st.sampled_from(("<", "<=", ">", ">=", "between", "null", "notNull")))
    seconds = st.integers(0, 40)
    if operator == "between":
        return Condition(field, operator, tuple(sorted((draw(seconds), draw(seconds)))))
    return Condition(field, operator, None if "ull" in operator else draw(seconds))


def trees(conditions: st.SearchStrategy[Condition]) -> st.SearchStrategy[Node]:
    """Return trees of groups over ``conditions``."""
    nodes: st.SearchStrategy[Node] = st.recursive(conditions, groups, max_leaves=8)
    return nodes


def groups(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Group]:
    """Return groups of up to three of ``children``."""
    return st.builds(Group, st.sampled_from(("and", "or")), st.lists(children, max_size=3).map(tuple), st.booleans())


def documents(
    conditions: st.SearchStrategy[Condition], unknown: tuple[str, ...] = ("skip", "else")
) -> st.SearchStrategy[Document]:
    """Return whole documents."""
    actions = st.sampled_from(((), (Action("show.balloon", "x"),)))
    branches = st.builds(Branch, groups(trees(conditions)), actions)
    scopes = st.none() | groups(trees(conditions))
    return st.builds(Document, scopes, st.lists(branches, max_size=3).map(tuple), actions, st.sampled_from(unknown))


def contexts() -> st.SearchStrategy[dict[str, Value]]:
    """Return a value for each plain variable; about one in three is unknown."""
    values = st.sampled_from((UNKNOWN, UNKNOWN, UNKNOWN, 0, 1, 2, 3, 4))
    return st.fixed_dictionaries(dict.fromkeys(PLAIN, values))
