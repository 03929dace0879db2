"""What are articles about? The list of topics, their form, and the button that deletes one."""

from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.helpcenter.dashboard.forms import HelpTopicForm
from oscar_engage.helpcenter.dashboard.life_views import CHANGE
from oscar_engage.helpcenter.models import HelpTopic

TEMPLATES = "oscar_engage/helpcenter/dashboard/"
LIST = "engage_dashboard:engage-help-topics"


class TopicListView(View):
    """All topics in their order."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        topics = HelpTopic.objects.annotate(number=Count("articles__slug", distinct=True))
        context = {"topics": topics, "can_edit": request.user.has_perm(CHANGE)}
        return render(request, TEMPLATES + "topics.html", context)


class TopicEditorView(View):
    """One topic's form; an address without a number is for a new one."""

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Show the form."""
        topic = self._find(pk)
        return self._page(topic, HelpTopicForm(instance=topic))

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Save and go back to the list, or show what is wrong."""
        form = HelpTopicForm(request.POST, instance=self._find(pk))
        if not form.is_valid():
            return self._page(self._find(pk), form, status=422)
        saved = form.save()
        _note(request, "created" if pk is None else "changed", saved.pk)
        messages.success(request, _("“%(name)s” is saved.") % {"name": saved})
        return redirect(LIST)

    def _find(self, pk: int | None) -> HelpTopic:
        return HelpTopic() if pk is None else get_object_or_404(HelpTopic, pk=pk)

    def _page(self, topic: HelpTopic, form: HelpTopicForm, *, status: int = 200) -> HttpResponse:
        context = {"form": form, "topic": topic, "heading": topic.name if topic.pk else _("New help topic")}
        return render(self.request, TEMPLATES + "topic.html", context, status=status)


class TopicDeleteView(View):
    """Delete a topic about which there is nothing."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete it, or say that its articles have to go elsewhere first."""
        topic = get_object_or_404(HelpTopic, pk=pk)
        if topic.articles.exists():
            messages.error(request, _("“%(name)s” has articles. Give them another topic first.") % {"name": topic})
            return redirect(LIST)
        topic.delete()
        _note(request, "deleted", pk)
        messages.success(request, _("“%(name)s” is deleted.") % {"name": topic})
        return redirect(LIST)


def _note(request: HttpRequest, what: str, pk: int) -> None:
    with transaction.atomic(using=get_settings().database):
        record_action(
            actor=request.user, action=f"help_topic.{what}", object_kind="help_topic", object_id=pk, now=timezone.now()
        )
