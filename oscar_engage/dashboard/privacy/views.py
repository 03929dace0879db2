"""The privacy officer's pages: search, person, export, erasure and its progress."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from oscar_engage.dashboard.fragment import is_htmx
from oscar_engage.dashboard.health.state import read_health
from oscar_engage.dashboard.privacy.forms import ErasureForm, SearchForm
from oscar_engage.dashboard.privacy.reading import (
    count_left,
    name_of,
    read_erased,
    read_erasures,
    read_found,
    read_lines,
)
from oscar_engage.privacy.erase import begin_erasure, run_parts
from oscar_engage.privacy.export import export_person
from oscar_engage.privacy.find import Handle, get_person, read_handle, search
from oscar_engage.privacy.models import Erasure

TEMPLATES = "oscar_engage/dashboard/privacy/"

AT_ONCE = 2
"""Parts of an erasure that are done while the officer waits: for a usual person, that is all of it."""


class PrivateView(View):
    """A page with personal data: no cache keeps it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Answer, and keep the answer out of every cache."""
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        return response


class SearchView(PrivateView):
    """Find a person; below, the erasures so far."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the empty form."""
        return self._page(SearchForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Show whom the text may mean."""
        form = SearchForm(request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        return self._page(form, found=read_found(search(form.cleaned_data["text"])), is_searched=True)

    def _page(self, form: SearchForm, *, status: int = 200, **found: Any) -> HttpResponse:
        return render(
            self.request, TEMPLATES + "search.html", {"form": form, "erasures": read_erasures(), **found}, status=status
        )


class PersonView(PrivateView):
    """What is kept about one person."""

    def get(self, request: HttpRequest, handle: str) -> HttpResponse:
        """Show counts by kind, the export, and what erasure would do."""
        return show_person(request, _handle(handle), ErasureForm())


class ExportView(PrivateView):
    """The document to hand out."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, handle: str) -> HttpResponse:
        """Answer with the file; that it was made is noted, so it is asked for by a button and not by a link."""
        document = export_person(get_person(_handle(handle)), actor=request.user, now=timezone.now())
        name = f"engage-export-{timezone.now():%Y%m%d-%H%M%S}.json"
        return HttpResponse(
            document, content_type="application/json", headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )


class EraseView(PrivateView):
    """The erasure, once confirmed."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, handle: str) -> HttpResponse:
        """Begin, do what can be done at once, and lead to the progress."""
        form = ErasureForm(request.POST)
        if not form.is_valid():
            return show_person(request, _handle(handle), form, status=422)
        now = timezone.now()
        erasure = run_parts(begin_erasure(get_person(_handle(handle)), actor=request.user, now=now), most=AT_ONCE, now=now)
        messages.success(request, _("The erasure has begun.") if erasure.finished_at is None else _("The data is erased."))
        return redirect("engage_dashboard:engage-privacy-erasure", pk=erasure.pk)


class ErasureView(PrivateView):
    """How far an erasure has come."""

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Show what is gone and what is left; htmx asks for the middle alone."""
        erasure, now = get_object_or_404(Erasure, pk=pk), timezone.now()
        context = {
            "erasure": erasure,
            "lines": read_erased(erasure),
            "left": count_left(erasure),
            "worker_is_quiet": erasure.finished_at is None and read_health(now=now).worker_is_quiet,
        }
        return render(request, TEMPLATES + ("_progress.html" if is_htmx(request) else "erasure.html"), context)


def show_person(request: HttpRequest, handle: Handle, form: ErasureForm, *, status: int = 200) -> HttpResponse:
    """Answer with the person's page."""
    context = {"handle": str(handle), "name": name_of(handle), "lines": read_lines(handle), "form": form}
    return render(request, TEMPLATES + "person.html", context, status=status)


def _handle(text: str) -> Handle:
    handle = read_handle(text)
    if handle is None:
        raise Http404
    return handle
