"""How it went: the agent's own sittings, one of them with all that was found and missed, and for supervisors those of all."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.generic import View

from oscar_engage.analytics.staffing.duration import say_duration
from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.dashboard.desk.agent import get_agent
from oscar_engage.dashboard.desk.views import private
from oscar_engage.dashboard.practice.access import is_supervisor, seen_practice
from oscar_engage.dashboard.practice.forms import BeginForm
from oscar_engage.dashboard.practice.reading import advise, read_agents, read_history, read_sitting, sum_up
from oscar_engage.desk.models import Agent
from oscar_engage.desk.practice.run import open_practice

TEMPLATES = "oscar_engage/dashboard/practice/"


class PracticeView(View):
    """The agent's own page: begin, go on, and how it went so far."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        return show_own(request, BeginForm())


class ResultView(View):
    """One sitting: times, what was found and missed, and advice."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Show it to its agent, or to a supervisor, which is noted; one that goes on leads to where it is played."""
        practice = seen_practice(request.user, public_id)
        is_own = practice.agent.user_id == request.user.pk
        if practice.ended_at is None:
            if is_own:
                return redirect("engage_dashboard:engage-practice-sitting", public_id)
            raise Http404
        if not is_own:
            _note_view(request, practice.agent)
        went = read_sitting(practice)
        context = {
            "practice": practice,
            "is_own": is_own,
            "went": went,
            "sums": sum_up(one.chat for one in went),
            "advice": advise(went),
            "promise": say_duration(practice.promise),
        }
        return private(render(request, TEMPLATES + "result.html", context))


class AgentsView(View):
    """Who has practised, for supervisors."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show all agents."""
        rows, others = read_agents()
        context = {"rows": rows, "others": others, "kept_days": get_settings().transcript_retention_days}
        return private(render(request, TEMPLATES + "agents.html", context))


class AgentView(View):
    """The sittings of one agent, for supervisors."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show them, and note who looked."""
        agent = Agent.objects.filter(pk=pk).first()
        if agent is None:
            raise Http404
        if agent.user_id != request.user.pk:
            _note_view(request, agent)
        return private(render(request, TEMPLATES + "agent.html", {"agent": agent, **_history(agent)}))


def show_own(request: HttpRequest, form: BeginForm, *, status: int = 200) -> HttpResponse:
    """Answer with the agent's own page; ``form`` may be one that was refused."""
    agent = get_agent(request.user)
    context = {
        "form": form,
        "open": open_practice(agent),
        "is_supervisor": is_supervisor(request.user),
        **_history(agent),
    }
    return private(render(request, TEMPLATES + "practice.html", context, status=status))


def _history(agent: Agent) -> dict[str, Any]:
    return {"history": read_history(agent), "kept_days": get_settings().transcript_retention_days}


def _note_view(request: HttpRequest, agent: Agent) -> None:
    record_action(actor=request.user, action="practice.viewed", object_kind="agent", object_id=agent.pk, now=timezone.now())
