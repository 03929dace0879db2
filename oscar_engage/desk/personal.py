"""What does the desk know about people? What shoppers asked, with name and address if they gave them; and the agents."""

from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from oscar_engage.desk.dialer.models import DialerState, Hold
from oscar_engage.desk.dialer.purge import erase_holds
from oscar_engage.desk.erase import erase_agents, erase_conversations
from oscar_engage.desk.export import export_conversation, export_message
from oscar_engage.desk.models import Agent, AgentSkill, Conversation, Message, Queue, Skill
from oscar_engage.desk.promises.models import OpeningHours, Policy
from oscar_engage.personal.person import Person
from oscar_engage.personal.registry import Retention, Rows, impersonal_data, personal_data

_TRANSCRIPTS = Retention(setting="transcript_retention_days", job="desk.purge")


def _find_conversations(person: Person) -> Rows:
    """Return what was asked with the person's browsers or under their address; of another's browser nothing but that."""
    own = [Q(visitor_id__in=person.visitor_ids), *(Q(email__iexact=email) for email in person.emails)]
    return Conversation.objects.filter(reduce(or_, own))


impersonal_data(
    OpeningHours,
    *("id", "name", "time_zone", "weekly", "holidays", "special_days"),
    why="when the shop's desk is open",
)
impersonal_data(
    Policy,
    *("id", "name", "priority", "document", "first_minutes", "resolve_minutes", "opening_hours", "is_active"),
    why="what supervisors promise all shoppers alike",
)
personal_data(
    "agents",
    Agent,
    label=_("an agent's name and presence, as a member of staff"),
    personal=(
        *("user", "display_name", "presence", "away_reason", "lease_until", "online_since", "free_since", "active_at"),
        "languages",
    ),
    impersonal=("id", "capacity", "used_tenths"),
    find=lambda person: Agent.objects.filter(user_id__in=person.customer_ids),
    erase=erase_agents,
    retention=Retention(reason="as long as the shop employs the agent; erase it like any other person"),
)
personal_data(
    "agent_skills",
    AgentSkill,
    label=_("what an agent can answer, and how well"),
    personal=("agent", "skill", "level"),
    impersonal=("id",),
    find=lambda person: AgentSkill.objects.filter(agent__user_id__in=person.customer_ids),
    retention=Retention(reason="goes with the agent"),
)
personal_data(
    "holds",
    Hold,
    label=_("invitations to a chat, and what became of them"),
    personal=(
        "visitor_id",
        "decision_id",
        "language",
        "offered_at",
        "accepted_at",
        "asked_at",
        "seated_at",
        "ended_at",
        "ended_as",
    ),
    impersonal=("id", "agent", "queue", "skill", "until", "lease_until"),
    find=lambda person: Hold.objects.filter(visitor_id__in=person.visitor_ids),
    erase=erase_holds,
    retention=Retention(setting="retention_days", job="desk.purge_holds"),
)
impersonal_data(
    DialerState,
    *("id", "offers", "answers", "accepted", "seated", "late", "acceptance", "answer", "lead", "talk", "spread", "measured_at"),
    why="counts of all invitations together",
)
impersonal_data(Skill, "id", "slug", "name", why="what can be answered, without anybody who can")
impersonal_data(
    *(Queue, "id", "slug", "name", "skill", "paths", "head_start", "is_default"),
    why="where conversations wait, without any of them",
)
personal_data(
    "conversations",
    Conversation,
    label=_("notes and chats"),
    personal=(
        *("public_id", "reference", "visitor_id", "visit_id", "decision_id", "name", "email", "language"),
        *("page_path", "page_title", "anchor", "anchor_path", "anchor_label", "created_at", "spoken_at"),
    ),
    impersonal=(
        *("id", "kind", "status", "agent", "due_at", "first_reply_at", "closed_at"),
        *("policy", "resolve_by", "paused_at", "watch_at", "warned_at", "breached_at", "escalated_at"),
        *("solution_warned_at", "solution_breached_at"),
        *("queue", "weight"),
        *("last_seq", "shopper_read_seq", "agent_read_seq"),
    ),
    find=_find_conversations,
    erase=erase_conversations,
    export=export_conversation,
    is_asked=True,
    retention=_TRANSCRIPTS,
)
personal_data(
    "messages",
    Message,
    label=_("messages"),
    personal=("conversation", "role", "body", "at"),
    impersonal=("id", "seq", "client_id", "agent"),
    find=lambda person: Message.objects.filter(conversation__in=_find_conversations(person)),
    export=export_message,
    is_asked=True,
    retention=_TRANSCRIPTS,
)
