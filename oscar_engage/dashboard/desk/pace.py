"""How does a conversation stand with its promise, in words? What the desk's lists and a conversation's page show."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from oscar_engage.desk.models import Conversation
from oscar_engage.desk.promises.standing import Pace, Standing, standing_of

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceShown:
    """What a badge shows: its words, the suffix of its CSS class, and the time that it counts to (seconds since 1970)."""

    words: str
    css: str
    until: int | None = None


def show_pace(conversation: Conversation, *, now: datetime) -> PaceShown:
    """Return what to show of ``conversation``; the words say what the colour does."""
    standing = standing_of(conversation, now=now)
    until = int(standing.until.timestamp()) if standing.until else None
    return PaceShown(words=_words(standing, now), css=standing.pace.value, until=until)


def _words(standing: Standing, now: datetime) -> str:
    if standing.until is None:
        return _("paused: waits for the customer") if standing.pace is Pace.PAUSED else _("answered")
    first, last = sorted((now, standing.until))
    words = {"time": timesince(first, last) if last - first >= _MINUTE else _("less than a minute")}
    return _sentence(standing) % words


def _sentence(standing: Standing) -> str:
    if standing.is_answer:
        if standing.pace is Pace.LATE:
            return _("answer late by %(time)s")
        return _("answer soon due: %(time)s left") if standing.pace is Pace.SOON else _("answer in time: %(time)s left")
    if standing.pace is Pace.LATE:
        return _("solution late by %(time)s")
    return _("solution soon due: %(time)s left") if standing.pace is Pace.SOON else _("solution in time: %(time)s left")
