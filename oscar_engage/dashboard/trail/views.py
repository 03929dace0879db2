"""The page of the trail."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic import View

from oscar_engage.dashboard.trail.reading import COMMAND, choose_lines, read_people, read_trail
from oscar_engage.dashboard.trail.words import AREAS

TEMPLATES = "oscar_engage/dashboard/trail/"


class TrailView(View):
    """Who did what, the latest first."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the lines that the address asks for."""
        wanted = choose_lines(request.GET)
        context = {
            "wanted": wanted,
            "trail": read_trail(wanted),
            "first_query": replace(wanted, before=None).query,
            "people": read_people(),
            "command": COMMAND,
            "areas": [(key, label) for key, (label, _kinds) in AREAS.items()],
        }
        return render(request, TEMPLATES + "list.html", context)
