"""What does the transcript say afterwards? Times and outcome, nothing of what was on the page or what was said."""

from collections.abc import Callable

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from oscar_engage.sharing.models import Ended, LiveKind, LiveSession


def say_outcome(session: LiveSession) -> Callable[[], str]:
    """Return what gives the sentence on ``session``, which is over, in the language of the moment."""
    if session.kind == LiveKind.VOICE:
        return _say_talk(session)
    if session.begun_at is None or session.ended_at is None:
        is_refused = session.ended == Ended.REFUSED
        return _say_refused if is_refused else lambda: _("The page was not shared.")
    times = {"begin": f"{localtime(session.begun_at):%H:%M}", "end": f"{localtime(session.ended_at):%H:%M}"}
    return lambda: _("Page shared %(begin)s–%(end)s.") % times  # noqa: RUF001 - a span of time has an en dash


def _say_refused() -> str:
    return _("The page was not shared: the shopper said no.")


def _say_talk(session: LiveSession) -> Callable[[], str]:
    if session.joined_at is None or session.ended_at is None:
        return _UNTALKED.get(session.ended, lambda: _("You did not talk."))
    times = {"begin": f"{localtime(session.joined_at):%H:%M}", "end": f"{localtime(session.ended_at):%H:%M}"}
    return lambda: _("Talked in the browser %(begin)s–%(end)s.") % times  # noqa: RUF001 - the same


_UNTALKED: dict[str, Callable[[], str]] = {
    Ended.REFUSED: lambda: _("You did not talk: the shopper said no."),
    Ended.AGENT_REFUSED: lambda: _("You did not talk: the agent could not just then."),
    Ended.SHOPPER_DENIED: lambda: _("You did not talk: the shopper's browser gave no microphone."),
    Ended.AGENT_DENIED: lambda: _("You did not talk: the agent's browser gave no microphone."),
    Ended.UNCONNECTED: lambda: _("You did not talk: the two browsers found no way to each other."),
}
