"""The segments' pages: list, editor, delete, publish anew."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.forms import BaseModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from oscar_engage.dashboard.rules.conditions import ConditionsEditorView
from oscar_engage.dashboard.rules.draft import Raw, empty_group
from oscar_engage.dashboard.rules.reading import engagement_kinds
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


class SegmentEditorView(ConditionsEditorView[Segment]):
    """A segment, new or not: one form for its names, one nested form for what it says."""

    model = Segment
    form_class = SegmentForm
    name = "segment"
    page = "segments/edit.html"
    fragment = "segments/_document.html"
    empty = empty_group()

    def save(self, form: "BaseModelForm[Segment]", raw: Raw) -> HttpResponse | Sequence[FieldError]:
        """Save it, or say what is wrong; live rules keep the text that they have."""
        is_right, errors = form.is_valid(), _mistakes(form.instance, raw)
        if not is_right or errors:
            return errors
        segment: Segment = form.save(commit=False)
        save_segment(segment, group_of(raw), user=self.request.user, now=timezone.now())  # type: ignore[arg-type]  # a logged-in user
        words = _("“%(name)s” is saved. Live rules keep the text that they were published with.")
        messages.success(self.request, words % {"name": segment.name})
        return redirect("engage_dashboard:engage-segment-edit", segment.pk)

    def segments_of(self, edited: Segment) -> Mapping[str, str]:
        """Return the others."""
        return other_names(segment_names(), edited)

    def words_of(self, edited: Segment, raw: Raw) -> str:
        """Return what it says."""
        return words_of_segment(raw, texts_for(edited))

    def more_context(self, edited: Segment) -> dict[str, Any]:
        """Return where it is used."""
        return {"uses": read_uses(edited, now=timezone.now()) if edited.pk else None}


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
