"""The surveys' pages: list, form, results and their table as a file."""

import csv
from collections.abc import Iterator
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.dashboard.engagements.lifecycle_views import attempt, number_in
from oscar_engage.dashboard.engagements.preview import read_previews
from oscar_engage.dashboard.engagements.reading import read_head, read_rows
from oscar_engage.dashboard.reports.period import PERIODS, Period, choose_period
from oscar_engage.dashboard.surveys.chart import draw_bars
from oscar_engage.dashboard.surveys.forms import SurveyForm
from oscar_engage.desk.access import VIEW_PERMISSION
from oscar_engage.rules.errors import ChangedMeanwhileError
from oscar_engage.surveys.models import SCORES, Survey, survey_of
from oscar_engage.surveys.read import answers_between, options_of, read_results, surveys_with_counts, written
from oscar_engage.widgets.life.document import as_of
from oscar_engage.widgets.life.publish import PERMISSION, latest_version, publish, save_draft
from oscar_engage.widgets.models import Engagement, EngagementVersion

TEMPLATES = "oscar_engage/dashboard/surveys/"
PER_PAGE = 25
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class SurveyListView(View):
    """All surveys with how many answered lately."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        period = _period(request)
        surveys = list(surveys_with_counts(period.since, period.until))
        heads = read_rows([survey.engagement for survey in surveys], now=timezone.now())
        context = {"rows": list(zip(surveys, heads, strict=True)), "period": period, "periods": PERIODS}
        return render(request, TEMPLATES + "list.html", context)


class SurveyEditorView(View):
    """A survey's form; an address that names none is for a new one. What is typed becomes a draft of its engagement."""

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Show the newest draft."""
        engagement, latest = self._open(pk)
        return self._page(SurveyForm(engagement=engagement), engagement, latest)

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Save a draft, and publish it where that was asked for; or show what is typed so far, or what is wrong with it."""
        engagement, latest = self._open(pk)
        form = SurveyForm(request.POST, engagement=engagement)
        if "preview" in request.POST:
            return render(
                request, "oscar_engage/dashboard/engagements/_preview.html", {"previews": read_previews(form.shown())}
            )
        if not form.is_valid():
            return self._page(form, engagement, latest, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        typed = form.typed()
        try:
            version = save_draft(typed, user=request.user, now=timezone.now(), base=number_in(request, "base"))  # type: ignore[arg-type]  # a logged-in user
        except ChangedMeanwhileError as error:
            words = _("Version %(number)d was saved meanwhile. Below is what you typed: saving it again makes it the newest.")
            messages.warning(request, words % {"number": error.number})
            return self._page(form, engagement, latest, status=HTTPStatus.CONFLICT)
        said = {"number": version.number, "title": version.document["title"]}
        messages.success(request, _("Draft %(number)d of “%(title)s” is saved.") % said)
        if "publish" in request.POST and request.user.has_perm(PERMISSION):
            attempt(request, lambda: self._publish(typed, version))
        return redirect("engage_dashboard:engage-survey-edit", Survey.objects.get(engagement=typed).pk)

    def _publish(self, engagement: Engagement, version: EngagementVersion) -> str:
        publish(engagement, user=self.request.user, now=timezone.now(), expected=version.number)  # type: ignore[arg-type]  # a logged-in user
        return _("“%(title)s” is live.") % {"title": engagement.title}

    def _open(self, pk: int | None) -> tuple[Engagement, EngagementVersion | None]:
        """Return the survey's engagement as its newest draft says, with that."""
        if pk is None:
            return Engagement(widget="survey"), None
        engagement = _survey(pk).engagement
        latest = latest_version(engagement)
        return (engagement if latest is None else as_of(engagement, latest.document)), latest

    def _page(
        self, form: SurveyForm, shown: Engagement, base: EngagementVersion | None, *, status: int = HTTPStatus.OK
    ) -> HttpResponse:
        stored = Engagement.objects.get(pk=shown.pk) if shown.pk else shown
        context = {
            "form": form,
            "engagement": stored,
            "survey": survey_of(stored) if stored.pk else None,
            "head": read_head(stored, self.request.user, now=timezone.now()) if stored.pk else None,
            "base": base,
            "previews": read_previews(form.shown() if form.is_bound else shown),
            "by_two": get_settings().engagements_by_two,
            "zone": timezone.get_current_timezone_name(),
        }
        return render(self.request, TEMPLATES + "edit.html", context, status=status)


class SurveyResultsView(View):
    """What was answered: shares for who may read reports; own words for who may read conversations."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show shares and words."""
        survey, period = _survey(pk), _period(request)
        results = read_results(survey, period.since, period.until)
        may_read = request.user.has_perm(VIEW_PERMISSION)
        texts = written(answers_between(survey, period.since, period.until))
        context = {
            "survey": survey,
            "period": period,
            "periods": PERIODS,
            "results": results,
            "chart": draw_bars(results.shares),
            "may_read": may_read,
            "texts": Paginator(texts, PER_PAGE).get_page(request.GET.get("page")) if may_read else None,
            "labels": dict(options_of(survey)),
        }
        return render(request, TEMPLATES + "results.html", context)


class SurveyFileView(View):
    """The answers as a table; own words only for who may read conversations."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send it, and note that it was sent."""
        survey, period, now = _survey(pk), _period(request), timezone.now()
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="survey-{survey.engagement.slug}-{now:%Y%m%d}.csv"'
        response["X-Content-Type-Options"] = "nosniff"
        with_text = request.user.has_perm(VIEW_PERMISSION)
        csv.writer(response).writerows(_rows(survey, period.since, period.until, with_text=with_text))
        with transaction.atomic(using=get_settings().database):
            record_action(actor=request.user, action="survey.exported", object_kind="survey", object_id=pk, now=now)
        return response


def _survey(pk: int) -> Survey:
    return get_object_or_404(Survey.objects.select_related("engagement"), pk=pk)


def _period(request: HttpRequest) -> Period:
    return choose_period(request.GET.get("days"), now=timezone.now())


def _rows(survey: Survey, since: datetime, until: datetime, *, with_text: bool) -> Iterator[list[Any]]:
    """Yield the head and a row for each answer. Nothing in it tells who answered."""
    yield ["day", "score" if survey.kind in SCORES else "answer", *(["text"] if with_text else [])]
    for given in answers_between(survey, since, until).iterator():
        said = given.choice if given.score is None else given.score
        yield [timezone.localdate(given.at).isoformat(), said, *([_plain(given.text)] if with_text else [])]


def _plain(text: str) -> str:
    """Return ``text`` so that a spreadsheet takes it for words: what begins like a formula is quoted."""
    return f"'{text}" if text.startswith(_FORMULA) else text
