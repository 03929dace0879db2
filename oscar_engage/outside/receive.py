"""The outside desk tells us something: is it from there, and what becomes of it? An answer is posted, all else is asked about.

The answer is posted at once, so that the shopper has it in seconds, worker or none. Whether a request came twice does not
matter: a message is known by its id there, and a question how it stands may be asked twice.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from oscar_engage.desk.models import Conversation
from oscar_engage.outside.agents import NobodyHereError
from oscar_engage.outside.fetch import tell_if_lost
from oscar_engage.outside.models import OutsideConversation
from oscar_engage.outside.plan import plan_fetch, plan_tell
from oscar_engage.outside.port import ForeignError, Heard, OutsideDesk
from oscar_engage.outside.state import note_heard, note_refused
from oscar_engage.outside.take_in import take_in_said


def receive(desk: OutsideDesk, headers: Mapping[str, str], body: bytes, *, now: datetime) -> int:
    """Do what a request says, and return of how many of our conversations it told.

    Raises ``ForeignError`` or ``UnreadableError``; after an error of the database it may be brought again.
    """
    try:
        told = desk.hear(headers, body, now=now)
    except ForeignError:
        note_refused(desk, now=now)
        raise
    note_heard(desk, now=now)
    digest = hashlib.sha256(body).hexdigest()
    return sum(_take(desk, heard, digest, now) for heard in told)


def _take(desk: OutsideDesk, heard: Heard, digest: str, now: datetime) -> bool:
    place = _find(desk, heard)
    if place is None:
        return False
    if heard.said is not None:
        try:
            taken = take_in_said(place, heard.said, now=now)
        except NobodyHereError:
            plan_tell(place, "nobody", heard.said.id, now=now)
        else:
            tell_if_lost(place, heard.said.id, taken, now=now)
    if heard.is_changed:
        plan_fetch(place, f"heard {now:%Y%m%d%H%M} {digest}", now=now)
    return True


def _find(desk: OutsideDesk, heard: Heard) -> OutsideConversation | None:
    """Return the row of the conversation; by our own key, where it was opened there and a worker died before it said so."""
    own = OutsideConversation.objects.filter(desk=desk.name, conversation__isnull=False)
    found = own.filter(outside_id=heard.conversation).first()
    if found is None and heard.key:
        named = Conversation.objects.filter(public_id=heard.key)
        found = own.filter(outside_id="", conversation__in=named).first()
    return found
