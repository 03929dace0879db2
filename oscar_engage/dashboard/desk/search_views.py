"""Searching transcripts: the page, and who may. It shows what the pages of the conversations would, and nothing else."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from oscar_engage.audit.trail import record_action
from oscar_engage.dashboard.desk.views import TEMPLATES, private
from oscar_engage.desk.access import visible_to
from oscar_engage.desk.search import MOST_FOUND, Sought, search
from oscar_engage.desk.topics.models import Topic

PER_PAGE = 20
USUAL_PERIOD = timedelta(days=90)
"""How far back a search goes that says nothing of it."""

_DATE = {"class": "form-control form-control-sm", "type": "date"}


class SearchForm(forms.Form):
    """What to look for. Nothing has to be said; the dates are days of the shop's time zone, both included."""

    text = forms.CharField(
        label=_("Reference, name, address or words"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "form-control form-control-sm", "type": "search"}),
    )
    topic = forms.ModelChoiceField(
        Topic.objects.none(),
        label=_("Topic"),
        required=False,
        empty_label=_("any topic"),
        widget=forms.Select(attrs={"class": "form-control form-control-sm"}),
    )
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d"))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].queryset = Topic.objects.order_by("name", "pk")  # type: ignore[attr-defined]  # a ModelChoiceField

    def get_sought(self, *, now: datetime) -> Sought:
        """Return what a valid form looks for; without a beginning, the last :data:`USUAL_PERIOD`."""
        cleaned: dict[str, Any] = self.cleaned_data
        until = _midnight(cleaned["until"] + timedelta(days=1)) if cleaned["until"] else now + timedelta(minutes=1)
        since = _midnight(cleaned["since"]) if cleaned["since"] else until - USUAL_PERIOD
        return Sought(text=cleaned["text"], topic=cleaned["topic"], since=since, until=until)


class SearchTranscriptsView(View):
    """Search the conversations that the user may see. What is looked for is posted: it belongs in no address and no log."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the empty form."""
        return _show(request, SearchForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Show what was found; that somebody searched is noted, not for what."""
        now = timezone.now()
        form = SearchForm(request.POST)
        if not form.is_valid():
            return _show(request, form, status=422)
        rows = list(search(form.get_sought(now=now), visible_to(request.user))[: MOST_FOUND + 1])
        found = rows[:MOST_FOUND]
        record_action(
            actor=request.user,
            action="conversations.searched",
            object_kind="search",
            object_id="transcripts",
            now=now,
            detail={"found": len(found)},
        )
        page = Paginator(found, PER_PAGE).get_page(request.POST.get("page"))
        return _show(request, form, page=page, is_cut=len(rows) > MOST_FOUND)


def _show(request: HttpRequest, form: SearchForm, *, status: int = 200, **found: Any) -> HttpResponse:
    context = {"form": form, "most": MOST_FOUND, **found}
    return private(render(request, TEMPLATES + "search.html", context, status=status))


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
