"""The engagements' pages: list, form, live preview."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import ListView, View

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.dashboard.engagements.forms import EngagementForm
from oscar_engage.dashboard.engagements.preview import render_preview
from oscar_engage.widgets.live import forget_engagements
from oscar_engage.widgets.models import Engagement

TEMPLATES = "oscar_engage/dashboard/engagements/"


class EngagementListView(ListView):  # type: ignore[type-arg]  # generic in the stubs only
    """All engagements by name."""

    template_name = TEMPLATES + "list.html"
    context_object_name = "engagements"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[Engagement]:
        """Return the active ones first."""
        return Engagement.objects.order_by("-is_active", "slug")


class EngagementEditorView(View):
    """An engagement, new or not, beside its preview."""

    def get_engagement(self) -> Engagement:
        """Return the engagement in the address; an address that names none is for a new one, which is not saved yet."""
        if "pk" not in self.kwargs:
            return Engagement(widget="balloon")
        return get_object_or_404(Engagement, pk=self.kwargs["pk"])

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the form with its preview."""
        engagement = self.get_engagement()
        return self._page(EngagementForm(instance=engagement), engagement)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Save, or render the preview of what is typed so far."""
        form = EngagementForm(request.POST, instance=self.get_engagement())
        is_right = form.is_valid()
        if "preview" in request.POST:
            return render(request, TEMPLATES + "_preview.html", _previews(form.instance))
        if not is_right:
            return self._page(form, form.instance, status=422)
        now = timezone.now()
        with transaction.atomic(using=get_settings().database):
            is_new = form.instance.pk is None
            saved = form.save()
            action = "engagement.created" if is_new else "engagement.changed"
            record_action(actor=request.user, action=action, object_kind="engagement", object_id=saved.pk, now=now)
        forget_engagements()
        messages.success(request, _("“%(title)s” is saved.") % {"title": saved.title})
        return redirect("engage_dashboard:engage-engagements")

    def _page(self, form: EngagementForm, engagement: Engagement, *, status: int = 200) -> HttpResponse:
        context = {"form": form, "engagement": self.get_engagement(), **_previews(engagement)}
        return render(self.request, TEMPLATES + "edit.html", context, status=status)


def _previews(engagement: Engagement) -> dict[str, Any]:
    return {"phone": render_preview(engagement), "desktop": render_preview(engagement)}
