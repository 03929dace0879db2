"""The page of priorities: the formula, tried on examples before it is saved."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from oscar_engage.dashboard.priorities.forms import PrioritiesForm
from oscar_engage.dashboard.priorities.reading import read_changes, read_examples
from oscar_engage.decisions.order.store import read_formula, read_row, save_row

TEMPLATE = "oscar_engage/dashboard/priorities/page.html"


class PrioritiesView(View):
    """The formula that counts now, or, posted, one that is only tried: nothing is written."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the formula and what it comes to."""
        return _page(request, _form(request))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Show what the typed formula would come to, or what to type instead."""
        form = _form(request)
        return _page(request, form, status=200 if form.is_valid() else 422)


class PrioritiesSaveView(View):
    """Have the formula count from the next beat on."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save it, or say what to type instead."""
        form = _form(request)
        if not form.is_valid():
            return _page(request, form, status=422)
        if save_row(form.save(commit=False), user=request.user, now=timezone.now()):
            messages.success(request, _("The priorities are saved. They count from now on."))
        else:
            messages.info(request, _("Nothing was changed."))
        return redirect("engage_dashboard:engage-priorities")


def _form(request: HttpRequest) -> PrioritiesForm:
    may_save = request.user.has_perm("oscar_engage.publish_rule")
    return PrioritiesForm(request.POST if request.method == "POST" else None, instance=read_row(), may_save=may_save)


def _page(request: HttpRequest, form: PrioritiesForm, *, status: int = 200) -> HttpResponse:
    is_tried = form.is_bound and form.is_valid()
    tried = form.cleaned_data if is_tried else {}
    formula = read_formula() if form.errors else form.instance.formula  # what was wrong is half written into the instance
    examples = read_examples(formula, basket=tried.get("basket"), customer=tried.get("customer"))
    context = {"form": form, "examples": examples, "changes": read_changes(), "is_tried": is_tried}
    return render(request, TEMPLATE, context, status=status)
