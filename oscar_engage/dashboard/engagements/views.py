"""The engagements' list and their editor, with its live preview."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import ListView, View

from oscar_engage.conf import get_settings
from oscar_engage.dashboard.engagements.contents import PREFIX, known_placeholders
from oscar_engage.dashboard.engagements.editor import Editor
from oscar_engage.dashboard.engagements.lifecycle_views import attempt, number_in
from oscar_engage.dashboard.engagements.preview import read_previews
from oscar_engage.dashboard.engagements.reading import read_head, read_rows
from oscar_engage.rules.errors import ChangedMeanwhileError
from oscar_engage.surveys.models import Survey
from oscar_engage.widgets.life.document import as_of
from oscar_engage.widgets.life.publish import PERMISSION, latest_version, publish, save_draft
from oscar_engage.widgets.models import Engagement, EngagementVersion

TEMPLATES = "oscar_engage/dashboard/engagements/"


class EngagementListView(ListView):  # type: ignore[type-arg]  # generic in the stubs only
    """All engagements by name."""

    template_name = TEMPLATES + "list.html"
    context_object_name = "engagements"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[Engagement]:
        """Return the active ones first."""
        return Engagement.objects.select_related("published", "survey").order_by("-is_active", "slug")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add where each stands."""
        context = super().get_context_data(**kwargs)
        return {**context, "rows": read_rows(context["engagements"], now=timezone.now())}


class EngagementEditorView(View):
    """An engagement, new or not, beside its preview; what is typed becomes a draft."""

    def get_engagement(self) -> Engagement:
        """Return the engagement in the address; an address that names none is for a new one, which is not saved yet."""
        if "pk" not in self.kwargs:
            return Engagement(widget="balloon")
        return get_object_or_404(Engagement, pk=self.kwargs["pk"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Lead to the survey's own form where the engagement is one: what it asks stands there, not in versions."""
        survey = Survey.objects.filter(engagement=kwargs["pk"], engagement__widget="survey").first() if "pk" in kwargs else None
        if survey is not None:
            return redirect("engage_dashboard:engage-survey-edit", survey.pk)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the newest draft with its preview."""
        engagement, latest = self._open()
        return self._page(Editor(engagement), engagement, base=latest)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Save a draft, and publish it where that was asked for; or render what is typed so far."""
        engagement, latest = self._open()
        editor = Editor(engagement, request.POST)
        if "preview" in request.POST:
            shown = {"previews": read_previews(editor.typed), "form": editor.place, "is_new_content": _chose_anew(request)}
            return render(request, TEMPLATES + "_previewed.html", shown)
        if "add-wording" in request.POST or "add-language" in request.POST:
            return self._page(editor, editor.typed, base=latest, is_growing=True)
        if not editor.is_valid():
            return self._page(editor, editor.typed, base=latest, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        typed = editor.typed
        try:
            version = save_draft(typed, user=request.user, now=timezone.now(), base=number_in(request, "base"))  # type: ignore[arg-type]  # a logged-in user
        except ChangedMeanwhileError as error:
            words = _("Version %(number)d was saved meanwhile. Below is what you typed: saving it again makes it the newest.")
            messages.warning(request, words % {"number": error.number})
            return self._page(editor, typed, base=latest, status=HTTPStatus.CONFLICT)
        messages.success(
            request, _("Draft %(number)d of “%(title)s” is saved.") % {"number": version.number, "title": typed.title}
        )
        if "publish" in request.POST and request.user.has_perm(PERMISSION):
            attempt(request, lambda: self._publish(typed, version))
        return redirect("engage_dashboard:engage-engagement-edit", typed.pk)

    def _publish(self, engagement: Engagement, version: EngagementVersion) -> str:
        publish(engagement, user=self.request.user, now=timezone.now(), expected=version.number)  # type: ignore[arg-type]  # a logged-in user
        return _("“%(title)s” is live.") % {"title": engagement.title}

    def _open(self) -> tuple[Engagement, EngagementVersion | None]:
        """Return the engagement as its newest draft says, with that."""
        engagement = self.get_engagement()
        latest = latest_version(engagement) if engagement.pk else None
        return (engagement if latest is None else as_of(engagement, latest.document)), latest

    def _page(
        self,
        editor: Editor,
        shown: Engagement,
        *,
        base: EngagementVersion | None,
        status: int = HTTPStatus.OK,
        is_growing: bool = False,
    ) -> HttpResponse:
        stored = self.get_engagement()
        context = {
            "editor": editor,
            "errors": () if is_growing else list(editor.errors()),
            "show_errors": not is_growing,
            "engagement": stored,
            "head": read_head(stored, self.request.user, now=timezone.now()) if stored.pk else None,
            "base": base,
            "previews": read_previews(shown),
            "known_placeholders": list(known_placeholders()),
            "by_two": get_settings().engagements_by_two,
            "zone": timezone.get_current_timezone_name(),
        }
        return render(self.request, TEMPLATES + "edit.html", context, status=status)


def _chose_anew(request: HttpRequest) -> bool:
    """Whether another kind of content was chosen than the one whose settings the page shows."""
    return request.POST.get("content", "") != request.POST.get(f"{PREFIX}-shown", "")
