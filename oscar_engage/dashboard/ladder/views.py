"""The pages of the ladder: its order with figures, and one step's conditions."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.forms import BaseModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from oscar_engage.dashboard.ladder.forms import LadderStepForm
from oscar_engage.dashboard.ladder.reading import read_rungs, words_of
from oscar_engage.dashboard.promises.reading import conditions_of
from oscar_engage.dashboard.reports.period import PERIODS, choose_period
from oscar_engage.dashboard.rules.conditions import ConditionsEditorView
from oscar_engage.dashboard.rules.draft import Raw
from oscar_engage.desk.ladder.models import LadderStep
from oscar_engage.desk.ladder.steps import Step
from oscar_engage.desk.ladder.store import move_step, read_ladder, save_step
from oscar_engage.desk.promises.store import check_conditions
from oscar_engage.modules import is_there
from oscar_engage.rules.errors import FieldError
from oscar_engage.rules.segments.store import PATH

TEMPLATES = "oscar_engage/dashboard/ladder/"
_LIST = "engage_dashboard:engage-ladder"
_EVERYBODY: dict[str, Any] = {"combinator": "and", "rules": []}
"""A group without a line, in which the nested form of a step for everybody begins."""


class LadderView(View):
    """All steps in the order in which they are offered."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them with what they did in the chosen days."""
        period = choose_period(request.GET.get("days"), now=timezone.now())
        context = {"rungs": read_rungs(period.since, period.until), "period": period, "periods": PERIODS}
        return render(request, TEMPLATES + "list.html", context)


class LadderMoveView(View):
    """Move a step up or down."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, step: str) -> HttpResponse:
        """Move it by one place and say where it is now."""
        by = {"up": -1, "down": 1}.get(request.POST.get("to", ""))
        if by is None or step not in set(Step):
            return HttpResponse(status=400)
        move_step(Step(step), by=by, user=request.user, now=timezone.now())
        names = [row.step for row in read_ladder()]
        words = {"step": LadderStep(step=step), "place": names.index(step) + 1}
        messages.success(request, _("“%(step)s” is offered as number %(place)d now.") % words)
        return redirect(_LIST)


class LadderStepView(ConditionsEditorView[LadderStep]):
    """One step: whether it is offered and what it costs, and in the nested form to whom."""

    model = LadderStep
    form_class = LadderStepForm
    name = "rung"
    page = "ladder/step.html"
    fragment = "ladder/_document.html"
    empty = _EVERYBODY

    def get_edited(self) -> LadderStep:
        """Return the step in the address."""
        found = next((row for row in read_ladder() if row.step == self.kwargs["step"] and is_there("steps", row.step)), None)
        if found is None:
            raise Http404
        return found

    def save(self, form: "BaseModelForm[LadderStep]", raw: Raw) -> HttpResponse | Sequence[FieldError]:
        """Save it, or say what is wrong; what was offered before goes on."""
        is_right = form.is_valid()
        document, errors = check_conditions(conditions_of(raw), path=PATH, segments={})
        if not is_right or errors:
            return errors
        row: LadderStep = form.save(commit=False)
        row.document = document
        save_step(row, user=self.request.user, now=timezone.now())
        messages.success(self.request, _("“%(step)s” is saved.") % {"step": row})
        return redirect(_LIST)

    def segments_of(self, edited: LadderStep) -> Mapping[str, str]:
        """Return none: a step's conditions stand by themselves."""
        return {}

    def words_of(self, edited: LadderStep, raw: Raw) -> str:
        """Return to whom it is offered."""
        return words_of(raw)
