"""Does every answer that a rule may have given stand among the possible ones, and no other where all is known?"""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.rules.engine.compare import holds
from oscar_engage.rules.engine.possible import ANY, possible_branches
from oscar_engage.rules.engine.tree import Condition, Document
from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.rules.engine.walk import choose
from tests.rules.trees import PLAIN, contexts, documents, plain_conditions

DOCUMENTS = documents(plain_conditions())


@given(DOCUMENTS, contexts())
def test_possible_branches__all_said__is_the_walkers_answer(document: Document, context: dict[str, Value]) -> None:
    def leaf(condition: Condition) -> frozenset[bool | None]:
        return frozenset({holds(condition.operator, context[condition.field], condition.value)})

    assert possible_branches(document, leaf) == {choose(document, context.__getitem__)}


@given(DOCUMENTS, contexts(), st.sets(st.sampled_from(PLAIN), max_size=2))
def test_possible_branches__some_unsaid__hold_every_answer_of_every_value(
    document: Document, context: dict[str, Value], unsaid: set[str]
) -> None:
    def leaf(condition: Condition) -> frozenset[bool | None]:
        if condition.field in unsaid:
            return ANY
        return frozenset({holds(condition.operator, context[condition.field], condition.value)})

    values: list[Value] = [UNKNOWN, 0, 1, 2, 3, 4, 5]
    found = possible_branches(document, leaf)
    for chosen in product(values, repeat=len(unsaid)):
        known = {**context, **dict(zip(sorted(unsaid), chosen, strict=True))}
        assert choose(document, known.__getitem__) in found
