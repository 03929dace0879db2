"""The rules' pages: list, nested editor, publish, pause."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View
from django_tables2 import SingleTableView

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.dashboard.fragment import is_htmx
from oscar_engage.dashboard.rules.advice import read_choices, read_hints, standing_of
from oscar_engage.dashboard.rules.controls import build_form, id_of
from oscar_engage.dashboard.rules.draft import Raw, new_draft, read_draft, to_document
from oscar_engage.dashboard.rules.forms import RuleForm
from oscar_engage.dashboard.rules.reading import engagement_kinds, read_rules, read_versions, words_of_draft
from oscar_engage.dashboard.rules.tables import RuleTable
from oscar_engage.dashboard.rules.undo import offer as offer_undo
from oscar_engage.dashboard.rules.undo import press
from oscar_engage.rules.errors import FieldError, InvalidRuleError
from oscar_engage.rules.limits import TooManyRulesError
from oscar_engage.rules.models import Rule, RulePurpose
from oscar_engage.rules.publish import NothingToPublishError, latest_version, pause, publish, save_draft
from oscar_engage.rules.validate import check_document

TEMPLATES = "oscar_engage/dashboard/rules/"


class RuleListView(SingleTableView):
    """All rules by priority."""

    template_name = TEMPLATES + "list.html"
    table_class = RuleTable
    context_table_name = "rules"

    def get_queryset(self) -> Any:
        """Return the rows."""
        return read_rules()

    def get_table_data(self) -> Any:
        """Return the rows; they are few and already read."""
        return self.object_list

    def get_table_pagination(self, table: Any) -> dict[str, int]:
        """Page as long as Oscar's own lists."""
        return {"per_page": getattr(settings, "OSCAR_DASHBOARD_ITEMS_PER_PAGE", 25)}


class RuleEditorView(View):
    """A rule, new or not: one form for its columns, one nested form for what it says."""

    def get_rule(self) -> Rule:
        """Return the rule in the address; an address that names none is for a new one, which is not saved yet."""
        if "pk" not in self.kwargs:
            return Rule()
        return get_object_or_404(Rule.objects.select_related("published"), pk=self.kwargs["pk"])

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the latest version, or the form of a new rule."""
        rule = self.get_rule()
        version = latest_version(rule) if rule.pk else None
        return self._page(RuleForm(instance=rule), version.document if version else new_draft())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do what the pressed button says; whatever it is, nothing that was typed is lost."""
        raw = read_draft(request.POST.lists())
        edit = request.POST.get("edit", "")
        if edit == "text":
            return self._from_text(request.POST.get("text", ""), raw)
        if edit:
            pressed = press(raw, edit, request.POST.getlist("removed"))
            return self._edited(pressed.raw, pressed.place, removed=pressed.removed, only_words=edit == "preview")
        return self._save(raw)

    def _edited(self, raw: Raw, place: str, *, removed: Sequence[str], only_words: bool) -> HttpResponse:
        if not is_htmx(self.request):
            form = RuleForm(self.request.POST, instance=self.get_rule())
            return self._page(form, raw, place=place, removed=removed, is_checked=False)
        template = "_sentence.html" if only_words else "_document.html"
        context = self._document_context(raw, place=place, removed=removed, is_fragment=True)
        return render(self.request, TEMPLATES + template, context)

    def _from_text(self, text: str, raw: Raw) -> HttpResponse:
        form = RuleForm(self.request.POST, instance=self.get_rule())
        try:
            typed = json.loads(text)
        except (ValueError, RecursionError):
            typed = None
        if not isinstance(typed, dict):
            wrong = [FieldError("text", _("This is not JSON: one object in braces is needed."))]
            return self._page(form, raw, errors=wrong, text=text, is_checked=False, status=422)
        return self._page(form, typed, errors=_mistakes(typed, form, engagement_kinds()), is_checked=False)

    def _save(self, raw: Raw) -> HttpResponse:
        form, engagements = RuleForm(self.request.POST, instance=self.get_rule()), engagement_kinds()
        is_right = form.is_valid()
        errors = _mistakes(to_document(raw), form, engagements)
        if not is_right or errors:
            return self._page(form, raw, errors=errors, status=422)
        now, user = timezone.now(), self.request.user
        with transaction.atomic(using=get_settings().database):
            rule = form.save()
            if form.has_changed():
                record_action(actor=user, action="rule.changed", object_kind="rule", object_id=rule.pk, now=now)
            version = save_draft(rule, to_document(raw), user=user, now=now, engagements=engagements)  # type: ignore[arg-type]  # a logged-in user
            is_published = "publish" in self.request.POST and self._publish(rule, now=now, engagements=engagements)
        words = (
            _("Version %(number)d of “%(name)s” is live.") if is_published else _("Version %(number)d of “%(name)s” is saved.")
        )
        messages.success(self.request, words % {"number": version.number, "name": rule.name})
        return redirect("engage_dashboard:engage-rule-edit", rule.pk)

    def _publish(self, rule: Rule, *, now: datetime, engagements: Mapping[str, str]) -> bool:
        """Return whether the rule is live now; where it has no room, say so: what was saved stays."""
        try:
            publish(rule, user=self.request.user, now=now, engagements=engagements)  # type: ignore[arg-type]  # a logged-in user
        except TooManyRulesError:
            messages.warning(self.request, _no_room())
            return False
        return True

    def _document_context(self, raw: Raw, *, errors: Sequence[FieldError] = (), **kwargs: Any) -> dict[str, Any]:
        place, removed = kwargs.pop("place", ""), kwargs.pop("removed", ())
        offered = read_choices()
        return {
            "document": build_form(raw, engagements=offered.kinds, titles=offered.titles, errors=errors),
            "words": words_of_draft(raw),
            "hints": read_hints(raw, standing_of(self.get_rule(), self.request.POST), offered, now=timezone.now()),
            "focus": id_of(place) if place else "",
            "removed": removed,
            "undo": offer_undo(raw, removed),
            **kwargs,
        }

    def _page(self, form: RuleForm, raw: Raw, *, status: int = 200, is_checked: bool = True, **kwargs: Any) -> HttpResponse:
        rule = self.get_rule()
        errors: Sequence[FieldError] = kwargs.pop("errors", ())
        text = kwargs.pop("text", None)
        context = {
            **self._document_context(raw, errors=errors, **kwargs),
            "form": form,
            "show_form_errors": is_checked and form.is_bound,
            "rule": rule,
            "versions": read_versions(rule) if rule.pk else (),
            "text": json.dumps(to_document(raw), indent=2, ensure_ascii=False) if text is None else text,
            "text_errors": [error.message for error in errors if error.path == "text"],
        }
        return render(self.request, TEMPLATES + "edit.html", context, status=status)


class RulePublishView(View):
    """Make the latest saved version live."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Publish, or say what is wrong."""
        rule = get_object_or_404(Rule, pk=pk)
        try:
            version = publish(rule, user=request.user, now=timezone.now(), engagements=engagement_kinds())  # type: ignore[arg-type]  # a logged-in user
        except NothingToPublishError:
            messages.error(request, _("Save the rule first: it has no version yet."))
        except TooManyRulesError:
            messages.warning(request, _no_room())
        except InvalidRuleError as error:
            for mistake in error.errors:
                messages.error(request, mistake.message)
        else:
            words = _("Version %(number)d of “%(name)s” is live.")
            messages.success(request, words % {"number": version.number, "name": rule.name})
        return redirect("engage_dashboard:engage-rule-edit", rule.pk)


class RulePauseView(View):
    """Take a rule out of the live ones."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Pause it."""
        rule = get_object_or_404(Rule, pk=pk)
        pause(rule, user=request.user, now=timezone.now())  # type: ignore[arg-type]  # a logged-in user
        messages.success(request, _("“%(name)s” is paused.") % {"name": rule.name})
        return redirect("engage_dashboard:engage-rule-edit", rule.pk)


def _no_room() -> str:
    words = _("Not live: at most %(rules)d rules with %(conditions)d conditions together are live at once. Pause one first.")
    return words % {"rules": get_settings().live_rules, "conditions": get_settings().live_conditions}


def _mistakes(document: Raw, form: RuleForm, engagements: Mapping[str, str]) -> list[FieldError]:
    is_service = form.data.get("purpose") == RulePurpose.SERVICE
    try:
        check_document(document, engagements=engagements, service=is_service)
    except InvalidRuleError as error:
        return error.errors
    return []
