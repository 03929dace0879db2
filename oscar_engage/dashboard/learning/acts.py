"""What may a person do about learning? Let a model speak, go back to the one before, have rules decide alone, learn at once."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from oscar_engage.dashboard.learning.said import TITLES
from oscar_engage.learning.features.tasks import SPEAKABLE
from oscar_engage.learning.nightly.by_hand import ask
from oscar_engage.learning.registry.models import ModelVersion, Task
from oscar_engage.learning.registry.store import BadStepError, promote, roll_back, silence
from oscar_engage.learning.registry.why import Why

_PAGE = "engage_dashboard:engage-learning"


class SpeakView(View):
    """Let a model speak without waiting for its day to end."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Promote it; the one that spoke retires. One that was fitted to other features could not speak, and is not found."""
        version = get_object_or_404(ModelVersion.objects.filter(schema__in=SPEAKABLE), pk=pk)
        try:
            promote(version, now=timezone.now(), why=Why.BY_HAND, user=request.user)
        except BadStepError:
            messages.error(request, _("This model cannot speak any more: it was refused or changed, or speaks already."))
        else:
            messages.success(request, _("%(what)s: the model speaks within five seconds.") % {"what": TITLES[version.task]})
        return redirect(_PAGE)


class BackView(View):
    """Have the one speak that spoke before."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, task: str) -> HttpResponse:
        """Go back; where there is none before it, rules decide alone."""
        words = {"what": _title(task)}
        spoken = roll_back(task, now=timezone.now(), why=Why.BY_HAND, user=request.user)
        if spoken is None:
            messages.warning(request, _("%(what)s: there is none before it; rules decide alone.") % words)
        else:
            messages.success(request, _("%(what)s: the model before it speaks within five seconds.") % words)
        return redirect(_PAGE)


class SilenceView(View):
    """Have rules decide alone."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, task: str) -> HttpResponse:
        """Retire the one that speaks."""
        words = {"what": _title(task)}
        if silence(task, now=timezone.now(), why=Why.BY_HAND, user=request.user) is None:
            messages.warning(request, _("%(what)s: no model spoke.") % words)
        else:
            messages.success(request, _("%(what)s: rules alone decide within five seconds.") % words)
        return redirect(_PAGE)


class LearnNowView(View):
    """Learn at once, without waiting for the night."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Hand it to the worker, once."""
        if ask(user=request.user, now=timezone.now()):
            messages.success(
                request, _("It will learn within a minute. A task whose challenger is on trial waits for that day.")
            )
        else:
            messages.warning(request, _("It learns already, or is about to."))
        return redirect(_PAGE)


def _title(task: str) -> str:
    if task not in Task.values:
        raise Http404
    return str(TITLES[task])
