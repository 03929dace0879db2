"""The pages on learning: how it stands, and what happened."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.generic import View

from oscar_engage.dashboard.fragment import is_htmx
from oscar_engage.dashboard.learning.history import HEAD, history_rows, read_history
from oscar_engage.dashboard.learning.reading import read_page
from oscar_engage.dashboard.learning.running import read_running
from oscar_engage.dashboard.reports.sheet import send_sheet
from oscar_engage.learning.nightly.state import ladder

TEMPLATES = "oscar_engage/dashboard/learning/"


class LearningView(View):
    """What speaks, what is waited for, how good it is; ``?as=csv``: its history.

    While it learns, htmx asks again for that part alone.
    """

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the page; the part that says what is going on, once that is over, has the whole page read again."""
        if request.GET.get("as") == "csv":
            return send_sheet("learning", HEAD, history_rows())
        now = timezone.now()
        if is_htmx(request):
            running = read_running(ladder(now), now=now)
            response = render(request, TEMPLATES + "_running.html", {"running": running})
            if not running.is_going_on:
                response.headers["HX-Refresh"] = "true"
            return response
        return render(request, TEMPLATES + "learning.html", {"page": read_page(now=now), "now": now})


class LearningHistoryView(View):
    """Every run and every step, the newest first; ``?as=csv`` as a file."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show a page of it, or send all."""
        if request.GET.get("as") == "csv":
            return send_sheet("learning", HEAD, history_rows())
        page, events = read_history(request.GET.get("page"))
        context: dict[str, Any] = {"page": page, "events": events}
        return render(request, TEMPLATES + "history.html", context)
