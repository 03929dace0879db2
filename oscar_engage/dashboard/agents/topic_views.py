"""What can conversations be about? The form of a topic, its deletion, and the usual ones by one press."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.dashboard.agents.views import LIST, DeleteView, EditorView
from oscar_engage.desk.topics.models import Topic
from oscar_engage.desk.topics.store import create_usual_topics, delete_topic

_TEXT = forms.TextInput(attrs={"class": "form-control"})


class TopicForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """Name, short name, and whether agents may still choose it."""

    class Meta:
        model = Topic
        fields = ("name", "slug", "is_active")
        widgets = {"name": _TEXT, "slug": _TEXT, "is_active": forms.CheckboxInput(attrs={"class": "form-check-input"})}
        help_texts = {
            "slug": gettext_lazy("Small letters, digits and hyphens, such as returns."),
            "is_active": gettext_lazy("Agents choose from the topics in use when they close a conversation."),
        }


class TopicEditorView(EditorView):
    """A topic, new or not."""

    model = Topic
    kind = "topic"
    new = gettext_lazy("New topic")
    delete_url = "engage_dashboard:engage-topic-delete"

    def build_form(self, instance: Topic, data: Any = None) -> TopicForm:
        """Return its form."""
        return TopicForm(data, instance=instance)


class TopicDeleteView(DeleteView):
    """Delete a topic that no conversation was about."""

    model = Topic
    kind = "topic"
    why_not = gettext_lazy("Conversations were about “%(name)s”. Take it out of use instead.")

    def delete_row(self, row: Topic) -> None:
        """Delete the topic."""
        delete_topic(row)


class UsualTopicsView(View):
    """Create the usual topics."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Create those that are missing and go back to the list."""
        with transaction.atomic(using=get_settings().database):
            number = create_usual_topics()
            record_action(
                actor=request.user,
                action="topics.created",
                object_kind="topic",
                object_id="usual",
                now=timezone.now(),
                detail={"number": number},
            )
        messages.success(request, _("The usual topics are there now."))
        return redirect(LIST)
