"""What does a rule read of what the models say, and when does it read nothing?"""

import json
import re
from typing import Any

import pytest

from docs.generate import FOLDER as DOCS
from oscar_engage.learning.leads.advise import foretold_of
from oscar_engage.learning.leads.lead import Bars, Lead
from oscar_engage.rules.engine.compile import compile_document
from oscar_engage.rules.engine.values import UNKNOWN
from oscar_engage.rules.foretold import Foretold
from oscar_engage.rules.grammar import parse_document
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.recall import is_recalled
from oscar_engage.rules.sentence import say_condition
from oscar_engage.rules.variables import VARIABLES, reading
from oscar_engage.visitors.consent import ConsentLevel
from tests.rules.moments import condition, make_moment, rule_json

NAMES = ("visit.lead", "visit.propensity", "visit.uplift", "visit.exit_chance")
SAID = Foretold(propensity=0.0312, exit=0.4, uplift=-0.0125, lead="do_not_disturb")
EXAMPLES = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", (DOCS / "leads.md").read_text(), re.DOTALL)]


def foretelling(said: Foretold, **fields: Any) -> Moment:
    return make_moment(**{"foretold": lambda: said, **fields})


def chosen(when: dict[str, Any], moment: Moment) -> int | None:
    document = rule_json(condition("visit.pages", ">", 0))
    document["branches"][0]["when"] = when
    return compile_document(parse_document(document))(reading(moment))


def test_variables__models_speak__read_the_kind_and_per_cent() -> None:
    read = reading(foretelling(SAID))
    assert [read(name) for name in NAMES] == ["do_not_disturb", 3.12, -1.25, 40.0]
    assert read("visitor.segment") == "do_not_disturb"


@pytest.mark.parametrize("consent", [level for level in ConsentLevel if level < ConsentLevel.PERSONALISATION])
def test_variables__without_the_consent_to_personalisation__read_nothing(consent: ConsentLevel) -> None:
    read = reading(foretelling(SAID, consent=consent))
    assert {read(name) for name in NAMES} == {UNKNOWN}
    assert read("visitor.segment") == "unscored"


@pytest.mark.parametrize("negated", [False, True])
@pytest.mark.parametrize(
    "asks",
    [
        condition("visit.lead", "=", "self_server"),
        condition("visit.lead", "!=", "self_server"),
        condition("visit.lead", "notIn", ["hot", "cold"]),
        condition("visit.propensity", "<", 50),
        condition("visit.uplift", ">", 0),
        condition("visit.exit_chance", ">=", 0),
    ],
)
def test_rule__no_model_speaks__does_not_fire(asks: dict[str, Any], negated: bool) -> None:
    assert chosen({"combinator": "and", "not": negated, "rules": [asks]}, make_moment()) is None


@pytest.mark.parametrize("lead", Lead)
def test_rule__asks_for_a_kind__fires_for_this_kind_alone(lead: Lead) -> None:
    for said in Lead:
        fires = chosen(
            {"combinator": "and", "rules": [condition("visit.lead", "=", lead.value)]}, foretelling(Foretold(lead=said.value))
        )
        assert (fires == 0) == (said is lead)


def test_condition__in_words__says_the_kind_as_people_do() -> None:
    document = parse_document(rule_json(condition("visit.lead", "!=", "self_server")))
    (asked,) = document.conditions()
    assert say_condition(asked) == "kind of shopper, as the model says is not self-server"


@pytest.mark.parametrize("name", [*NAMES, "visitor.segment"])
def test_recall__what_a_model_said__is_not_worked_out_of_a_recorded_visit(name: str) -> None:
    assert not is_recalled(name)


def test_moment_later__what_was_foretold__is_not_asked_again() -> None:
    asked: list[int] = []
    moment = make_moment(foretold=lambda: asked.append(1) or SAID)
    read = reading(moment)
    assert [read("visit.lead"), read("visit.lead")] == ["do_not_disturb"] * 2
    assert asked == [1]
    assert all(not VARIABLES.get(name).clock for name in NAMES)


def test_foretold_of__nobody_speaks__is_nothing() -> None:
    assert foretold_of({}, Bars(uplift=0.0, propensity=0.5)) == Foretold()


@pytest.mark.parametrize(
    ("scores", "lead"),
    [
        ({"propensity": (0.6, 0.5, 0.7)}, "self_server"),
        ({"propensity": (0.1, 0.0, 0.2)}, "cold"),
        ({"propensity": (0.6, 0.5, 0.7), "uplift": (0.05, 0.02, 0.08)}, "hot"),
        ({"uplift": (-0.05, -0.08, -0.01)}, "do_not_disturb"),
        ({"exit": (0.5, 0.5, 0.5)}, ""),
    ],
)
def test_foretold_of__scores__are_held_against_the_bars(scores: dict[str, tuple[float, float, float]], lead: str) -> None:
    said = foretold_of(scores, Bars(uplift=0.01, propensity=0.5))
    assert said.lead == lead
    assert {name: getattr(said, name) for name in scores} == {name: value[0] for name, value in scores.items()}


@pytest.mark.parametrize(
    ("example", "fires"),
    [
        (0, {"hot"}),
        (1, {"hot", "cold"}),
        (2, {"cold"}),
    ],
)
def test_documentation__ready_conditions__fire_for_whom_they_say(example: int, fires: set[str]) -> None:
    said = {lead.value: Foretold(propensity=0.02, exit=0.7, uplift=0.0, lead=lead.value) for lead in Lead}
    found = {name for name, one in said.items() if chosen(EXAMPLES[example], foretelling(one, idle_seconds=60.0)) == 0}
    assert found == fires
