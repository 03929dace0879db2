"""How does each wording do? Offered, seen, accepted and dismissed, counted from the decisions since the words are live."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.generic import View

from oscar_engage.analytics.interval import FEWEST_VISITORS, Rate, rate_or_nothing
from oscar_engage.dashboard.engagements.reading import read_head
from oscar_engage.decisions.models import Decision
from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.wordings import own_language, wordings_of, words_of
from oscar_engage.widgets.words import FIRST


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One wording; ``share`` is ``None`` when it is not live any more, ``accepting`` of those who saw it while they are few."""

    name: str
    share: int | None
    title: str
    offered: int
    seen: int
    accepted: int
    dismissed: int
    accepting: Rate | None


def read_figures(engagement: Engagement, *, since: datetime | None) -> Sequence[Figures]:
    """Return a line for each wording that is live or was offered ``since`` then; one query."""
    wordings = {wording.name: wording for wording in wordings_of(engagement)}
    offered = Decision.objects.filter(engagement=engagement.slug, offered_at__isnull=False)
    if since is not None:
        offered = offered.filter(offered_at__gte=since)
    counts = offered.values("variant").annotate(
        offered=Count("pk"), seen=Count("seen_at"), accepted=Count("accepted_at"), dismissed=Count("dismissed_at")
    )
    totals = {name: [0, 0, 0, 0] for name in wordings}
    for row in counts.order_by():
        before = totals.get(row["variant"] or FIRST, [0, 0, 0, 0])
        counted = (row["offered"], row["seen"], row["accepted"], row["dismissed"])
        totals[row["variant"] or FIRST] = [had + more for had, more in zip(before, counted, strict=True)]
    return [
        Figures(
            name=name,
            share=wordings[name].share if name in wordings else None,
            title=words_of(engagement, own_language(), name).title if name in wordings else "",
            offered=line[0],
            seen=line[1],
            accepted=line[2],
            dismissed=line[3],
            accepting=rate_or_nothing(min(line[2], line[1]), line[1]),
        )
        for name, line in sorted(totals.items())
    ]


class EngagementFiguresView(View):
    """The figures of one engagement."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show them since the words were published; ``all`` asks for everything that is still counted."""
        engagement = get_object_or_404(Engagement, pk=pk)
        since = None if "all" in request.GET else engagement.published_at
        context = {
            "engagement": engagement,
            "head": read_head(engagement, request.user, now=timezone.now()),
            "figures": read_figures(engagement, since=since),
            "since": since,
            "fewest": FEWEST_VISITORS,
        }
        return render(request, "oscar_engage/dashboard/engagements/figures.html", context)
