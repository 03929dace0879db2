"""What does a shopper who left an address read of their call? Receipt, reminder, whether it is meant, its end."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from oscar_engage.desk.calls.link import CONFIRM_WITHIN, cancel_url, confirm_url
from oscar_engage.desk.calls.models import ACCEPTED, CallState, PhoneCall
from oscar_engage.desk.calls.number import masked
from oscar_engage.desk.calls.words import say_when, zone_of
from oscar_engage.desk.link import shop_address
from oscar_engage.desk.mail import enqueue_to
from oscar_engage.desk.mailbox.outgoing import build_mail, host_of_shop
from oscar_engage.jobs.outbox import enqueue
from oscar_engage.jobs.registry import handler

KIND = "desk.calls.mail"
REMIND_KIND = "desk.calls.remind"

REMIND_BEFORE = timedelta(hours=1)
"""How long before its slot a shopper is reminded; of a slot that is asked for later than that, not at all."""


class About(StrEnum):
    """What a mail is about."""

    RECEIPT = "receipt"
    CONFIRM = "confirm"
    REMINDER = "reminder"
    AGAIN = "again"
    MISSED = "missed"
    WRONG = "wrong"
    CANCELLED = "cancelled"


_HOLDS: Mapping[About, tuple[CallState, ...]] = {
    About.RECEIPT: ACCEPTED,
    About.CONFIRM: (CallState.UNCONFIRMED,),
    About.REMINDER: (CallState.PLANNED,),
    About.AGAIN: ACCEPTED,
    About.MISSED: (CallState.MISSED,),
    About.WRONG: (CallState.WRONG,),
    About.CANCELLED: (CallState.CANCELLED,),
}
"""In which states a mail still says what is so; in others it is not sent."""


def enqueue_mail(call: PhoneCall, about: About, *, now: datetime) -> None:
    """Have the shopper told, if they left an address, once for each time of the call; in the transaction that changes it."""
    conversation = call.conversation
    if conversation.email:
        key = f"call:{call.pk}:{about}:{call.call_at:%Y%m%d%H%M%S}"
        enqueue_to(conversation, KIND, key, payload={"call": call.pk, "about": about.value}, now=now)


def enqueue_reminder(call: PhoneCall, *, now: datetime) -> None:
    """Have the shopper reminded of the slot before it begins; one slot of a call is reminded of once, ever."""
    if call.starts_at is None or call.starts_at - REMIND_BEFORE <= now or not call.conversation.email:
        return
    when = call.starts_at - REMIND_BEFORE
    key = f"{REMIND_KIND}:{call.pk}:{call.starts_at:%Y%m%d%H%M}"
    payload = {"call": call.pk, "starts_at": call.starts_at.isoformat()}
    enqueue(REMIND_KIND, key=key, payload=payload, now=now, run_at=when)


@handler(REMIND_KIND)
def remind(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Remind of the slot, if the call still has it and it has not begun: a reminder that comes late is none."""
    call = PhoneCall.objects.select_related("conversation").filter(pk=payload["call"], state=CallState.PLANNED).first()
    is_same = call is not None and call.starts_at is not None and call.starts_at.isoformat() == payload["starts_at"]
    if call is not None and is_same and call.starts_at is not None and now < call.starts_at:
        enqueue_mail(call, About.REMINDER, now=now)


@handler(KIND)
def send_mail(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Send one mail; nothing when the call is gone, or is no longer what the mail would say."""
    about = About(payload["about"])
    call = PhoneCall.objects.select_related("conversation").filter(pk=payload["call"]).first()
    if call is None or not call.conversation.email or call.state not in _HOLDS[about]:
        return
    conversation = call.conversation
    with translation.override(conversation.language or translation.get_language()):
        zone = zone_of(call)
        context = {
            "about": about.value,
            "conversation": conversation,
            "when": say_when(call, zone=zone),
            "zone": zone.key,
            "number": masked(call.number),
            "shop": host_of_shop(),
            "address": shop_address(),
            "cancel_url": cancel_url(call),
            "confirm_url": confirm_url(call) if about is About.CONFIRM else "",
            "minutes": int(CONFIRM_WITHIN.total_seconds() // 60),
        }
        build_mail(
            conversation,
            None,
            subject=_subject(about, conversation.reference),
            body=render_to_string("oscar_engage/mail/call.txt", context),
            message_id=f"engage-call-{call.pk}-{about}-{call.call_at:%Y%m%d%H%M%S}",
        ).send()


def _subject(about: About, reference: str) -> str:
    subjects = {
        About.RECEIPT: _("We call you: %(reference)s"),
        About.CONFIRM: _("Please confirm that we shall call: %(reference)s"),
        About.REMINDER: _("We call you soon: %(reference)s"),
        About.AGAIN: _("We call you again: %(reference)s"),
        About.MISSED: _("We could not reach you: %(reference)s"),
        About.WRONG: _("We could not reach you: %(reference)s"),
        About.CANCELLED: _("The call is called off: %(reference)s"),
    }
    return subjects[about] % {"reference": reference}
