"""Of which ways of helping does the model know what they do, and what is missing of the others? In words."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oscar_engage.learning.nightly.state import Step
from oscar_engage.learning.nightly.words import say_needs
from oscar_engage.learning.registry.models import Task
from oscar_engage.learning.scoring.ways import BALLOON, CALL, CHAT, NOTE, OTHER
from oscar_engage.learning.training.ladder import find_way_needs

NAMES: Mapping[str, str | Promise] = {
    CHAT: gettext_lazy("Chat"),
    CALL: gettext_lazy("Call back"),
    BALLOON: gettext_lazy("Balloon"),
    NOTE: gettext_lazy("Note"),
    OTHER: gettext_lazy("Any other way"),
}
"""What each way is called, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class WayLine:
    """One way of helping; ``is_known``: the model that speaks answers for it. ``words`` say that, or what is missing."""

    name: str
    is_known: bool
    words: str


def list_ways(step: Step) -> tuple[WayLine, ...]:
    """Return the ways that were drawn so far; none of another task, or where they were not counted."""
    if step.task != Task.UPLIFT:
        return ()
    learnt = find_way_needs(step.speaks.metrics) if step.speaks else {}
    if step.speaks and not learnt:  # fitted before ways were told apart: it speaks of all alike
        return ()
    needed = {**learnt, **find_way_needs(step.numbers)}
    return tuple(
        WayLine(str(name), way in learnt and not learnt[way], _say(step, learnt.get(way), needed[way]))
        for way, name in NAMES.items()
        if way in needed
    )


def _say(step: Step, learnt: Mapping[str, int] | None, needed: Mapping[str, int]) -> str:
    """Say how a way stands. ``learnt``: what was missing when the model was fitted (``None``: all); ``needed``: now."""
    if step.speaks and learnt is not None and not learnt:
        return _("the model knows what it does")
    if needed:
        return _(" and ").join(say_needs(needed))
    return _("enough by now: the next model will know what it does") if step.speaks else _("enough to learn from")
