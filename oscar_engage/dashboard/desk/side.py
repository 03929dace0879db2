"""What stands beside a transcript for staff alone: internal notes, whispers, who looks on, how to hand it on."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.functional import cached_property

from oscar_engage.dashboard.desk.targets import Targets, read_targets
from oscar_engage.dashboard.desk.undo import undo_handed, undo_moved
from oscar_engage.desk.access import SUPERVISE_PERMISSION
from oscar_engage.desk.models import LIVE, Agent, Conversation, ConversationStatus
from oscar_engage.desk.notes.read import latest_note, notes_after, unanswered_whispers
from oscar_engage.desk.oversight.watch import note_watching, watchers_of
from oscar_engage.desk.text import LONGEST_MESSAGE
from oscar_engage.desk.transfer.claim import where_is
from oscar_engage.desk.transfer.whereabouts import Whereabouts, read_whereabouts

LONGEST_REASON = 500
"""Characters in the reason of a handing on, at most."""


class NoteForm(forms.Form):
    """A note or a whisper."""

    note = forms.CharField(max_length=LONGEST_MESSAGE, strip=True)


class SeenForm(forms.Form):
    """Where a conversation was for whoever presses the button."""

    seen = forms.CharField(max_length=60)

    def clean_seen(self) -> Whereabouts:
        """Return what was seen; a made-up text is an error."""
        seen = read_whereabouts(self.cleaned_data["seen"])
        if seen is None:
            raise forms.ValidationError("unknown")
        return seen


class TransferForm(SeenForm):
    """To whom a conversation goes, and why."""

    to = forms.CharField(max_length=40)
    reason = forms.CharField(max_length=LONGEST_REASON)


def has_another(conversation: Conversation, agent: Agent) -> bool:
    """Whether a colleague of ``agent`` has it."""
    return conversation.status != ConversationStatus.CLOSED and conversation.agent_id not in {None, agent.pk}


def name_watched(watchers: Iterable[Agent]) -> str:
    """Return who looks on as a text that is compared only."""
    return ",".join(str(watcher.pk) for watcher in watchers)


class Side:
    """What a conversation's page shows of all this, read when the template asks for it."""

    def __init__(
        self, request: HttpRequest, conversation: Conversation, agent: Agent, *, now: datetime, after: int = 0
    ) -> None:
        """Note that ``agent`` looks at ``conversation``, if it is a colleague's chat that goes on."""
        self._request, self._conversation, self._agent, self._now, self._after = request, conversation, agent, now, after
        self.is_supervisor = request.user.has_perm(SUPERVISE_PERMISSION)
        self.is_watching = note_watching(conversation, agent, user=request.user, now=now)

    @cached_property
    def notes(self) -> list[Any]:
        """The notes after the number that the page knows, as far as this agent may read them."""
        found = notes_after(self._conversation, self._after, reader=self._agent, is_supervisor=self.is_supervisor)
        return list(found)

    @property
    def after(self) -> int:
        """The number of the last note that the page knows then."""
        return max(self._after, latest_note(self.notes))

    @cached_property
    def whispers(self) -> list[Any]:
        """What was whispered to this agent, of :attr:`notes` since the last answer in the chat."""
        pk = self._conversation.pk
        return list(unanswered_whispers(self._agent.pk, {pk: self.notes}).get(pk, ()))

    @cached_property
    def watchers(self) -> list[Agent]:
        """Who looks on."""
        return watchers_of(self._conversation, now=self._now)

    @property
    def watched(self) -> str:
        """Who looks on, as the page sends it back to hear of changes."""
        return name_watched(self.watchers)

    @property
    def seen(self) -> Whereabouts:
        """Where the conversation is."""
        return where_is(self._conversation)

    @property
    def has_another(self) -> bool:
        """Whether a colleague has it."""
        return has_another(self._conversation, self._agent)

    @property
    def can_step_in(self) -> bool:
        """Whether this agent may whisper and take over."""
        return self.is_supervisor and self.has_another

    @property
    def can_hand_on(self) -> bool:
        """Whether this agent may give it to somebody else: one's own, and a supervisor any that somebody has."""
        is_open = self._conversation.status != ConversationStatus.CLOSED
        return is_open and (self._conversation.agent_id == self._agent.pk or self.can_step_in)

    @cached_property
    def targets(self) -> Targets:
        """To whom it can be given."""
        needs_room = self._conversation.kind in LIVE
        return read_targets(
            now=self._now, but=self._conversation.agent_id, needs_room=needs_room, conversation=self._conversation
        )

    @property
    def undo_move(self) -> dict[str, str] | None:
        """What takes back the move to another queue that the address tells of."""
        return undo_moved(self._request, self._conversation)

    @cached_property
    def undo(self) -> dict[str, str] | None:
        """What takes back the handing on that the address tells of."""
        return undo_handed(self._request, self._conversation, self._agent)
