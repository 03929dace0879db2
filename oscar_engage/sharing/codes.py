"""How does somebody on the telephone join? By six digits that the agent reads out: good once, for five minutes."""

import secrets
import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from oscar_engage.conf import get_settings
from oscar_engage.desk.models import Agent, Conversation, ConversationKind, ConversationStatus
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.place import Place
from oscar_engage.desk.post import lock_conversation, say
from oscar_engage.desk.take import close
from oscar_engage.sharing.models import LiveCode

LASTS = timedelta(minutes=5)
DIGITS = 6


class NoSuchCodeError(ValueError):
    """A code that was not given, was used, or is too old."""


def make_code(agent: Agent, *, now: datetime) -> str:
    """Return a new code of ``agent``; the one before counts no more."""
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    with transaction.atomic(using=get_settings().database):
        LiveCode.objects.filter(agent=agent).delete()
        LiveCode.objects.filter(until__lte=now).delete()
        LiveCode.objects.update_or_create(digest=_digest(code), defaults={"agent": agent, "until": now + LASTS})
    return code


def clean_code(text: str) -> str:
    """Return the digits of what somebody typed, who may have put spaces or dashes between them."""
    return "".join(sign for sign in text[:40] if sign.isascii() and sign.isdigit())


def is_given(code: str, *, now: datetime) -> bool:
    """Whether ``code`` would be good now; it stays good."""
    return LiveCode.objects.filter(digest=_digest(clean_code(code)), until__gt=now).exists()


def use_code(
    code: str, *, visitor_id: uuid.UUID, language: str, place: Place, customer_id: int | None, now: datetime
) -> Conversation:
    """Use ``code`` up and return the chat of the visitor with the agent who gave it.

    The agent talks to this shopper already, so the chat takes none of their slots. Raises :class:`NoSuchCodeError`; what
    ``open_conversation`` raises leaves the code unused.
    """
    with transaction.atomic(using=get_settings().database):
        given = LiveCode.objects.filter(digest=_digest(clean_code(code)), until__gt=now)
        found = given.select_related("agent").select_for_update(of=("self",)).first()
        if found is None or not given.delete()[0]:
            raise NoSuchCodeError
        agent = found.agent
        own = Conversation.objects.filter(visitor_id=visitor_id, kind=ConversationKind.CHAT)
        going_on = own.filter(agent=agent, status=ConversationStatus.OPEN).first()
        if going_on is not None:
            return going_on
        for other in own.exclude(status=ConversationStatus.CLOSED):
            close(other, now=now)
        words = _("I am on the telephone with you and would like to show you my page.")
        begun = open_conversation(
            ConversationKind.CHAT,
            visitor_id=visitor_id,
            body=words,
            now=now,
            place=place,
            language=language,
            customer_id=customer_id,
        )
        return _seat(begun, agent, now=now)


def _seat(conversation: Conversation, agent: Agent, *, now: datetime) -> Conversation:
    locked = lock_conversation(conversation)
    Conversation.objects.filter(pk=locked.pk).update(agent=agent, status=ConversationStatus.OPEN, weight=0, taken_at=now)
    locked.refresh_from_db()
    say(locked, lambda: _("%(agent)s is here.") % {"agent": agent.display_name}, now=now)
    return locked


def _digest(code: str) -> str:
    return salted_hmac("oscar_engage.live.code", code, algorithm="sha256").hexdigest()
