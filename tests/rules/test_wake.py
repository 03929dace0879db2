"""When the clock alone turns a rule on, checked second by second."""

from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.rules.engine.tree import ELSE, Action, Branch, Condition, Document, Group
from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.rules.engine.wake import TICK, ReadAt, next_wake, plan_wake
from oscar_engage.rules.engine.walk import choose
from tests.rules.trees import CLOCKS, clock_conditions, contexts, documents, plain_conditions

ACT = (Action("show.balloon", "x"),)
STEP = 0.25  # finer than the whole seconds at which states change


def shifted(context: dict[str, Value]) -> ReadAt:
    def read_at(seconds: float):  # type: ignore[no-untyped-def]  # a reader of a reader
        def read(name: str) -> Value:
            value = context[name]
            return value + seconds if name in CLOCKS and isinstance(value, int | float) else value

        return read

    return read_at


def rule(*conditions: Condition, **more: object) -> Document:
    return Document(None, (Branch(Group("and", conditions), ACT),), **more)  # type: ignore[arg-type]  # test shorthand


def wake(document: Document, context: dict[str, Value], horizon: float = 1800) -> float | None:
    read_at = shifted(context)
    present = choose(document, read_at(0.0))
    return next_wake([(plan_wake(document, clocks=CLOCKS), present)], read_at=read_at, horizon=horizon)


@given(
    documents(st.one_of(plain_conditions(), clock_conditions(), clock_conditions())),
    contexts(),
    st.fixed_dictionaries(dict.fromkeys(CLOCKS, st.sampled_from((UNKNOWN, 0, 3.0, 10, 17, 30)))),
)
def test_next_wake__any_document__is_the_first_time_at_which_another_branch_acts(
    document: Document, plain: dict[str, Value], clocks: dict[str, Value]
) -> None:
    context = {**plain, **clocks}
    read_at = shifted(context)
    present = choose(document, read_at(0.0))

    def acts(seconds: float) -> bool:
        branch = choose(document, read_at(seconds))
        return branch is not None and branch != present and bool(document.actions(branch))

    found = wake(document, context)
    times = [step * STEP + TICK for step in range(int(50 / STEP))]
    brute = next((seconds for seconds in times if acts(seconds)), None)
    assert (found is None) == (brute is None)
    if found is not None:
        assert acts(found)
        assert abs(found - (brute or 0)) <= STEP
        assert not any(acts(seconds) for seconds in times if seconds < found - TICK)
        assert not acts(max(0.0, found - 2 * TICK))


def test_next_wake__idle_rule__comes_a_tick_after_the_boundary() -> None:
    assert wake(rule(Condition("t", ">", 45)), {"t": 32.7}) == 45 - 32.7 + TICK


def test_next_wake__clock_unknown_or_rule_true_already__is_never() -> None:
    assert wake(rule(Condition("t", ">", 45)), {"t": UNKNOWN}) is None
    assert wake(rule(Condition("t", ">", 45)), {"t": 50}) is None


def test_next_wake__other_conditions_false__is_never() -> None:
    assert wake(rule(Condition("t", ">", 45), Condition("a", "=", 1)), {"t": 1, "a": 2}) is None


def test_next_wake__branch_behind_an_else__is_found() -> None:
    document = rule(Condition("t", ">", 45), otherwise=ACT)
    assert choose(document, {"t": 0}.__getitem__) == ELSE
    assert wake(document, {"t": 0}) == 45 + TICK


def test_next_wake__out_of_scope__is_never() -> None:
    scope = Group("and", (Condition("a", "=", 1),))
    document = Document(scope, (Branch(Group("and", (Condition("t", ">", 45),)), ACT),))
    assert wake(document, {"t": 0, "a": 2}) is None
    assert wake(document, {"t": 0, "a": 1}) == 45 + TICK


def test_next_wake__beyond_the_horizon__is_never() -> None:
    assert wake(rule(Condition("t", ">", 45)), {"t": 0}, horizon=45) is None


def test_next_wake__two_rules__is_the_sooner() -> None:
    rules = [rule(Condition("t", ">", 45)), rule(Condition("u", ">=", 20))]
    plans = [(plan_wake(one, clocks=CLOCKS), None) for one in rules]
    assert next_wake(plans, read_at=shifted({"t": 0, "u": 5})) == 15 + TICK
