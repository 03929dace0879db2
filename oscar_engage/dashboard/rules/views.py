"""The rules' pages: list and nested editor."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View
from django_tables2 import SingleTableView

from oscar_engage.dashboard.fragment import is_htmx
from oscar_engage.dashboard.rules.advice import read_choices, read_hints, standing_of
from oscar_engage.dashboard.rules.controls import build_form, id_of
from oscar_engage.dashboard.rules.draft import Raw, new_draft, read_draft, to_document
from oscar_engage.dashboard.rules.forms import RuleForm
from oscar_engage.dashboard.rules.offer import offer_segments
from oscar_engage.dashboard.rules.reading import Show, engagement_kinds, read_rules, read_versions, words_of_draft
from oscar_engage.dashboard.rules.saving import Seen, save_rule, tell
from oscar_engage.dashboard.rules.standing import read_meanwhile, read_standing
from oscar_engage.dashboard.rules.tables import RuleTable
from oscar_engage.dashboard.rules.text import PLACE, read_text, write_jsonlogic, write_text
from oscar_engage.dashboard.rules.undo import offer as offer_undo
from oscar_engage.dashboard.rules.undo import press
from oscar_engage.decisions.order.store import read_formula
from oscar_engage.rules.errors import ArchivedRuleError, ChangedMeanwhileError, FieldError, InvalidRuleError
from oscar_engage.rules.life.approval import PERMISSION
from oscar_engage.rules.life.columns import ColumnsChangedError
from oscar_engage.rules.life.publish import latest_version
from oscar_engage.rules.models import Rule, RulePurpose
from oscar_engage.rules.segments.store import segment_names, segment_texts
from oscar_engage.rules.validate import check_document

TEMPLATES = "oscar_engage/dashboard/rules/"


class RuleListView(SingleTableView):
    """Rules by priority: all but the archived ones, or those of one kind."""

    template_name = TEMPLATES + "list.html"
    table_class = RuleTable
    context_table_name = "rules"

    def get_queryset(self) -> Any:
        """Return the rows."""
        self.show = Show.of(self.request.GET.get("show", ""))
        return read_rules(self.show, now=timezone.now())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the choices of what to show."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"shows": list(Show), "show": self.show, "is_by_number": read_formula().is_silent}

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
        return self._page(self._form(), version.document if version else new_draft())

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
            return self._page(self._form(), raw, place=place, removed=removed, is_checked=False)
        template = "_sentence.html" if only_words else "_document.html"
        context = self._document_context(raw, place=place, removed=removed, is_fragment=True)
        return render(self.request, TEMPLATES + template, context)

    def _from_text(self, text: str, raw: Raw) -> HttpResponse:
        form = self._form()
        try:
            typed = read_text(text, raw, segment_texts())
        except InvalidRuleError as error:
            return self._page(form, raw, errors=error.errors, text=text, is_checked=False, status=422)
        return self._page(form, typed, errors=_mistakes(typed, form, engagement_kinds()), is_checked=False)

    def _save(self, raw: Raw) -> HttpResponse:
        form, engagements, segments = self._form(), engagement_kinds(), segment_texts()
        is_right = form.is_valid()
        errors = _mistakes(to_document(raw), form, engagements)
        if not is_right or errors:
            return self._page(form, raw, errors=errors, status=422)
        wish = next((wish for wish in ("publish", "ask") if wish in self.request.POST), "")
        options = {"engagements": engagements, "segments": segments, "user": self.request.user, "now": timezone.now()}
        try:
            saved = save_rule(form, to_document(raw), wish=wish, seen=Seen.posted(self.request.POST), **options)  # type: ignore[arg-type]  # each is what its name says
        except (ChangedMeanwhileError, ColumnsChangedError):
            return self._meanwhile(form, raw)
        except ArchivedRuleError:
            messages.error(self.request, _("This rule is archived. Take it back as a draft first."))
            return redirect("engage_dashboard:engage-rule-history", self.kwargs["pk"])
        tell(self.request, form.instance, saved)
        return redirect("engage_dashboard:engage-rule-edit", form.instance.pk)

    def _meanwhile(self, form: RuleForm, raw: Raw) -> HttpResponse:
        """Show what somebody else saved; from now on that counts as seen, so that saving again is a decision."""
        rule, before = self.get_rule(), Seen.posted(self.request.POST)
        after = Seen.stored(rule)
        meanwhile = read_meanwhile(rule, to_document(raw), before=before, after=after, segments=segment_texts())
        return self._page(form, raw, meanwhile=meanwhile, seen=after, is_checked=False, status=409)

    def _form(self, **kwargs: Any) -> RuleForm:
        may_publish = self.request.user.has_perm(PERMISSION)
        return RuleForm(self.request.POST or None, instance=self.get_rule(), may_publish=may_publish, **kwargs)

    def _document_context(self, raw: Raw, *, errors: Sequence[FieldError] = (), **kwargs: Any) -> dict[str, Any]:
        place, removed = kwargs.pop("place", ""), kwargs.pop("removed", ())
        offered, segments, standing = read_choices(), segment_texts(), standing_of(self.get_rule(), self.request.POST)
        form = build_form(raw, engagements=offered.kinds, titles=offered.titles, errors=errors)
        hints = read_hints(raw, standing, offered, segments=segments, now=timezone.now())
        return {
            "document": offer_segments(form, segment_names()),
            "words": words_of_draft(raw, segments),
            "hints": [hint for hint in hints if not hint.is_refused],
            "refused": () if errors else [hint for hint in hints if hint.is_refused],  # else they are on top
            "focus": id_of(place) if place else "",
            "removed": removed,
            "undo": offer_undo(raw, removed),
            **kwargs,
        }

    def _page(self, form: RuleForm, raw: Raw, *, status: int = 200, is_checked: bool = True, **kwargs: Any) -> HttpResponse:
        rule = self.get_rule()
        errors: Sequence[FieldError] = kwargs.pop("errors", ())
        text, seen = kwargs.pop("text", None), kwargs.pop("seen", None)
        context = {
            **self._document_context(raw, errors=errors, **kwargs),
            "form": form,
            "show_form_errors": is_checked and form.is_bound,
            "rule": rule,
            "seen": seen or (Seen.posted(self.request.POST) if form.is_bound else Seen.stored(rule)),
            "standing": read_standing(rule, now=timezone.now()) if rule.pk else None,
            "versions": read_versions(rule) if rule.pk else (),
            "text": write_text(raw) if text is None else text,
            "text_errors": [error.message for error in errors if error.path == PLACE],
            "jsonlogic": write_jsonlogic(raw, segment_texts()),
        }
        return render(self.request, TEMPLATES + "edit.html", context, status=status)


def _mistakes(document: Raw, form: RuleForm, engagements: Mapping[str, str]) -> list[FieldError]:
    is_service = form.data.get("purpose") == RulePurpose.SERVICE
    try:
        check_document(document, engagements=engagements, service=is_service, segments=segment_texts())
    except InvalidRuleError as error:
        return error.errors
    return []
