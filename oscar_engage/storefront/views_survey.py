"""What did the shopper answer to a survey? Taken once, from who was asked; the page does the same without the card."""

import uuid
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from oscar_engage.decisions.models import Decision
from oscar_engage.signals import record
from oscar_engage.storefront.answers import private, render_gone, render_panel
from oscar_engage.storefront.forms_survey import SurveyForm
from oscar_engage.storefront.identity import recognise
from oscar_engage.surveys.answer import NotAskedError, access_asked, answer, find_answer
from oscar_engage.surveys.models import Survey
from oscar_engage.surveys.widget import tell


@private
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, decision_id: uuid.UUID) -> HttpResponse:
    """Ask, or keep the answer and thank; what nobody asked this shopper is not here."""
    visitor, now = recognise(request), timezone.now()
    try:
        asked, its = access_asked(visitor.pk if visitor else None, decision_id, now=now)
    except NotAskedError:
        return render_gone(request)
    if find_answer(asked) is not None:
        return _show(request, asked, its, None)
    if request.method != "POST":
        chosen = {name: request.GET[name] for name in ("choice", "score") if name in request.GET}
        return _show(request, asked, its, SurveyForm(its, initial=chosen))
    form = SurveyForm(its, request.POST)
    if not form.is_valid():
        return _show(request, asked, its, form, status=422)
    _keep(request, asked, its, form, now=now)
    return _show(request, asked, its, None)


def _keep(request: HttpRequest, asked: Decision, its: Survey, form: SurveyForm, *, now: datetime) -> None:
    given = answer(asked, its, now=now, **form.answer())
    record(request, "survey.answered", survey=asked.engagement, choice=given.choice, score=given.score)


def _show(request: HttpRequest, asked: Decision, its: Survey, form: SurveyForm | None, *, status: int = 200) -> HttpResponse:
    context = {"title": _("One question"), "decision_id": asked.pk, "form": form, **tell(its)}
    return render_panel(request, "survey", context, page_status=status)
