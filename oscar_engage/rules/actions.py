"""What can a rule do? Each action with the kind of widget it needs."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from oscar_engage.core.registry import Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionKind:
    """``widget`` is the kind of engagement the action takes; ``phrase`` names it in a sentence, with ``%(engagement)s``."""

    name: str
    widget: str
    label: str | Promise
    phrase: str | Promise
    needs_agent: bool = False
    needs_calls: bool = False
    """Whether it takes a queue of the page that calls shoppers, and has a time for one."""

    feature: str = ""
    """What the shop has to have switched on (``modules.has_feature``); empty: nothing."""


ACTIONS: Registry[ActionKind] = Registry("action")


def action_of(widget: str | None) -> str:
    """Return the name of the action that shows this kind of widget without needing an agent; empty: there is none."""
    return next((kind.name for kind in ACTIONS if kind.widget == widget and not kind.needs_agent), "")


for _kind in (
    ActionKind(name="show.balloon", widget="balloon", label=_("Show a balloon"), phrase=_("show the balloon “%(engagement)s”")),
    ActionKind(
        name="offer.note", widget="note", label=_("Offer a sticky note"), phrase=_("offer the sticky note “%(engagement)s”")
    ),
    ActionKind(
        name="invite.chat",
        widget="invitation",
        label=_("Invite to a chat"),
        phrase=_("invite to the chat “%(engagement)s”"),
        needs_agent=True,
    ),
    ActionKind(
        name="offer.call",
        widget="call",
        label=_("Offer a call"),
        phrase=_("offer the call “%(engagement)s”"),
        needs_calls=True,
    ),
    ActionKind(
        name="invite.page",
        widget="page",
        label=_("Invite to look at the page together"),
        phrase=_("invite to look at the page together by “%(engagement)s”"),
        needs_agent=True,
        feature="shared_page",
    ),
    ActionKind(
        name="invite.voice",
        widget="voice",
        label=_("Invite to talk in the browser"),
        phrase=_("invite to talk in the browser by “%(engagement)s”"),
        needs_agent=True,
        feature="voices",
    ),
):
    ACTIONS.register(_kind.name, _kind)
