"""Did the shopper not get what an agent there wrote? Then a note there says so, once for each message."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from oscar_engage.jobs.registry import in_two_steps
from oscar_engage.outside.adapter import get_desk
from oscar_engage.outside.carry import place_to_port
from oscar_engage.outside.models import OutsideConversation
from oscar_engage.outside.plan import TELL
from oscar_engage.outside.port import GoneError, Words
from oscar_engage.outside.state import watched

WORDS: Mapping[str, Callable[[], str]] = {
    "closed": lambda: _("The shopper did not get your last message: this conversation is closed in the shop."),
    "empty": lambda: _("The shopper did not get your last message: there was no text in it that can be shown."),
    "nobody": lambda: _("The shopper did not get your last message: the shop has no agent with your address, and no other."),
}
"""What is said, by what became of the message."""


def _write(payload: Mapping[str, Any], *, now: datetime) -> None:
    desk = get_desk()
    place = OutsideConversation.objects.filter(pk=payload["place"], desk=desk.name if desk else "").first()
    if desk is None or place is None or payload["what"] not in WORDS:
        return
    with translation.override(settings.LANGUAGE_CODE):
        text = WORDS[payload["what"]]()
    key = f"{place.pk}:{payload['what']}:{payload['about']}"
    try:
        with watched(desk, now=now):
            desk.say(place_to_port(place), Words(key=key, author="note", text=text), is_repeat=True)
    except GoneError:
        return


def _done(read: None, *, now: datetime) -> None:
    """Do nothing: the note is there."""


in_two_steps(TELL, read=_write, write=_done)
