"""Which numbers was a challenger judged by, beside whom? In words, whatever of them a run has kept."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from oscar_engage.dashboard.learning.points import read_number
from oscar_engage.dashboard.templatetags.engage_numbers import number, percent


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of both sides; ``""`` where it is not known. ``code`` is its name among experts."""

    label: Any
    code: str
    challenger: str
    champion: str


def _fine(value: float) -> str:
    return number(round(value, 4))


_NAMED: tuple[tuple[str, Any, str, Callable[[float], str]], ...] = (
    ("auc", _("Pairs ranked right"), "AUC", percent),
    ("pr_auc", _("Hits among those ranked first"), "PR-AUC", percent),
    ("log_loss", _("Surprise by what happened; less is better"), "log-loss", _fine),
    ("ece", _("Off by, on average"), "ECE", percent),
    ("qini", _("Order by how much help wins; luck is 0"), "Qini", _fine),
    ("newest", _("The same on the newest shoppers"), "Qini", _fine),
    ("luck", _("How much of that luck alone gives"), "SE", _fine),
    ("sureness", _("How sure it is that it is better"), "P", percent),
    ("visits", _("Visits of its day in the shadow"), "", number),
    ("moments", _("Moments of its day in the shadow"), "", number),
    ("foretold", _("Foretold in the shadow"), "", percent),
    ("happened", _("Happened meanwhile"), "", percent),
)
"""Name in ``numbers``, label, what experts call it, and how it is written; in the order of the table."""

_UPLIFT = {"champion": "newest", "champion_luck": "luck"}
"""What a run of uplift keeps of the one that speaks, and to which line that belongs."""


def list_figures(numbers: object) -> tuple[Figure, ...]:
    """Return the lines that ``numbers`` of a run allow; nested by ``challenger`` and ``champion``, or flat with a prefix."""
    if not isinstance(numbers, Mapping):
        return ()
    return tuple(_figures(numbers))


def _figures(numbers: Mapping[str, Any]) -> Iterator[Figure]:
    ours, theirs = _sides(numbers)
    for name, label, code, say in _NAMED:
        mine, other = ours.get(name), theirs.get(name)
        if mine is not None or other is not None:
            yield Figure(label, code, "" if mine is None else say(mine), "" if other is None else say(other))


def _sides(numbers: Mapping[str, Any]) -> tuple[dict[str, float], dict[str, float]]:
    ours: dict[str, float] = {}
    theirs: dict[str, float] = {}
    for name, value in numbers.items():
        if isinstance(value, Mapping):
            side = {"challenger": ours, "champion": theirs}.get(name)
            if side is not None:
                side.update(_finite(value))
        elif (known := read_number(value)) is not None:
            if name in _UPLIFT:
                theirs[_UPLIFT[name]] = known
            elif name.startswith("champion_"):
                theirs[name.removeprefix("champion_")] = known
            else:
                ours[name] = known
    return ours, theirs


def _finite(values: Mapping[str, Any]) -> dict[str, float]:
    return {name: known for name, value in values.items() if (known := read_number(value)) is not None}
