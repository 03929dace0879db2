"""Which inputs does an action need that takes an agent? Whose agents are asked, and what to offer when none is free."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from oscar_engage.dashboard.rules.inputs import Control, keeping, text_of, ungrouped
from oscar_engage.rules.actions import ACTIONS, action_of
from oscar_engage.rules.queues import ReadQueues


def agent_controls(
    action: Mapping[str, Any],
    path: str,
    engagements: Mapping[str, tuple[str, str]],
    queues: ReadQueues,
    at: Callable[[str], list[str]],
) -> dict[str, Control]:
    """Return the inputs by name, none for an action that takes no agent; ``queues`` is asked only if it does.

    ``path`` is the list that the action stands in, ``engagements`` are slug to kind of widget and title.
    """
    do, given = text_of(action.get("do")), action.get("with")
    if do not in ACTIONS or not ACTIONS.get(do).needs_agent:
        return {}
    options = given if isinstance(given, dict) else {}
    shown = {slug: title for slug, (widget, title) in engagements.items() if action_of(widget)}

    def select(name: str, label: str, choices: Mapping[str, str]) -> Control:
        chosen, place = text_of(options.get(name)), f"{path}[0].with.{name}"
        listed = ungrouped(keeping(list(choices.items()), chosen), chosen)
        return Control(kind="select", name=place, label=label, groups=listed, errors=at(place))

    return {
        "queue": select("queue", _("Answered from"), {"": _("the queue of the page"), **queues()}),
        "fallback": select("fallback", _("When nobody is free"), {"": _("offer nothing, and wait"), **shown}),
    }
