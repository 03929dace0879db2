"""What can answers be made of? Live articles, split at their headings."""

from collections.abc import Sequence

from django.db.models import Count, Max, Sum
from django.utils import translation

from oscar_engage.answers.passage import Passage
from oscar_engage.helpcenter.markup import split_at_headings
from oscar_engage.helpcenter.models import HelpArticle


class HelpCentre:
    """A source of answers (:class:`oscar_engage.answers.sources.Source`)."""

    name = "help centre"

    def version(self) -> str:
        """Return what changes with each publication, and each article taken back or deleted: one query."""
        facts = HelpArticle.objects.filter(live=True).aggregate(
            count=Count("pk"), latest=Max("last_published_at"), revisions=Sum("live_revision_id")
        )
        return f"{facts['count']}/{facts['latest']}/{facts['revisions']}"

    def read(self, language: str) -> Sequence[Passage]:
        """Return the passages of all live articles in ``language``: one query."""
        rows = HelpArticle.objects.filter(live=True, locale__language_code=language).select_related("topic").order_by("slug")
        with translation.override(language):
            return [passage for row in rows for passage in _passages(row, language)]


def _passages(article: HelpArticle, language: str) -> list[Passage]:
    """Return a passage for the summary with what stands before the first heading, and one for each heading."""
    leads = (article.lead,) if article.lead else ()
    parts = split_at_headings(article.blocks)
    if not parts or parts[0][0] is not None:
        parts = ((None, ()), *parts)
    return [
        Passage(
            article=article.slug,
            language=language,
            title=article.title,
            heading=heading.plain if heading else "",
            text="\n".join((*(() if heading else leads), *(block.plain for block in below))),
            url=article.get_absolute_url() + (f"#engage-part-{heading.number}" if heading else ""),
            topic=article.topic.slug,
            words=article.words,
            asked=article.asked,
        )
        for heading, below in parts
    ]
