"""What was true in a run? The document that is kept of it: size, parameters, and per rule what inviting truly changed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from oscar_engage.simulation.drive.person import Person
from oscar_engage.simulation.parameters import Channel, Kind, Parameters
from oscar_engage.simulation.world.truth import Truth

SHOP = "shop"
"""What stands for a rule where the product as a whole is meant, as in ``analytics.lift``."""


def find_truths(people: Iterable[Person], parameters: Parameters) -> dict[str, Truth]:
    """Return the truth of each rule (its id as text) and of the whole shop, over those whose last visit is over.

    A rule's is asked beside what other rules did to the same shopper. The shop's counts everybody who came into any rule's
    experiment: as it went, against left alone.
    """
    truths: dict[str, Truth] = {}
    for person in people:
        if not person.is_settled or person.is_automaton:
            continue
        for rule_id, (channel, is_treated, _at) in person.drawn.items():
            truth = truths.setdefault(str(rule_id), Truth())
            truth.add(person.shopper, channel, person.channels(but=rule_id), is_treated=is_treated, world=parameters)
        if person.drawn:
            _add_to_shop(truths.setdefault(SHOP, Truth()), person, parameters)
    return truths


def _add_to_shop(truth: Truth, person: Person, parameters: Parameters) -> None:
    channels = person.channels()
    strongest = Channel.CHAT if Channel.CHAT in channels else Channel.SHOWN
    if channels:
        truth.add(person.shopper, strongest, (), is_treated=True, world=parameters)
        return
    alone = int(person.shopper.orders((), parameters))
    truth.units, truth.treated_units = truth.units + 1, truth.treated_units + 1
    truth.alone, truth.invited = truth.alone + alone, truth.invited + alone
    truth.treated_alone, truth.treated_invited = truth.treated_alone + alone, truth.treated_invited + alone


def build_document(
    people: Iterable[Person], *, parameters: Parameters, seed: int, days: int, visits_per_day: float, visits: int, orders: int
) -> dict[str, Any]:
    """Return what is kept of a run."""
    everybody = list(people)
    kinds = Counter(person.shopper.kind for person in everybody)
    return {
        "format": 1,
        "seed": seed,
        "days": days,
        "visits_per_day": visits_per_day,
        "effects": parameters.effects,
        "visits": visits,
        "orders": orders,
        "shoppers": len(everybody),
        "kinds": {kind.value: kinds[kind] for kind in Kind},
        "truths": {rule: _write(truth) for rule, truth in find_truths(everybody, parameters).items()},
        "parameters": asdict(parameters),
    }


def _write(truth: Truth) -> dict[str, Any]:
    treated = truth.treated_units
    return {
        **asdict(truth),
        "effect": truth.effect,
        "effect_treated": truth.gained / treated if treated else None,
        "gained": truth.gained,
    }
