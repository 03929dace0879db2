"""What does the page "Service" say? Topics and channels in words, each figure beside that of the days compared with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from oscar_engage.analytics.costs.rates import Channel
from oscar_engage.analytics.deflection.read import ContactFigures, HelpFigures, ServiceReport
from oscar_engage.analytics.interval import Rate, wilson
from oscar_engage.dashboard.reports.chart import Line, Lines, draw_lines
from oscar_engage.dashboard.templatetags.engage_numbers import number
from oscar_engage.desk.ratings.steps import StepFigures
from oscar_engage.desk.topics.models import Topic

CHANNELS: Mapping[str, Any] = {
    Channel.NOTE: pgettext_lazy("channel of a contact", "Note"),
    Channel.CHAT: pgettext_lazy("channel of a contact", "Chat"),
    Channel.MAIL: pgettext_lazy("channel of a contact", "Mail"),
    Channel.CALL: pgettext_lazy("channel of a contact", "Call"),
}
STEPS: Mapping[str, Any] = {
    "article": pgettext_lazy("step of help", "Article"),
    "suggestion": pgettext_lazy("step of help", "Found while writing"),
    "answer": pgettext_lazy("step of help", "Automatic answer"),
}
OPEN_DAYS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRow:
    """One topic: contacts by channel in the order of the columns, and what all of them together say; ``other``: before."""

    name: str
    by_channel: tuple[int, ...]
    figures: ContactFigures
    other: ContactFigures | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpRow:
    """One step of help without an agent."""

    name: Any
    figures: HelpFigures
    other: HelpFigures | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WordRow:
    """What shoppers said of help with an agent, or without."""

    name: str
    figures: StepFigures
    rate: Rate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePage:
    """All that the page shows. ``open_since``: the first of its days that may still change; ``None``: none."""

    report: ServiceReport
    other: ServiceReport | None
    channels: tuple[Any, ...]
    topics: tuple[TopicRow, ...]
    steps: tuple[HelpRow, ...]
    words: tuple[WordRow, ...]
    chart: Lines | None
    open_since: date | None

    @property
    def is_empty(self) -> bool:
        """Whether nobody asked, and nobody was shown help."""
        return not self.report.contacts and not self.report.help


def topic_names() -> dict[str, str]:
    """Return the desk's topics by their short names; one query."""
    return dict(Topic.objects.order_by("name", "pk").values_list("slug", "name"))


def name_topic(slug: str, names: Mapping[str, str]) -> str:
    """Return a topic's name; one that was deleted keeps its short name."""
    return names.get(slug, slug) if slug else _("Topic not known")


def describe_service(
    report: ServiceReport, other: ServiceReport | None, *, names: Mapping[str, str], today: date
) -> ServicePage:
    """Return what is shown of ``report``, beside ``other`` if days are compared."""
    channels = tuple(report.by_channel())
    open_since = max(report.since, today - timedelta(days=OPEN_DAYS))
    return ServicePage(
        report=report,
        other=other,
        channels=tuple(CHANNELS[channel] for channel in channels),
        topics=_topics(report, other, channels, names),
        steps=_steps(report, other),
        words=_words(report),
        chart=_chart(report, channels),
        open_since=open_since if open_since < report.until else None,
    )


def _topics(
    report: ServiceReport, other: ServiceReport | None, channels: Sequence[str], names: Mapping[str, str]
) -> tuple[TopicRow, ...]:
    slugs = {topic for _channel, topic in (*report.contacts, *(other.contacts if other else ()))}
    rows = (
        TopicRow(
            name=name_topic(slug, names),
            by_channel=tuple(report.contacts.get((channel, slug), ContactFigures()).to_agent for channel in channels),
            figures=_of_topic(report, slug),
            other=_of_topic(other, slug) if other else None,
        )
        for slug in slugs
    )
    return tuple(sorted(rows, key=lambda row: (-row.figures.to_agent, row.name)))


def _of_topic(report: ServiceReport, slug: str) -> ContactFigures:
    return sum((figures for (_channel, topic), figures in report.contacts.items() if topic == slug), ContactFigures())


def _steps(report: ServiceReport, other: ServiceReport | None) -> tuple[HelpRow, ...]:
    now, before = report.by_step(), other.by_step() if other else {}
    return tuple(
        HelpRow(
            name=label,
            figures=now.get(step, HelpFigures()),
            other=before.get(step, HelpFigures()) if other else None,
        )
        for step, label in STEPS.items()
        if step in now or step in before
    )


def _words(report: ServiceReport) -> tuple[WordRow, ...]:
    alone, served = report.by_whom()
    return tuple(
        WordRow(name=name, figures=figures, rate=wilson(figures.helped, figures.judged) if figures.judged else None)
        for name, figures in ((_("Without an agent"), alone), (_("By an agent"), served))
    )


def _chart(report: ServiceReport, channels: Sequence[str]) -> Lines | None:
    days = [report.since + timedelta(days=place) for place in range((report.until - report.since).days)]
    known = report.contacts_by_day
    lines = [
        Line(CHANNELS[channel], [known[day].get(channel, 0) if day in known else None for day in days]) for channel in channels
    ]
    return draw_lines(days, lines, say=number, say_day=lambda day: date_format(day, "SHORT_DATE_FORMAT"))
