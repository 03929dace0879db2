"""How does the trail say it? Words for what was done, for what it was done to, and the areas by which it is narrowed down."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oscar_engage.desk.calls.models import CallOutcome
from oscar_engage.desk.models import Presence
from oscar_engage.learning.registry.models import ModelState

Words = str | Promise

AREAS: Mapping[str, tuple[Words, tuple[str, ...]]] = {
    "offers": (
        _("Rules and what they offer"),
        ("rule", "rule_version", "segment", "engagement", "anchor", "priorities", "survey", "ladder_step"),
    ),
    "talks": (_("Conversations"), ("conversation", "proposal", "search", "report", "visit")),
    "desk": (
        _("Desk"),
        ("agent", "queue", "skill", "topic", "topics", "canned_reply", "mailbox", "policy", "opening_hours"),
    ),
    "people": (_("Roles and personal data"), ("role", "user", "erasure", "export")),
    "shop": (_("Settings, switch, jobs and programs"), ("settings", "switch", "job", "webhook", "key")),
    "learning": (_("Learning and figures"), ("model", "learning", "cost_period", "volumes")),
    "help": (_("Help centre"), ("help_article", "help_topic", "signal")),
}
"""The kinds of objects of each area, in the order of the choice; with them, its words."""

OBJECTS: Mapping[str, Words] = {
    "rule": pgettext_lazy("trail", "Rule"),
    "rule_version": pgettext_lazy("trail", "Rule"),
    "segment": pgettext_lazy("trail", "Segment"),
    "engagement": pgettext_lazy("trail", "Engagement"),
    "anchor": pgettext_lazy("trail", "Place on a page"),
    "priorities": pgettext_lazy("trail", "Priorities"),
    "survey": pgettext_lazy("trail", "Survey"),
    "ladder_step": pgettext_lazy("trail", "Step of the ladder"),
    "conversation": pgettext_lazy("trail", "Conversation"),
    "proposal": pgettext_lazy("trail", "Proposal to a shopper"),
    "search": pgettext_lazy("trail", "Search of transcripts"),
    "report": pgettext_lazy("trail", "Report"),
    "visit": pgettext_lazy("trail", "Visit"),
    "agent": pgettext_lazy("trail", "Agent"),
    "queue": pgettext_lazy("trail", "Queue"),
    "skill": pgettext_lazy("trail", "Skill"),
    "topic": pgettext_lazy("trail", "Topic"),
    "topics": pgettext_lazy("trail", "Usual topics"),
    "canned_reply": pgettext_lazy("trail", "Ready-made reply"),
    "mailbox": pgettext_lazy("trail", "Mailbox"),
    "policy": pgettext_lazy("trail", "Promise"),
    "opening_hours": pgettext_lazy("trail", "Opening hours"),
    "role": pgettext_lazy("trail", "Role"),
    "user": pgettext_lazy("trail", "Person"),
    "erasure": pgettext_lazy("trail", "Erasure"),
    "export": pgettext_lazy("trail", "Export of a person's data"),
    "settings": pgettext_lazy("trail", "Settings"),
    "switch": pgettext_lazy("trail", "Switch"),
    "job": pgettext_lazy("trail", "Job"),
    "webhook": pgettext_lazy("trail", "Webhook"),
    "key": pgettext_lazy("trail", "Key for a program"),
    "model": pgettext_lazy("trail", "Model"),
    "learning": pgettext_lazy("trail", "Learning"),
    "cost_period": pgettext_lazy("trail", "Costs"),
    "volumes": pgettext_lazy("trail", "Counts of contacts from before"),
    "help_article": pgettext_lazy("trail", "Help article"),
    "help_topic": pgettext_lazy("trail", "Topic of the help centre"),
    "signal": pgettext_lazy("trail", "Search in the help"),
}
"""What people call each kind of object that the trail names."""

DEEDS: Mapping[str, Words] = {
    "created": pgettext_lazy("trail", "created"),
    "made": pgettext_lazy("trail", "created"),
    "changed": pgettext_lazy("trail", "changed"),
    "deleted": pgettext_lazy("trail", "deleted"),
    "drafted": pgettext_lazy("trail", "saved as a draft"),
    "published": pgettext_lazy("trail", "published"),
    "unpublished": pgettext_lazy("trail", "taken offline"),
    "rolled_back": pgettext_lazy("trail", "went back to an earlier version"),
    "approval_asked": pgettext_lazy("trail", "approval asked for"),
    "submitted": pgettext_lazy("trail", "approval asked for"),
    "approved": pgettext_lazy("trail", "approved"),
    "sent_back": pgettext_lazy("trail", "sent back to its author"),
    "paused": pgettext_lazy("trail", "paused"),
    "archived": pgettext_lazy("trail", "archived"),
    "taken_back": pgettext_lazy("trail", "taken back as a draft"),
    "imported": pgettext_lazy("trail", "imported"),
    "exported": pgettext_lazy("trail", "handed out"),
    "switched_on": pgettext_lazy("trail", "switched on"),
    "switched_off": pgettext_lazy("trail", "switched off"),
    "on": pgettext_lazy("trail", "switched on"),
    "off": pgettext_lazy("trail", "switched off"),
    "picked": pgettext_lazy("trail", "picked"),
    "begun": pgettext_lazy("trail", "begun"),
    "viewed": pgettext_lazy("trail", "looked at"),
    "watched": pgettext_lazy("trail", "looked on"),
    "whispered": pgettext_lazy("trail", "whispered to the agent"),
    "noted": pgettext_lazy("trail", "internal note written"),
    "taken": pgettext_lazy("trail", "taken"),
    "taken_over": pgettext_lazy("trail", "taken over"),
    "taken_outside": pgettext_lazy("trail", "taken at the outside desk"),
    "handed_on": pgettext_lazy("trail", "handed on"),
    "moved": pgettext_lazy("trail", "moved"),
    "replied": pgettext_lazy("trail", "answered"),
    "closed": pgettext_lazy("trail", "closed"),
    "closed_outside": pgettext_lazy("trail", "closed at the outside desk"),
    "wrapped": pgettext_lazy("trail", "topic and outcome told"),
    "transcript_sent": pgettext_lazy("trail", "transcript sent"),
    "page_viewed": pgettext_lazy("trail", "copy of the page looked at"),
    "file_fetched": pgettext_lazy("trail", "file fetched"),
    "shared_page_asked": pgettext_lazy("trail", "asked to see the page"),
    "shared_page_viewed": pgettext_lazy("trail", "shared page looked at"),
    "shared_page_played": pgettext_lazy("trail", "recording of a shared page played"),
    "shared_page_code": pgettext_lazy("trail", "code for a shared page made"),
    "voice_asked": pgettext_lazy("trail", "talk asked for"),
    "voice_answered": pgettext_lazy("trail", "talk answered"),
    "voice_room": pgettext_lazy("trail", "room for a talk opened"),
    "searched": pgettext_lazy("trail", "searched"),
    "unanswered_read": pgettext_lazy("trail", "questions without an answer read"),
    "place_read": pgettext_lazy("trail", "questions of a place read"),
    "sent_off": pgettext_lazy("trail", "set offline"),
    "proposed": pgettext_lazy("trail", "proposed"),
    "withdrawn": pgettext_lazy("trail", "taken back"),
    "reset_mail": pgettext_lazy("trail", "mail for a new password sent"),
    "agreed": pgettext_lazy("trail", "agreed to by the shopper"),
    "done": pgettext_lazy("trail", "done after the shopper's yes"),
    "refused": pgettext_lazy("trail", "refused by the shopper"),
    "failed": pgettext_lazy("trail", "not possible"),
    "expired": pgettext_lazy("trail", "expired"),
    "kept": pgettext_lazy("trail", "call given to an agent"),
    "cancelled": pgettext_lazy("trail", "call cancelled"),
    "dialled": pgettext_lazy("trail", "number dialled"),
    "calls": pgettext_lazy("trail", "times for calls changed"),
    "asked": pgettext_lazy("trail", "training asked for"),
    "retried": pgettext_lazy("trail", "tried again"),
    "tested": pgettext_lazy("trail", "tested"),
    "secret_seen": pgettext_lazy("trail", "secret looked at"),
    "secret_changed": pgettext_lazy("trail", "secret changed"),
    "revoked": pgettext_lazy("trail", "ended"),
    "erasure_begun": pgettext_lazy("trail", "begun"),
    "erased": pgettext_lazy("trail", "finished"),
    "given": pgettext_lazy("trail", "role given"),
    "withheld": pgettext_lazy("trail", "role taken away"),
}
"""What people call each deed: the part of an action after its dot."""

_BY_ACTION: Mapping[str, Words] = {
    "call.expired": pgettext_lazy("trail", "call expired"),
    "note.deleted": pgettext_lazy("trail", "internal note deleted"),
    "practice.viewed": pgettext_lazy("trail", "results of practice looked at"),
    **{f"agent.{state.value}": state.label for state in Presence},
    **{f"call.{outcome.value}": outcome.label for outcome in CallOutcome},
    **{f"model.{state.value}": state.label for state in ModelState},
}
"""Actions that say something else than the same deed elsewhere."""


def say_deed(action: str) -> str:
    """Return what was done in words; an action of a shop's own is called by its name."""
    words = _BY_ACTION.get(action) or DEEDS.get(action.rpartition(".")[2])
    return str(words) if words else action


def say_object(kind: str) -> str:
    """Return what kind of object it was done to, in words."""
    return str(OBJECTS.get(kind, kind))
