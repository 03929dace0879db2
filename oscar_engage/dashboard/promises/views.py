"""The pages of promises: both lists on one, an editor for each, deleting what nobody relies on."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings as django_settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from oscar_engage.dashboard.fragment import is_htmx
from oscar_engage.dashboard.promises.forms import OpeningHoursForm, PolicyForm
from oscar_engage.dashboard.promises.reading import conditions_of, read_hours, read_policies, words_of
from oscar_engage.dashboard.rules.controls import build_form, id_of
from oscar_engage.dashboard.rules.draft import Raw, read_draft
from oscar_engage.dashboard.rules.offer import offer_segments
from oscar_engage.dashboard.rules.undo import offer as offer_undo
from oscar_engage.dashboard.rules.undo import press
from oscar_engage.desk.promises.models import OpeningHours, Policy
from oscar_engage.desk.promises.shipped import create_ready_policies
from oscar_engage.desk.promises.store import (
    InUseError,
    check_conditions,
    delete_hours,
    delete_policy,
    save_hours,
    save_policy,
)
from oscar_engage.rules.errors import FieldError
from oscar_engage.rules.segments.store import PATH, segment_names, segment_texts

TEMPLATES = "oscar_engage/dashboard/promises/"
_LIST = "engage_dashboard:engage-promises"
_NOBODY: dict[str, Any] = {"combinator": "and", "rules": []}
"""A group without a line, in which the nested form of a policy for everybody begins."""


class PromisesView(View):
    """All policies in the order in which they are asked, and all opening hours."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        return render(request, TEMPLATES + "list.html", {"policies": read_policies(), "hours": read_hours()})


class PolicyEditorView(View):
    """A policy, new or not: one form for what is promised, one nested form for whom."""

    def get_policy(self) -> Policy:
        """Return the policy in the address; an address that names none is for a new one, which is not saved yet."""
        return get_object_or_404(Policy, pk=self.kwargs["pk"]) if "pk" in self.kwargs else Policy()

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show what is stored, or the form of a new policy."""
        policy = self.get_policy()
        return self._page(PolicyForm(instance=policy), {PATH: policy.document or _NOBODY})

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do what the pressed button says; whatever it is, nothing that was typed is lost."""
        raw, form = read_draft(request.POST.lists()), PolicyForm(request.POST, instance=self.get_policy())
        edit = request.POST.get("edit", "")
        if not edit:
            return self._save(form, raw)
        pressed = press(raw, edit, request.POST.getlist("removed"))
        if is_htmx(request):
            template = "rules/_sentence.html" if edit == "preview" else "promises/_document.html"
            context = self._document_context(pressed.raw, place=pressed.place, removed=pressed.removed)
            return render(request, "oscar_engage/dashboard/" + template, context | {"is_fragment": True})
        return self._page(form, pressed.raw, place=pressed.place, removed=pressed.removed, is_checked=False)

    def _save(self, form: PolicyForm, raw: Raw) -> HttpResponse:
        is_right = form.is_valid()
        document, errors = check_conditions(conditions_of(raw), path=PATH, segments=segment_texts())
        if not is_right or errors:
            return self._page(form, raw, errors=errors, status=422)
        policy: Policy = form.save(commit=False)
        policy.document = document
        save_policy(policy, user=self.request.user, now=timezone.now())
        messages.success(
            self.request, _("“%(name)s” is saved. It holds for what is asked from now on.") % {"name": policy.name}
        )
        return redirect(_LIST)

    def _document_context(
        self, raw: Raw, *, errors: Sequence[FieldError] = (), place: str = "", removed: Sequence[str] = ()
    ) -> dict[str, Any]:
        return {
            "document": offer_segments(build_form(raw, engagements={}, errors=errors), segment_names()),
            "words": words_of(raw, segment_texts()),
            "focus": id_of(place) if place else "",
            "removed": removed,
            "undo": offer_undo(raw, removed),
        }

    def _page(self, form: PolicyForm, raw: Raw, *, status: int = 200, is_checked: bool = True, **kwargs: Any) -> HttpResponse:
        context = {
            **self._document_context(raw, **kwargs),
            "form": form,
            "show_form_errors": is_checked and form.is_bound,
            "policy": self.get_policy(),
        }
        return render(self.request, TEMPLATES + "policy.html", context, status=status)


class PoliciesReadyView(View):
    """Create the ready policies."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Create those that are not there yet, and say how many."""
        currency = getattr(django_settings, "OSCAR_DEFAULT_CURRENCY", "GBP")
        made = create_ready_policies(currency=currency, user=request.user, now=timezone.now())
        words = ngettext("%(count)d policy is created.", "%(count)d policies are created.", len(made))
        messages.success(request, words % {"count": len(made)})
        return redirect(_LIST)


class HoursEditorView(View):
    """Opening hours, new or not."""

    def get_hours(self) -> OpeningHours:
        """Return the hours in the address; an address that names none is for new ones, which are not saved yet."""
        return get_object_or_404(OpeningHours, pk=self.kwargs["pk"]) if "pk" in self.kwargs else OpeningHours()

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show what is stored, or the form of new hours."""
        return self._page(OpeningHoursForm(instance=self.get_hours()))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Save them, or say what to type."""
        form = OpeningHoursForm(request.POST, instance=self.get_hours())
        if not form.is_valid():
            return self._page(form, status=422)
        hours: OpeningHours = form.save(commit=False)
        save_hours(hours, user=request.user, now=timezone.now())
        messages.success(request, _("“%(name)s” are saved. What was promised stays.") % {"name": hours.name})
        return redirect(_LIST)

    def _page(self, form: OpeningHoursForm, *, status: int = 200) -> HttpResponse:
        context = {"form": form, "show_form_errors": form.is_bound, "hours": self.get_hours()}
        return render(self.request, TEMPLATES + "hours.html", context, status=status)


class PolicyDeleteView(View):
    """Delete a policy that no open conversation goes by."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete it, or say which conversations to close first."""
        policy = get_object_or_404(Policy, pk=pk)
        try:
            delete_policy(policy, user=request.user, now=timezone.now())
        except InUseError as error:
            words = {"name": policy, "users": ", ".join(error.users[:5])}
            hint = _("“%(name)s” holds for open conversations: %(users)s. Take it out of use instead.")
            messages.error(request, hint % words)
            return redirect("engage_dashboard:engage-policy-edit", pk)
        messages.success(request, _("“%(name)s” is deleted.") % {"name": policy})
        return redirect(_LIST)


class HoursDeleteView(View):
    """Delete opening hours that no policy has."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete them, or say which policies have them."""
        hours = get_object_or_404(OpeningHours, pk=pk)
        try:
            delete_hours(hours, user=request.user, now=timezone.now())
        except InUseError as error:
            users = ", ".join(f"“{user}”" for user in error.users)
            words = {"name": hours, "users": users}
            messages.error(request, _("“%(name)s” is used by %(users)s. Take it out there first.") % words)
            return redirect("engage_dashboard:engage-opening-hours-edit", pk)
        messages.success(request, _("“%(name)s” is deleted.") % {"name": hours})
        return redirect(_LIST)
