"""The pages of promises: both lists on one, an editor for each, deleting what nobody relies on."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings as django_settings
from django.contrib import messages
from django.forms import BaseModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from oscar_engage.dashboard.promises.forms import OpeningHoursForm, PolicyForm
from oscar_engage.dashboard.promises.reading import conditions_of, read_hours, read_policies, words_of
from oscar_engage.dashboard.rules.conditions import ConditionsEditorView
from oscar_engage.dashboard.rules.draft import Raw
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


class PolicyEditorView(ConditionsEditorView[Policy]):
    """A policy, new or not: one form for what is promised, one nested form for whom."""

    model = Policy
    form_class = PolicyForm
    name = "policy"
    page = "promises/policy.html"
    fragment = "promises/_document.html"
    empty = _NOBODY

    def save(self, form: "BaseModelForm[Policy]", raw: Raw) -> HttpResponse | Sequence[FieldError]:
        """Save it, or say what is wrong; what was promised before goes on."""
        is_right = form.is_valid()
        document, errors = check_conditions(conditions_of(raw), path=PATH, segments=segment_texts())
        if not is_right or errors:
            return errors
        policy: Policy = form.save(commit=False)
        policy.document = document
        save_policy(policy, user=self.request.user, now=timezone.now())
        words = _("“%(name)s” is saved. It holds for what is asked from now on.")
        messages.success(self.request, words % {"name": policy.name})
        return redirect(_LIST)

    def segments_of(self, edited: Policy) -> Mapping[str, str]:
        """Return all of them."""
        return segment_names()

    def words_of(self, edited: Policy, raw: Raw) -> str:
        """Return to whom it is promised."""
        return words_of(raw, segment_texts())


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
