"""How does a talk stand, in words? For either side; the shopper's in the shopper's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from oscar_engage.sharing.models import Ended, LiveSession, LiveState, Starter

_ENDED_FOR_SHOPPER: dict[str, str | Promise] = {
    Ended.SHOPPER: _("You have hung up. Microphone and camera are off."),
    Ended.AGENT: _("Our agent has hung up. Microphone and camera are off."),
    Ended.AGENT_GONE: _("Our agent is gone. Microphone and camera are off; the chat goes on."),
    Ended.SHOPPER_GONE: _("The connection was lost for too long. Microphone and camera are off; the chat goes on."),
    Ended.AGENT_REFUSED: _("Our agent cannot talk just now. The chat goes on."),
    Ended.AGENT_DENIED: _("Our agent has no microphone just now. The chat goes on."),
    Ended.SHOPPER_DENIED: _("Your browser gave us no microphone. The chat goes on."),
    Ended.UNANSWERED: _("Nobody answered. The chat goes on."),
    Ended.UNCONNECTED: _("Your browser and ours found no way to each other. The chat goes on."),
    Ended.TOO_LONG: _("Two hours are over. You can begin again."),
    Ended.PAYMENT: _("Where you pay nothing of ours runs, so you were cut off. You can begin again."),
}
_OVER_FOR_SHOPPER = _("It is over. Microphone and camera are off.")

_ENDED_FOR_AGENT: dict[str, str | Promise] = {
    Ended.REFUSED: _("The shopper does not want to talk. The chat goes on."),
    Ended.UNANSWERED: _("Nobody answered. Ask again if it helps."),
    Ended.SHOPPER: _("The shopper has hung up."),
    Ended.AGENT: _("You have hung up."),
    Ended.SHOPPER_GONE: _("The shopper is gone: the tab was closed, another site opened, or the network lost."),
    Ended.AGENT_GONE: _("Your page said nothing for a while, so the talk was ended."),
    Ended.AGENT_REFUSED: _("You said that you cannot talk now. The chat goes on."),
    Ended.SHOPPER_DENIED: _("The shopper's browser gave no microphone. The chat goes on."),
    Ended.AGENT_DENIED: _("Your browser gave no microphone. Allow it in the address bar, and ask again."),
    Ended.UNCONNECTED: _("The two browsers found no way to each other. Ask your technicians whether the relay (TURN) runs."),
    Ended.TOO_LONG: _("Two hours are over. Ask again if you need to."),
    Ended.PAYMENT: _("The shopper went to pay, where nothing of ours runs. Ask again afterwards."),
    Ended.CONVERSATION: _("The conversation was closed or handed on; its agent can ask anew."),
}


def words_for_shopper(session: LiveSession) -> str:
    """Return the sentence for the shopper; empty while both talk."""
    if session.state == LiveState.ENDED:
        return str(_ENDED_FOR_SHOPPER.get(session.ended, _OVER_FOR_SHOPPER))
    if session.state == LiveState.ASKED and session.starter == Starter.SHOPPER:
        return str(_("We ask our agent …"))
    return ""


def words_for_agent(session: LiveSession) -> str:
    """Return the sentence for the agent; empty while both talk."""
    if session.state == LiveState.ENDED:
        return str(_ENDED_FOR_AGENT.get(session.ended, ""))
    if session.state == LiveState.ASKED and session.starter == Starter.AGENT:
        return str(_("Asked. The shopper reads how it goes, and says yes or no."))
    return ""
