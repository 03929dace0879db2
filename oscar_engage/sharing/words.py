"""How does it stand, in words? For either side; the shopper's in the shopper's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oscar_engage.sharing.models import Ended, LiveSession, LiveState, Pause

_ENDED_FOR_SHOPPER: dict[str, str | Promise] = {
    Ended.SHOPPER: _("You have stopped. Nobody sees your page any more."),
    Ended.AGENT: _("Our agent has stopped. Nobody sees your page any more."),
    Ended.AGENT_GONE: _("Our agent is gone. Nobody sees your page any more."),
    Ended.UNSEEN: _("No agent looked. Nobody sees your page."),
    Ended.TOO_LONG: _("An hour is over. Nobody sees your page any more; you can share it again."),
    Ended.TOO_MUCH: _("This page changes too much to be shared. Nobody sees it any more."),
}
_OVER_FOR_SHOPPER = _("Nobody sees your page any more.")

_ENDED_FOR_AGENT: dict[str, str | Promise] = {
    Ended.REFUSED: _("The shopper does not want to share the page."),
    Ended.UNANSWERED: _("The shopper has not answered. Ask again if it helps."),
    Ended.SHOPPER: _("The shopper has stopped."),
    Ended.AGENT: _("You have stopped."),
    Ended.SHOPPER_GONE: _("The shopper is gone: the tab was closed, another site opened, or the network lost."),
    Ended.AGENT_GONE: _("Your page said nothing for a while, so sharing was ended."),
    Ended.UNSEEN: _("Nobody looked, so sharing was ended."),
    Ended.TOO_LONG: _("An hour is over. Ask again if you need to see more."),
    Ended.TOO_MUCH: _("This page changes too much to be shared."),
    Ended.CONVERSATION: _("The conversation was closed or handed on; its agent can ask anew."),
}

_PAUSED_FOR_SHOPPER: dict[str, str | Promise] = {
    Pause.PRIVATE: _("This page is private: nobody sees it."),
    Pause.PAYMENT: _("Where you pay, nobody sees your page."),
    Pause.HIDDEN: pgettext_lazy("shared page", "Paused while you are in another tab."),
}
_PAUSED_FOR_AGENT: dict[str, str | Promise] = {
    Pause.PRIVATE: _("Paused: the shopper is on a private page, of which nothing is shown."),
    Pause.PAYMENT: _("Paused: the shopper is on a page on which one pays; nothing of ours runs there."),
    Pause.HIDDEN: _("Paused: the shopper looks at another tab."),
}


def words_for_shopper(session: LiveSession) -> str:
    """Return the sentence for the shopper; empty while the page is seen."""
    if session.state == LiveState.ENDED:
        return str(_ENDED_FOR_SHOPPER.get(session.ended, _OVER_FOR_SHOPPER))
    return str(_PAUSED_FOR_SHOPPER.get(session.pause, ""))


def words_for_agent(session: LiveSession) -> str:
    """Return the sentence for who looks; empty while the page is shown."""
    if session.state == LiveState.ENDED:
        return str(_ENDED_FOR_AGENT.get(session.ended, ""))
    if session.state == LiveState.ASKED:
        return str(_("Asked. The shopper reads what you would see, and says yes or no."))
    return str(_PAUSED_FOR_AGENT.get(session.pause, ""))
