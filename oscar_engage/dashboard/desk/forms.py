"""What may an agent send us?"""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oscar_engage.dashboard.desk.carry_forms import CarryForm
from oscar_engage.desk.models import AwayReason, Conversation, Presence, Queue, WrapOutcome
from oscar_engage.desk.queues import QueueBook
from oscar_engage.desk.topics.models import Topic
from oscar_engage.desk.topics.wrap import LONGEST_NOTE, Wrap
from oscar_engage.storefront.forms import MessageText

HEARTBEAT = "heartbeat"

PAUSES = [(reason.value, reason.label) for reason in AwayReason if reason is not AwayReason.INACTIVE]
"""Why an agent may be away, by the agent's own choice."""


class ReplyForm(CarryForm):
    """An answer; ``client_id`` is made with the form, so that sending it twice does no harm."""

    body = MessageText(
        label=_("Your answer"),
        required=False,  # a card or a file may be all of it
        widget=forms.Textarea(attrs={"rows": 4, "class": "form-control", "autocomplete": "off"}),
    )
    is_question = forms.BooleanField(
        label=_("I have asked something: the clock stands still until the customer writes"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    after = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    anyway = forms.BooleanField(required=False)
    is_overtaken = False
    """Whether a colleague has answered meanwhile: then it takes a word more to send."""

    def get_seen(self) -> int | None:
        """Return up to which message the agent has read; ``None`` if that does not matter to them, or nobody knows."""
        cleaned: dict[str, Any] = self.cleaned_data
        known = [number for number in (cleaned["after"], cleaned["seen"]) if number is not None]
        return max(known) if known and not cleaned["anyway"] else None


class WrapForm(forms.Form):
    """What it was about. The topic has to be said where the shop has topics; the rest is as the agent likes."""

    topic = forms.ModelChoiceField(
        Topic.objects.none(),
        label=_("Topic"),
        empty_label=_("Choose a topic"),
        widget=forms.Select(attrs={"class": "form-control form-control-sm"}),
    )
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[("", _("not said")), *WrapOutcome.choices],
        required=False,
        widget=forms.Select(attrs={"class": "form-control form-control-sm"}),
    )
    note = forms.CharField(
        label=_("Note for colleagues"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control form-control-sm"}),
    )

    def __init__(self, *args: Any, topics: Sequence[Topic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not topics:
            del self.fields["topic"]
            return
        field = self.fields["topic"]
        field.queryset = Topic.objects.filter(is_active=True)  # type: ignore[attr-defined]  # a ModelChoiceField
        field.choices = [("", _("Choose a topic")), *((topic.pk, topic.name) for topic in topics)]  # type: ignore[attr-defined]  # the same

    def get_wrap(self) -> Wrap:
        """Return what a valid form says."""
        cleaned: dict[str, Any] = self.cleaned_data
        return Wrap(topic=cleaned.get("topic"), outcome=cleaned["outcome"], note=cleaned["note"])


class PresenceForm(forms.Form):
    """A choice of presence with a reason, or the heartbeat of the browser with the presence that its page shows."""

    presence = forms.ChoiceField(choices=[*Presence.choices, (HEARTBEAT, HEARTBEAT)])
    reason = forms.ChoiceField(choices=PAUSES, required=False)
    shown = forms.CharField(required=False, max_length=8)

    def is_heartbeat(self) -> bool:
        """Whether nothing is changed but the lease."""
        cleaned: dict[str, Any] = self.cleaned_data
        return bool(cleaned["presence"] == HEARTBEAT)


class MoveForm(forms.Form):
    """Another queue for a conversation; none is the default one."""

    queue = forms.ModelChoiceField(
        Queue.objects.none(),
        label=_("Queue"),
        required=False,
        empty_label=None,
        widget=forms.Select(attrs={"class": "form-control form-control-sm"}),
    )

    def __init__(self, *args: Any, conversation: Conversation, book: QueueBook, **kwargs: Any) -> None:
        current = book.queue_of(conversation)
        super().__init__(*args, **kwargs)
        none = [] if any(queue.is_default for queue in book.queues.values()) else [("", _("no queue"))]
        field = self.fields["queue"]
        field.initial = current.pk if current else ""
        field.queryset = Queue.objects.all()  # type: ignore[attr-defined]  # a ModelChoiceField
        field.choices = [*none, *((queue.pk, queue.name) for queue in book.queues.values())]  # type: ignore[attr-defined]  # the same
