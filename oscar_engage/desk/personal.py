"""What does the desk know about people? What shoppers asked, with name and address if they gave them; and the agents."""

from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from oscar_engage.desk.acts.models import Proposal
from oscar_engage.desk.carry.models import Attachment, CannedReply
from oscar_engage.desk.dialer.models import DialerState, Hold
from oscar_engage.desk.dialer.purge import erase_holds
from oscar_engage.desk.erase import erase_agents, erase_conversations
from oscar_engage.desk.export import (
    export_attachment,
    export_conversation,
    export_message,
    export_note,
    export_page,
    export_proposal,
)
from oscar_engage.desk.models import Agent, AgentSkill, Conversation, Look, Message, Queue, QueueMember, Skill
from oscar_engage.desk.notes.models import InternalNote
from oscar_engage.desk.oversight.models import Watching
from oscar_engage.desk.pages.models import PageSnapshot
from oscar_engage.desk.promises.models import OpeningHours, Policy
from oscar_engage.desk.ratings.models import Rating, StepRating
from oscar_engage.desk.staffing.models import AgentHour
from oscar_engage.desk.topics.models import Topic
from oscar_engage.personal.person import Person
from oscar_engage.personal.registry import Retention, Rows, impersonal_data, personal_data

_TRANSCRIPTS = Retention(setting="transcript_retention_days", job="desk.purge")


def find_conversations(person: Person) -> Rows:
    """Return what was asked with the person's browsers, account or address; of another's browser nothing but that."""
    own = [
        Q(visitor_id__in=person.visitor_ids),
        Q(customer_id__in=person.customer_ids),
        *(Q(email__iexact=email) for email in person.emails),
    ]
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
        *("languages", "presence_since"),
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
    "agent_queues",
    QueueMember,
    label=_("which queues an agent belongs to"),
    personal=("agent", "queue"),
    impersonal=("id",),
    find=lambda person: QueueMember.objects.filter(agent__user_id__in=person.customer_ids),
    retention=Retention(reason="goes with the agent"),
)
personal_data(
    "agent_hours",
    AgentHour,
    label=_("for how long an agent was there in an hour, and how busy"),
    personal=("agent", "hour", "online", "away", "busy", "used", "room"),
    impersonal=("id",),
    find=lambda person: AgentHour.objects.filter(agent__user_id__in=person.customer_ids),
    retention=Retention(setting="retention_days", job="desk.purge_agent_hours"),
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
impersonal_data(Topic, "id", "slug", "name", "is_active", why="what conversations can be about, without any of them")
impersonal_data(
    *(Queue, "id", "slug", "name", "skill", "paths", "head_start", "is_default", "is_members_only"),
    why="where conversations wait, without any of them",
)
impersonal_data(
    *(CannedReply, "id", "shortcut", "title", "texts", "queue"),
    why="what supervisors wrote for agents, without what is filled in",
)
personal_data(
    "conversations",
    Conversation,
    label=_("notes and chats"),
    personal=(
        *("public_id", "reference", "visitor_id", "customer", "visit_id", "decision_id", "name", "email", "language"),
        *("page_path", "page_title", "anchor", "anchor_object", "anchor_path", "anchor_label", "created_at"),
        "spoken_at",
        *("topic", "outcome", "wrap_note", "shopper_writes_until"),
    ),
    impersonal=(
        *("id", "kind", "status", "agent", "due_at", "first_reply_at", "closed_at"),
        *("policy", "resolve_by", "paused_at", "watch_at", "warned_at", "breached_at", "escalated_at"),
        *("solution_warned_at", "solution_breached_at"),
        *("queue", "weight", "taken_at", "wrapped_at", "agent_writes_until", "owed_since"),
        *("live_id", "voice_id", "last_seq", "shopper_read_seq", "shopper_put_away_seq", "agent_read_seq"),
    ),
    find=find_conversations,
    erase=erase_conversations,
    export=export_conversation,
    is_asked=True,
    retention=_TRANSCRIPTS,
)
personal_data(
    "messages",
    Message,
    label=_("messages"),
    personal=("conversation", "role", "body", "card", "at"),
    impersonal=("id", "seq", "client_id", "agent", "files"),
    find=lambda person: Message.objects.filter(conversation__in=find_conversations(person)),
    export=export_message,
    is_asked=True,
    retention=_TRANSCRIPTS,
)
personal_data(
    "looks",
    Look,
    label=_("which conversations an agent had open last, and when"),
    personal=("agent", "conversation", "at", "writes_until"),
    impersonal=("id",),
    find=lambda person: Look.objects.filter(agent__user_id__in=person.customer_ids),
    retention=Retention(reason="a sweep removes it an hour after the page was closed; it goes with agent and conversation"),
)
personal_data(
    "ratings",
    Rating,
    label=_("how helpful conversations were"),
    personal=("conversation", "score", "comment", "at"),
    impersonal=("id", "agent"),
    find=lambda person: Rating.objects.filter(conversation__in=find_conversations(person)),
    is_asked=True,
    retention=_TRANSCRIPTS,
)
personal_data(
    "step_ratings",
    StepRating,
    label=_("whether articles, automatic answers and calls helped"),
    personal=("step", "subject", "visitor_id", "helped", "at"),
    impersonal=("id",),
    find=lambda person: StepRating.objects.filter(visitor_id__in=person.visitor_ids),
    is_asked=True,
    retention=Retention(setting="transcript_retention_days", job="desk.purge_step_ratings"),
)
personal_data(
    "internal_notes",
    InternalNote,
    label=_("what agents noted about a conversation, among themselves"),
    personal=("conversation", "kind", "body", "at"),
    impersonal=("id", "author", "addressee"),
    find=lambda person: InternalNote.objects.filter(conversation__in=find_conversations(person)),
    export=export_note,
    is_asked=True,
    retention=_TRANSCRIPTS,
)
personal_data(
    "watchings",
    Watching,
    label=_("which chats of colleagues a member of staff looked on at"),
    personal=("conversation", "watcher", "since", "until"),
    impersonal=("id",),
    find=lambda person: Watching.objects.filter(watcher__user_id__in=person.customer_ids),
    retention=Retention(reason="goes with the conversation"),
)
personal_data(
    "proposals",
    Proposal,
    label=_("what agents proposed to do for the shopper, and the shopper's answers"),
    personal=("public_id", "conversation", "message", "outcome", "act", "params", "state", "reason", "digest", "settled_at"),
    impersonal=("id", "agent", "client_id", "created_at", "expires_at"),
    find=lambda person: Proposal.objects.filter(conversation__in=find_conversations(person)),
    export=export_proposal,
    is_asked=True,
    retention=_TRANSCRIPTS,
)
personal_data(
    "page_snapshots",
    PageSnapshot,
    label=_("masked copies of the pages on which notes were written"),
    personal=("conversation", "html", "pin", "width", "height", "scroll_x", "scroll_y", "at"),
    impersonal=("id", "styles", "size"),
    find=lambda person: PageSnapshot.objects.filter(conversation__in=find_conversations(person)),
    export=export_page,
    is_asked=True,
    retention=Retention(setting="snapshot_retention_days", job="desk.purge_pages"),
)
personal_data(
    "attachments",
    Attachment,
    label=_("files of messages"),
    personal=("public_id", "message", "name", "path"),
    impersonal=("id", "kind", "size"),
    find=lambda person: Attachment.objects.filter(message__conversation__in=find_conversations(person)),
    export=export_attachment,
    is_asked=True,
    retention=_TRANSCRIPTS,
)
