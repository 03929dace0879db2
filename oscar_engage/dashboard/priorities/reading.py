"""What does the page of priorities show? The live rules in their order in some situations, with the sum behind each place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oscar_engage.audit.models import AuditEntry
from oscar_engage.dashboard.rules.standing import people
from oscar_engage.dashboard.rules.trail import Changed
from oscar_engage.decisions.order.models import PriorityFormula
from oscar_engage.decisions.order.store import COLUMNS, KIND
from oscar_engage.decisions.priority import BASKET, CUSTOMER, Claim, Formula, Part, Situation, in_order, parts_of, points_of
from oscar_engage.rules.models import Rule, RuleStatus

SHOWN = 8
"""Places shown of each situation."""

CHANGES_SHOWN = 10
_MOST_LIVE = 1000
BAR = 100
"""Length of the longest bar in SVG units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One rule in its place: its points, how they come about in words, and the length of its bar."""

    rule_id: int
    name: str
    number: int
    points: str
    words: str
    bar: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A situation with the first rules in their order; ``more`` are not shown."""

    label: str
    places: Sequence[Place]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Who changed the formula when, from and to."""

    at: datetime
    author: str
    changes: Sequence[Changed]


def read_examples(formula: Formula, *, basket: Decimal | None, customer: Decimal | None) -> list[Example]:
    """Return the live rules in their order, in three usual situations and in that of the typed amounts; one query."""
    rows = Rule.objects.filter(status=RuleStatus.LIVE).order_by("priority", "pk")[:_MOST_LIVE]
    names = {rule.pk: rule.name for rule in rows}
    claims = [Claim(rule_id=rule.pk, number=rule.priority, goal=rule.goal, value=float(rule.goal_value)) for rule in rows]
    return [_example(label, at, claims, names, formula) for label, at in _situations(basket, customer)] if claims else []


def _situations(basket: Decimal | None, customer: Decimal | None) -> Iterable[tuple[str, Situation]]:
    if basket is not None or customer is not None:
        yield (
            _("Your example"),
            Situation(basket=None if basket is None else float(basket), customer=None if customer is None else float(customer)),
        )
    words = {"small": number_format(30), "large": number_format(250), "spent": number_format(1000, force_grouping=True)}
    yield _("Somebody new with %(small)s in the basket") % words, Situation(basket=30)
    yield _("Somebody new with %(large)s in the basket") % words, Situation(basket=250)
    yield _("A customer who has spent %(spent)s, with %(small)s in the basket") % words, Situation(basket=30, customer=1000)


def _example(label: str, at: Situation, claims: Sequence[Claim], names: dict[int, str], formula: Formula) -> Example:
    ordered = in_order(claims, at, formula)[:SHOWN]
    points = [points_of(claim, at, formula) for claim in ordered]
    longest = max(points) or 1
    return Example(
        label=label,
        places=[
            Place(
                rule_id=claim.rule_id,
                name=names[claim.rule_id],
                number=claim.number,
                points=_say(worth),
                words=" + ".join(_say_part(part) for part in parts_of(claim, at, formula)),
                bar=round(BAR * worth / longest),
            )
            for claim, worth in zip(ordered, points, strict=True)
        ],
        more=len(claims) - len(ordered),
    )


def _say(amount: float) -> str:
    return number_format(amount, 2, force_grouping=True)


_WORDS = {
    ("value", True): gettext_lazy("%(factor)s × value %(amount)s"),
    (BASKET, True): gettext_lazy("%(percent)s %% of the basket of %(amount)s"),
    (BASKET, False): gettext_lazy("%(percent)s %% of %(amount)s, as the basket is not known"),
    (CUSTOMER, True): gettext_lazy("%(percent)s %% of %(amount)s spent"),
    (CUSTOMER, False): gettext_lazy("%(percent)s %% of %(amount)s, as the customer is not known"),
}


def _say_part(part: Part) -> str:
    words = {"amount": _say(part.amount), "factor": _tidy(part.factor), "percent": _tidy(part.factor * 100)}
    said = _WORDS[part.what, part.is_known]
    return str(said) % words


def _tidy(number: float) -> str:
    """Return it without digits that say nothing."""
    rounded = round(number, 2)
    return number_format(int(rounded) if rounded == int(rounded) else rounded)


def read_changes() -> list[Changes]:
    """Return the latest changes of the formula, the newest first; two queries."""
    entries = list(AuditEntry.objects.filter(object_kind=KIND).order_by("-at", "-pk")[:CHANGES_SHOWN])
    names = people([entry.actor_id for entry in entries])
    return [Changes(at=entry.at, author=names.get(entry.actor_id, ""), changes=say_changes(entry.detail)) for entry in entries]


def say_changes(detail: dict[str, Any]) -> list[Changed]:
    """Return what changed, in words."""
    columns: Any = PriorityFormula._meta
    labels = {name: columns.get_field(name).verbose_name for name in COLUMNS}
    return [
        Changed(labels[name], _say_value(pair[0]), _say_value(pair[1]))
        for name, pair in detail.items()
        if name in labels and isinstance(pair, list) and len(pair) == 2  # noqa: PLR2004 - from and to
    ]


def _say_value(value: Any) -> str:
    if isinstance(value, bool):
        return _("the number") if value else _("the points")
    return number_format(Decimal(value))
