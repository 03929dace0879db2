"""The page of what nothing answered: counts for all who may read articles, shoppers' words for who may read conversations."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.generic import View

from oscar_engage.audit.trail import record_action
from oscar_engage.dashboard.desk.views import private
from oscar_engage.dashboard.reports.period import PERIODS, choose_period
from oscar_engage.desk.access import VIEW_PERMISSION, sees_all, visible_to
from oscar_engage.helpcenter.dashboard.views import CHANGE_PERMISSION
from oscar_engage.helpcenter.models import HelpArticle
from oscar_engage.helpcenter.unanswered import read_unanswered


class UnansweredView(View):
    """Questions and searches that led nowhere, grouped by likeness."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show those of the period; that shoppers' words were read is noted."""
        now = timezone.now()
        period = choose_period(request.GET.get("days"), now=now)
        with_texts = request.user.has_perm(VIEW_PERMISSION)
        visible = None if sees_all(request.user) else visible_to(request.user)
        found = read_unanswered(since=period.since, until=period.until, with_texts=with_texts, visible=visible)
        if with_texts and found.questions:
            detail = {"questions": found.asked}
            record_action(
                actor=request.user,
                action="conversations.unanswered_read",
                object_kind="report",
                object_id="unanswered",
                now=now,
                detail=detail,
            )
        can_edit = request.user.has_perm(CHANGE_PERMISSION)
        titles = HelpArticle.objects.order_by("slug", "pk").values_list("slug", "title")
        context = {
            "articles": dict(titles) if can_edit and found.questions else {},
            "found": found,
            "with_texts": with_texts,
            "can_edit": can_edit,
            "period": period,
            "periods": PERIODS,
        }
        return private(render(request, "oscar_engage/helpcenter/dashboard/unanswered.html", context))
