"""How many visits would the draft in the form have matched? A fragment for the editor, and a page for whoever has no script."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View

from oscar_engage.dashboard.fragment import is_htmx
from oscar_engage.dashboard.rules.draft import Raw, read_draft, to_document
from oscar_engage.decisions.matches.count import match_count
from oscar_engage.rules.engine.segments import expand
from oscar_engage.rules.grammar import read_document
from oscar_engage.rules.segments.store import segment_texts
from oscar_engage.rules.sentence import say_key

TEMPLATES = "oscar_engage/dashboard/rules/"


class RuleMatchesView(View):
    """``POST`` of the editor's form, by htmx or by a plain button with ``formaction``; ``rule`` is the id of a saved one."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Answer with the count; the page for a plain button carries what was typed back to the editor."""
        context = read_matches(read_draft(request.POST.lists()))
        if is_htmx(request):
            return render(request, TEMPLATES + "_matches.html", context)
        typed = [(name, value) for name, values in request.POST.lists() if name not in _OWN for value in values]
        return render(request, TEMPLATES + "matches.html", {**context, "typed": typed, "back": _address(request)})


_OWN = frozenset({"csrfmiddlewaretoken", "edit", "save", "publish"})


def read_matches(raw: Raw) -> dict[str, Any]:
    """Return what ``_matches.html`` shows of the draft in ``raw``: ``matches``, or ``None`` while it is not complete.

    ``unsaid`` are the variables that no recorded visit tells, in words.
    """
    document, errors = read_document(to_document(raw), segments=segment_texts())
    if errors:
        return {"matches": None}
    matches = match_count(expand(document), now=timezone.now())
    return {"matches": matches, "unsaid": [say_key(key) for key in matches.unsaid]}


def _address(request: HttpRequest) -> str:
    rule = request.POST.get("rule", "")
    if rule.isdecimal():
        return reverse("engage_dashboard:engage-rule-edit", args=[rule])
    return reverse("engage_dashboard:engage-rule-create")
