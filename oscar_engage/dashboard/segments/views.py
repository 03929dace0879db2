"""The segments' pages: list, editor, delete, publish anew."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from oscar_engage.dashboard.fragment import is_htmx
from oscar_engage.dashboard.rules.controls import build_form, id_of
from oscar_engage.dashboard.rules.draft import Raw, empty_group, read_draft
from oscar_engage.dashboard.rules.offer import offer_segments
from oscar_engage.dashboard.rules.reading import engagement_kinds
from oscar_engage.dashboard.rules.undo import offer as offer_undo
from oscar_engage.dashboard.rules.undo import press
from oscar_engage.dashboard.segments.forms import SegmentForm
from oscar_engage.dashboard.segments.reading import (
    group_of,
    other_names,
    read_segments,
    read_uses,
    texts_for,
    words_of_segment,
)
from oscar_engage.desk.promises.choose import policies_that_name
from oscar_engage.rules.errors import FieldError, InvalidRuleError
from oscar_engage.rules.models import Segment
from oscar_engage.rules.segments.store import (
    PATH,
    SegmentInUseError,
    check_segment,
    delete_segment,
    publish_anew,
    save_segment,
    segment_names,
)

TEMPLATES = "oscar_engage/dashboard/segments/"


class SegmentListView(View):
    """All segments by name."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        return render(request, TEMPLATES + "list.html", {"segments": read_segments()})


class SegmentEditorView(View):
    """A segment, new or not: one form for its names, one nested form for what it says."""

    def get_segment(self) -> Segment:
        """Return the segment in the address; an address that names none is for a new one, which is not saved yet."""
        return get_object_or_404(Segment, pk=self.kwargs["pk"]) if "pk" in self.kwargs else Segment()

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show what is stored, or the form of a new segment."""
        segment = self.get_segment()
        return self._page(SegmentForm(instance=segment), {PATH: segment.document or empty_group()})

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do what the pressed button says; whatever it is, nothing that was typed is lost."""
        raw, form = read_draft(request.POST.lists()), SegmentForm(request.POST, instance=self.get_segment())
        edit = request.POST.get("edit", "")
        if not edit:
            return self._save(form, raw)
        pressed = press(raw, edit, request.POST.getlist("removed"))
        if is_htmx(request):
            template = "rules/_sentence.html" if edit == "preview" else "segments/_document.html"
            context = self._document_context(pressed.raw, place=pressed.place, removed=pressed.removed)
            return render(request, "oscar_engage/dashboard/" + template, context | {"is_fragment": True})
        return self._page(form, pressed.raw, place=pressed.place, removed=pressed.removed, is_checked=False)

    def _save(self, form: SegmentForm, raw: Raw) -> HttpResponse:
        is_right, errors = form.is_valid(), _mistakes(form.instance, raw)
        if not is_right or errors:
            return self._page(form, raw, errors=errors, status=422)
        segment: Segment = form.save(commit=False)
        save_segment(segment, group_of(raw), user=self.request.user, now=timezone.now())  # type: ignore[arg-type]  # a logged-in user
        words = _("“%(name)s” is saved. Live rules keep the text that they were published with.")
        messages.success(self.request, words % {"name": segment.name})
        return redirect("engage_dashboard:engage-segment-edit", segment.pk)

    def _document_context(
        self, raw: Raw, *, errors: Sequence[FieldError] = (), place: str = "", removed: Sequence[str] = ()
    ) -> dict[str, Any]:
        segment = self.get_segment()
        names = other_names(segment_names(), segment)
        return {
            "document": offer_segments(build_form(raw, engagements={}, errors=errors), names),
            "words": words_of_segment(raw, texts_for(segment)),
            "focus": id_of(place) if place else "",
            "removed": removed,
            "undo": offer_undo(raw, removed),
        }

    def _page(self, form: SegmentForm, raw: Raw, *, status: int = 200, is_checked: bool = True, **kwargs: Any) -> HttpResponse:
        segment = self.get_segment()
        context = {
            **self._document_context(raw, **kwargs),
            "form": form,
            "show_form_errors": is_checked and form.is_bound,
            "segment": segment,
            "uses": read_uses(segment, now=timezone.now()) if segment.pk else None,
        }
        return render(self.request, TEMPLATES + "edit.html", context, status=status)


class SegmentDeleteView(View):
    """Delete a segment that nothing uses."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete it, or say what uses it."""
        segment = get_object_or_404(Segment, pk=pk)
        if policies := policies_that_name(segment.slug):
            return self._refuse(segment, policies)
        try:
            delete_segment(segment, user=request.user, now=timezone.now())  # type: ignore[arg-type]  # a logged-in user
        except SegmentInUseError as error:
            return self._refuse(segment, (*error.rules, *error.segments))
        messages.success(request, _("“%(name)s” is deleted.") % {"name": segment})
        return redirect("engage_dashboard:engage-segments")

    def _refuse(self, segment: Segment, users: Sequence[object]) -> HttpResponse:
        words = {"name": segment, "users": ", ".join(f"“{user}”" for user in users)}
        messages.error(self.request, _("“%(name)s” is used by %(users)s. Take it out there first.") % words)
        return redirect("engage_dashboard:engage-segment-edit", segment.pk)


class SegmentPublishView(View):
    """Publish all live rules that have an older text of the segment anew."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Publish them, and name those that were left."""
        segment, now = get_object_or_404(Segment, pk=pk), timezone.now()
        result = publish_anew(segment, user=request.user, now=now, engagements=engagement_kinds())  # type: ignore[arg-type]  # a logged-in user
        for rule, why in result.left:
            messages.warning(request, _("“%(name)s” was left as it is: %(why)s") % {"name": rule, "why": why})
        words = ngettext("%(count)d rule is published anew.", "%(count)d rules are published anew.", len(result.done))
        messages.success(request, words % {"count": len(result.done)})
        return redirect("engage_dashboard:engage-segment-edit", pk)


def _mistakes(segment: Segment, raw: Raw) -> list[FieldError]:
    try:
        check_segment(segment, group_of(raw))
    except InvalidRuleError as error:
        return error.errors
    return []
