"""What do calls keep about people? A number, when it was to be called, and what became of each try."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from oscar_engage.desk.calls.models import CallTerms, CallTry, PhoneCall
from oscar_engage.desk.export import name_of_agent
from oscar_engage.desk.personal import find_conversations
from oscar_engage.personal.registry import Retention, export_fields, impersonal_data, personal_data

_TRANSCRIPTS = Retention(setting="transcript_retention_days", job="desk.purge")
_CALL = export_fields(
    *("id", "conversation_id", "number", "state", "starts_at", "ends_at", "call_at", "opened_at", "asked_at"),
)
_TRY = export_fields("id", "call_id", "begun_at", "settled_at", "outcome")


def export_try(one: CallTry) -> Mapping[str, Any]:
    """Return the try; by default not who called."""
    return {**_TRY(one), "agent": name_of_agent(one.agent)}


impersonal_data(
    CallTerms,
    *("id", "queue", "is_active", "opening_hours", "skill", "slot_minutes", "per_slot", "days_ahead", "retry_minutes"),
    why="how a queue takes calls, without any of them",
)
personal_data(
    "phone_calls",
    PhoneCall,
    label=_("telephone numbers that were left for a call, and when it was to be"),
    personal=("conversation", "number", "digest", "state", "starts_at", "ends_at", "call_at", "opened_at", "asked_at"),
    impersonal=("id", "queue", "seat", "kept_for"),
    find=lambda person: PhoneCall.objects.filter(conversation__in=find_conversations(person)),
    export=export_fields(
        "id", "conversation_id", "number", "state", "starts_at", "ends_at", "call_at", "opened_at", "asked_at"
    ),
    is_asked=True,
    retention=_TRANSCRIPTS,
)
personal_data(
    "call_tries",
    CallTry,
    label=_("when a shopper was called, and whether somebody answered"),
    personal=("call", "begun_at", "settled_at", "outcome"),
    impersonal=("id", "agent", "trouble"),
    find=lambda person: CallTry.objects.filter(call__conversation__in=find_conversations(person)),
    export=export_try,
    is_asked=True,
    retention=_TRANSCRIPTS,
)
