"""What is kept about people whose conversations are at an outside desk? Where they are there; what they said is the desk's."""

from django.utils.translation import gettext_lazy as _

from oscar_engage.desk.personal import find_conversations
from oscar_engage.outside.forget import erase_places
from oscar_engage.outside.models import OutsideConversation, OutsideMessage, OutsideState
from oscar_engage.personal.registry import Retention, impersonal_data, personal_data

impersonal_data(
    OutsideState,
    *("id", "desk", "since", "answered_at", "failing_since", "failures", "rests_until", "recovered_at", "trouble"),
    *("heard_at", "refused_at", "refused"),
    why="how it goes with a system of the shop's",
)
personal_data(
    "outside conversations",
    OutsideConversation,
    label=_("where conversations are at another help desk of the shop's"),
    personal=("conversation", "desk", "outside_id", "contact_id", "key", "person", "created_at"),
    impersonal=(
        *("id", "is_opening", "told_seq", "telling_seq", "told_agent", "told_closed", "is_held", "cursor"),
        *("lease_until", "fetched_at"),
    ),
    find=lambda person: OutsideConversation.objects.filter(conversation__in=find_conversations(person)),
    erase=erase_places,
    is_asked=True,
    retention=Retention(reason="goes once the conversation that is gone here is deleted there, too"),
)
personal_data(
    "outside messages",
    OutsideMessage,
    label=_("which messages there are which of ours"),
    personal=("message", "outside_id"),
    impersonal=("id", "place", "is_theirs"),
    find=lambda person: OutsideMessage.objects.filter(place__conversation__in=find_conversations(person)),
    is_asked=True,
    retention=Retention(reason="goes with the message"),
)
