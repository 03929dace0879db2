"""The pages of agents, skills and queues: one list, and a form for each."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from django.contrib import messages
from django.db import transaction
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.dashboard.agents.dialer import read_dialer
from oscar_engage.dashboard.agents.forms import AgentForm, QueueForm, SkillForm
from oscar_engage.dashboard.agents.reading import read_agents, read_queue_rows, read_skills, read_topics
from oscar_engage.dashboard.trail.changes import changes_of
from oscar_engage.desk.models import Agent, Queue, Skill
from oscar_engage.desk.queues import InUseError, delete_queue, delete_skill

TEMPLATES = "oscar_engage/dashboard/agents/"
LIST = "engage_dashboard:engage-agents"


class AgentListView(View):
    """Agents, skills, queues and topics, each by name."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        context = {
            "agents": read_agents(),
            "skills": read_skills(),
            "queues": read_queue_rows(),
            "dialer": read_dialer(now=timezone.now()),
            "topics": read_topics(now=timezone.now()),
        }
        return render(request, TEMPLATES + "list.html", context)


class EditorView(View, ABC):
    """One row's form; an address that names no row is for a new one."""

    model: ClassVar[type[Model]]
    kind: ClassVar[str]
    new: ClassVar[Any]
    delete_url: ClassVar[str] = ""
    unsaid: ClassVar[tuple[str, ...]] = ()
    """Fields whose values the trail does not keep."""

    @abstractmethod
    def build_form(self, instance: Any, data: Any = None) -> "ModelForm[Any]":
        """Return the form of ``instance``, filled with ``data``."""

    def save(self, form: Any) -> Any:
        """Save what belongs together, in the caller's transaction."""
        return form.save()

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Show the form."""
        return self._page(self.build_form(self._find(pk)))

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Save and go back to the list, or show what is wrong."""
        form = self.build_form(self._find(pk), request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        action = f"{self.kind}.{'created' if pk is None else 'changed'}"
        detail, now = changes_of(form, unsaid=self.unsaid), timezone.now()
        with transaction.atomic(using=get_settings().database):
            saved = self.save(form)
            record_action(actor=request.user, action=action, object_kind=self.kind, object_id=saved.pk, now=now, detail=detail)
        messages.success(request, _("“%(name)s” is saved.") % {"name": saved})
        return redirect(LIST)

    def _find(self, pk: int | None) -> Any:
        return self.model() if pk is None else get_object_or_404(self.model, pk=pk)

    def _page(self, form: "ModelForm[Any]", *, status: int = 200) -> HttpResponse:
        # The row as it is, for a form that was refused has changed its own.
        row = self._find(form.instance.pk)
        context = {
            "form": form,
            "heading": str(row) if row.pk else self.new,
            "row": row,
            "delete_url": self.delete_url if row.pk else "",
        }
        return render(self.request, TEMPLATES + "edit.html", context, status=status)


class AgentEditorView(EditorView):
    """What an agent can answer, and how much at once; agents make themselves, by opening the desk."""

    model = Agent
    kind = "agent"
    new = ""
    unsaid = ("display_name",)

    def build_form(self, instance: Agent, data: Any = None) -> AgentForm:
        """Return the form with a field for each skill."""
        levels = dict(instance.skills.values_list("skill_id", "level"))
        return AgentForm(data, instance=instance, skills=list(Skill.objects.order_by("name", "pk")), levels=levels)

    def save(self, form: AgentForm) -> Any:
        """Save agent and levels; what the desk counts meanwhile is left as it is."""
        agent = form.instance
        agent.save(update_fields=["display_name", "capacity", "languages"])
        form.save_skills()
        return agent


class SkillEditorView(EditorView):
    """A skill, new or not."""

    model = Skill
    kind = "skill"
    new = gettext_lazy("New skill")
    delete_url = "engage_dashboard:engage-skill-delete"

    def build_form(self, instance: Skill, data: Any = None) -> SkillForm:
        """Return its form."""
        return SkillForm(data, instance=instance)


class QueueEditorView(EditorView):
    """A queue, new or not."""

    model = Queue
    kind = "queue"
    new = gettext_lazy("New queue")
    delete_url = "engage_dashboard:engage-queue-delete"

    def build_form(self, instance: Queue, data: Any = None) -> QueueForm:
        """Return its form."""
        return QueueForm(data, instance=instance)

    def save(self, form: QueueForm) -> Any:
        """Save the queue and who belongs to it."""
        queue = form.save()
        form.save_members()
        return queue


class DeleteView(View, ABC):
    """Delete what nothing uses."""

    http_method_names = ["post"]
    model: ClassVar[type[Model]]
    kind: ClassVar[str]
    why_not: ClassVar[Any]

    @abstractmethod
    def delete_row(self, row: Any) -> None:
        """Delete it or raise ``InUseError``."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete it and go back to the list, or say what uses it."""
        row = get_object_or_404(self.model, pk=pk)
        try:
            with transaction.atomic(using=get_settings().database):
                self.delete_row(row)
                record_action(
                    actor=request.user, action=f"{self.kind}.deleted", object_kind=self.kind, object_id=pk, now=timezone.now()
                )
        except InUseError:
            messages.error(request, self.why_not % {"name": row})
        else:
            messages.success(request, _("“%(name)s” is deleted.") % {"name": row})
        return redirect(LIST)


class SkillDeleteView(DeleteView):
    """Delete a skill that no agent has and no queue asks for."""

    model = Skill
    kind = "skill"
    why_not = gettext_lazy("“%(name)s” is in use. Take it from its agents and queues first.")

    def delete_row(self, row: Skill) -> None:
        """Delete the skill."""
        delete_skill(row)


class QueueDeleteView(DeleteView):
    """Delete a queue in which nothing waits."""

    model = Queue
    kind = "queue"
    why_not = gettext_lazy("Something waits in “%(name)s” or is being answered. Move or close it first.")

    def delete_row(self, row: Queue) -> None:
        """Delete the queue."""
        delete_queue(row)
