"""What is kept about shared pages? That there was one, when and with whom; what was on it only where the shopper agreed."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from oscar_engage.desk.personal import find_conversations
from oscar_engage.personal.registry import Retention, personal_data
from oscar_engage.sharing.bodies import unpack
from oscar_engage.sharing.models import LiveCode, LiveMessage, LiveSession


def export_message(message: LiveMessage) -> Mapping[str, Any]:
    """Return what was sent as the JSON text that it is."""
    return {
        "id": message.pk,
        "session_id": message.session_id,
        "side": message.side,
        "seq": message.seq,
        "at": message.at,
        "body": unpack(message.body).decode() if message.body else "",
    }


personal_data(
    "shared_pages",
    LiveSession,
    label=_("when a page was shared with an agent, or both talked in the browser"),
    personal=(
        *("public_id", "conversation", "starter", "state", "pause", "ended", "asked_at", "begun_at", "ended_at"),
        *("shopper_at", "agent_at", "keeps", "kind", "joined_at"),
    ),
    impersonal=(
        *("id", "agent", "page", "agent_page", "shopper_seq", "agent_seq", "snapshot_seq", "held", "lookers"),
        *("generation", "shopper_media", "agent_media"),
    ),
    find=lambda person: LiveSession.objects.filter(conversation__in=find_conversations(person)),
    is_asked=True,
    retention=Retention(setting="transcript_retention_days", job="desk.purge"),
)
personal_data(
    "shared_page_recordings",
    LiveMessage,
    label=_("masked recordings of shared pages"),
    personal=("session", "side", "seq", "body", "at"),
    impersonal=("id",),
    find=lambda person: LiveMessage.objects.filter(session__conversation__in=find_conversations(person)),
    export=export_message,
    is_asked=True,
    retention=Retention(setting="shared_page_days", job="sharing.purge"),
)
personal_data(
    "shared_page_codes",
    LiveCode,
    label=_("a code that an agent read out on the telephone, as a digest"),
    personal=("agent", "until"),
    impersonal=("id", "digest"),
    find=lambda person: LiveCode.objects.filter(agent__user_id__in=person.customer_ids),
    retention=Retention(reason="five minutes, then a sweep removes it"),
)
