"""How are rungs, and what a rung waits for, said in words?"""

from collections.abc import Mapping

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oscar_engage.learning.registry.why import name_why

RULES = "rules"
"""The lowest rung: nobody speaks but the rules."""


def name_rung(rung: str) -> str:
    """Return what a rung is called; one that has no name yet goes by its code."""
    names = {
        RULES: _("business rules"),
        "logistic": _("logistic regression"),
        "boosted": _("boosted trees"),
        "s_learner": _("one model with and without help"),
        "ensemble": _("several models that vote"),
    }
    return names.get(rung, rung)


def say_needs(needs: Mapping[str, object]) -> tuple[str, ...]:
    """Return what is missing to the next rung, one sentence each, by kind; ``needs`` as ``TrainingRun.needs``: number by kind.

    Example: ``say_needs({"orders": 37, "rung": "logistic"})`` is ``("needs 37 more orders",)``.
    """
    counts = {kind: int(number) for kind, number in needs.items() if isinstance(number, int | float) and number > 0}
    return tuple(_say_need(kind, number) for kind, number in sorted(counts.items()))


def _say_need(kind: str, number: int) -> str:
    of = {"number": number_format(number, force_grouping=True)}
    if kind == "orders":
        return ngettext("needs %(number)s more order", "needs %(number)s more orders", number) % of
    if kind == "visits":
        return ngettext("needs %(number)s more visit", "needs %(number)s more visits", number) % of
    if kind == "exits":
        return ngettext("needs %(number)s more visit that ended", "needs %(number)s more visits that ended", number) % of
    if kind == "treated":
        return (
            ngettext("needs %(number)s more order of somebody invited", "needs %(number)s more orders of those invited", number)
            % of
        )
    if kind in {"control", "conversions"}:
        return (
            ngettext("needs %(number)s more order in the hold-out", "needs %(number)s more orders in the hold-out", number) % of
        )
    return _("needs %(number)s more: %(kind)s") % {"number": number, "kind": kind}


def say_why(code: str) -> str:
    """Return in words why a run ended as it did: a code of ours, else one of ``registry.why``."""
    ours = {
        "timed_out": _("took longer than LEARNING_MAX_SECONDS"),
        "killed": _("the process was killed"),
        "crashed": _("an error"),
        "no_result": _("the process ended without a result"),
        "garbage": _("the result could not be read"),
        "lost": _("the process was lost: the worker was stopped, or the machine"),
    }
    return ours.get(code) or name_why(code)
