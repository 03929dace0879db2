"""Rules to start from: for each a name, a reason, conditions, and the words to offer. Data in :mod:`shipped`, its shape here.

A shop may add its own: ``READY.register("our-rule", ReadyRule(slug="our-rule", …))`` in ``AppConfig.ready()``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from oscar_engage.core.registry import Registry
from oscar_engage.modules import off_owners
from oscar_engage.rules.actions import ACTIONS
from oscar_engage.rules.models import RulePurpose
from oscar_engage.rules.variables import VARIABLES

Words = str | Promise

SHOPS_CURRENCY = ""
"""Stands in an amount for the currency of the shop that starts from the rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The engagement that a ready rule suggests: what it is called in rules, its widget, its words and its place."""

    slug: str
    widget: str
    title: Words
    body: Words
    button: Words = ""
    anchor: str = ""

    @property
    def action(self) -> str:
        """What a rule does with it."""
        return next(kind.name for kind in ACTIONS if kind.widget == self.widget)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyBranch:
    """If ``when`` (a group, as JSON) holds, offer this."""

    when: Mapping[str, Any]
    offer: Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyRule:
    """A rule to start from. ``why`` says in a sentence what shoppers are helped with and why that pays."""

    slug: str
    name: Words
    why: Words
    branches: tuple[ReadyBranch, ...]
    purpose: RulePurpose = RulePurpose.SALES

    @property
    def offers(self) -> tuple[Offer, ...]:
        """The engagements it needs, each once."""
        return tuple(dict.fromkeys(branch.offer for branch in self.branches))

    def document(self, *, currency: str, slugs: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Return the rule as a document, its amounts in ``currency``; ``slugs`` replace the names of engagements."""
        named = slugs or {}
        branches = [
            {
                "when": _in_currency(branch.when, currency),
                "then": [{"do": branch.offer.action, "with": {"engagement": named.get(branch.offer.slug, branch.offer.slug)}}],
            }
            for branch in self.branches
        ]
        return {"schema": 1, "branches": branches, "else": [], "unknown": "skip"}

    def missing(self) -> tuple[str, ...]:
        """Return the variables that it asks for and that are not there; with any, nobody can start from it."""
        asked = dict.fromkeys(name for branch in self.branches for name in _fields(branch.when))
        return tuple(name for name in asked if name not in VARIABLES)

    def modules_off(self) -> list[str]:
        """Return the modules that it uses and that are off; with any, it is not offered."""
        asked = {name for branch in self.branches for name in _fields(branch.when)}
        found = {module for name in asked for module in off_owners("variables", name)}
        found |= {module for offer in self.offers for module in off_owners("actions", offer.action)}
        return sorted(found)


READY: Registry[ReadyRule] = Registry("ready rule")
"""The rules to start from, in the order in which they are shown."""


def _fields(node: Mapping[str, Any]) -> Iterator[str]:
    if "field" in node:
        yield node["field"]
    for child in node.get("rules", ()):
        yield from _fields(child)


def _in_currency(node: Any, currency: str) -> Any:
    if isinstance(node, list | tuple):
        return [_in_currency(child, currency) for child in node]
    if not isinstance(node, Mapping):
        return node
    if node.get("currency") == SHOPS_CURRENCY:
        return {**node, "currency": currency}
    return {key: _in_currency(child, currency) for key, child in node.items()}
