"""What does each article do? How often it was opened, whom it helped, and who asked afterwards all the same."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.fields import DateTimeField

from oscar_engage.analytics.basket_ends import LOST_KINDS, ORDERED_KIND
from oscar_engage.analytics.interval import Rate, wilson
from oscar_engage.desk.models import Conversation
from oscar_engage.desk.ratings.models import Step, StepRating
from oscar_engage.helpcenter.models import HelpArticle
from oscar_engage.signals.models import SignalRecord

AFTERWARDS = timedelta(days=1)
"""Who asks within so long of opening an article asked all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleReport:
    """One article in all its languages. ``asked_anyway``: of the times it was opened, after how many a question came.

    ``lost`` and ``ordered``: after how many the shopper left a basket behind within a day, or else ordered one.
    """

    slug: str
    title: str
    languages: tuple[str, ...]
    opened: int = 0
    asked_anyway: int = 0
    judged: int = 0
    helped: int = 0
    lost: int = 0
    ordered: int = 0

    @property
    def lost_rate(self) -> Rate | None:
        """Share of the times after which a basket was lost, of those after which one ended; ``None``: none did."""
        return wilson(self.lost, self.lost + self.ordered) if self.lost + self.ordered else None

    @property
    def not_helped(self) -> int:
        """How many said that it did not help."""
        return self.judged - self.helped

    @property
    def asked_rate(self) -> Rate | None:
        """Share of the times it was opened after which a question came; ``None``: it was not opened."""
        return wilson(self.asked_anyway, self.opened) if self.opened else None

    @property
    def helped_rate(self) -> Rate | None:
        """Share of those it helped, of those who said; ``None``: nobody did."""
        return wilson(self.helped, self.judged) if self.judged else None


def report_articles(*, since: datetime, until: datetime) -> tuple[ArticleReport, ...]:
    """Return every article that is live, the most opened in ``[since, until)`` first: three queries."""
    opened, judged = _opened(since, until), _judged(since, until)
    versions: dict[str, list[HelpArticle]] = {}
    live = HelpArticle.objects.filter(live=True).select_related("locale").defer("body").order_by("slug", "locale_id")
    for version in live:
        versions.setdefault(version.slug, []).append(version)
    reports = (
        ArticleReport(
            slug=slug,
            title=rows[0].title,
            languages=tuple(row.language for row in rows),
            **dict(zip(("opened", "asked_anyway", "lost", "ordered"), opened.get(slug, (0, 0, 0, 0)), strict=True)),
            **dict(zip(("judged", "helped"), judged.get(slug, (0, 0)), strict=True)),
        )
        for slug, rows in versions.items()
    )
    return tuple(sorted(reports, key=lambda report: (-report.opened, -report.judged, report.slug)))


def _opened(since: datetime, until: datetime) -> dict[str, tuple[int, ...]]:
    later = ExpressionWrapper(OuterRef("at") + AFTERWARDS, output_field=DateTimeField())
    asked = Conversation.objects.filter(visitor_id=OuterRef("visitor_id"), created_at__gt=OuterRef("at"), created_at__lte=later)
    within = {"visitor_id": OuterRef("visitor_id"), "at__gt": OuterRef("at"), "at__lte": later}
    lost = Exists(SignalRecord.objects.filter(kind__in=LOST_KINDS, **within))
    ordered = Exists(SignalRecord.objects.filter(kind=ORDERED_KIND, **within))
    rows = SignalRecord.objects.filter(kind="help.opened", at__gte=since, at__lt=until).exclude(payload__article="")
    counted = rows.annotate(slug=F("payload__article")).values_list("slug").order_by()
    found = counted.annotate(
        opened=Count("pk"),
        anyway=Count("pk", filter=Q(Exists(asked))),
        lost=Count("pk", filter=Q(lost) & ~Q(ordered)),
        ordered=Count("pk", filter=Q(ordered)),
    )
    return {str(slug): tuple(numbers) for slug, *numbers in found}


def _judged(since: datetime, until: datetime) -> dict[str, tuple[int, int]]:
    rows = StepRating.objects.filter(step=Step.ARTICLE, at__gte=since, at__lt=until).values_list("subject").order_by()
    found = rows.annotate(judged=Count("pk"), helped_by=Count("pk", filter=Q(helped=True)))
    return {subject: (judged, helped) for subject, judged, helped in found}
