"""The pages on which rules leave and come: a file of the chosen ones, and an import that is looked at before it is done."""

import re
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from oscar_engage.rules.bundles.export import export_rules
from oscar_engage.rules.bundles.load import Clash, Plan, import_plan, plan_import
from oscar_engage.rules.bundles.shape import LONGEST_BUNDLE, MOST_RULES, Bundle, BundleEngagement, read_bundle, write_bundle
from oscar_engage.rules.errors import FieldError, InvalidRuleError
from oscar_engage.rules.models import Rule
from oscar_engage.widgets.bundle import create_engagements, engagement_kinds, is_creatable, read_engagements

_NUMBER = re.compile(r"[0-9]{1,9}")
TEMPLATE = "oscar_engage/dashboard/rules/import.html"


class ExportView(View):
    """The chosen rules as a file."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Send a bundle of the rules whose numbers are given as ``rule``."""
        numbers = [int(number) for number in request.GET.getlist("rule")[:MOST_RULES] if _NUMBER.fullmatch(number)]
        bundle = export_rules(Rule.objects.filter(pk__in=numbers).order_by("priority", "pk"), read_engagements=read_engagements)
        if not bundle.rules:
            messages.error(request, _("Choose at least one rule that has a saved version."))
            return redirect("engage_dashboard:engage-rules")
        response = JsonResponse(write_bundle(bundle), json_dumps_params={"indent": 2, "ensure_ascii": False})
        response["Content-Disposition"] = 'attachment; filename="engage-rules.json"'
        return response


class ImportView(View):
    """A bundle, as a file or as text: looked at first, then imported as drafts."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask for a bundle."""
        return self._page()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Show what would happen; with ``confirm``, do it. Both times, what came is read anew."""
        text = self._text()
        if not text.strip():
            return self._page(errors=[FieldError("", _("Choose a file, or paste its text."))], status=422)
        try:
            bundle = read_bundle(text)
        except InvalidRuleError as error:
            return self._page(text=text, errors=error.errors, status=422)
        plan = self._plan(bundle)
        if "confirm" not in request.POST or plan.is_empty:
            return self._page(text=text, plan=plan, clashes=list(Clash))
        try:
            rules = import_plan(
                plan,
                user=request.user,  # type: ignore[arg-type]  # a logged-in user
                now=timezone.now(),
                engagements=engagement_kinds(),
                create_engagements=create_engagements,
            )
        except InvalidRuleError as error:
            return self._page(text=text, errors=error.errors, plan=self._plan(bundle), status=422)
        words = ngettext("%(count)d rule is imported as a draft.", "%(count)d rules are imported as drafts.", len(rules))
        messages.success(request, words % {"count": len(rules)})
        return redirect("engage_dashboard:engage-rules")

    def _plan(self, bundle: Bundle) -> Plan:
        may_create = self.request.user.has_perm("oscar_engage.change_engagement")

        def creatable(engagement: BundleEngagement) -> bool:
            return may_create and is_creatable(engagement)

        clashes = _read_clashes(self.request.POST.dict(), len(bundle.rules))
        return plan_import(bundle, engagements=engagement_kinds(), creatable=creatable, clashes=clashes)

    def _text(self) -> str:
        """Return what was uploaded, or typed; of a file that is too long, enough for the reader to refuse it."""
        file = self.request.FILES.get("file")
        if file is None:
            return self.request.POST.get("text", "")
        return str(file.read(LONGEST_BUNDLE + 1), "utf-8", "replace")

    def _page(self, *, status: int = 200, text: str = "", **context: Any) -> HttpResponse:
        shown = {"text": _readable(text), "limit": LONGEST_BUNDLE // 1024, "most": MOST_RULES, **context}
        return render(self.request, TEMPLATE, shown, status=status)


def _read_clashes(posted: Mapping[str, str], rules: int) -> dict[int, Clash]:
    choices = {clash.value: clash for clash in Clash}
    chosen = {place: choices.get(posted.get(f"clash-{place}", "")) for place in range(rules)}
    return {place: clash for place, clash in chosen.items() if clash is not None}


def _readable(text: str) -> str:
    """Return as much as may be imported at all: more is not sent back and forth."""
    return text[:LONGEST_BUNDLE]
