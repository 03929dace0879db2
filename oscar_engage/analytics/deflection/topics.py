"""What are articles about, in the desk's own topics? By the short name, where a topic of both has the same."""

from collections.abc import Mapping

from django.conf import settings as django_settings

from oscar_engage.answers.sources import SOURCES
from oscar_engage.desk.topics.models import Topic


def topics_of_articles() -> Mapping[str, str]:
    """Return for the slug of an article the short name of its topic; one that the desk does not have is left out.

    One query, and what each source of answers needs to be read once for each of the shop's languages.
    """
    known = set(Topic.objects.values_list("slug", flat=True))
    codes = dict.fromkeys(code for code, _name in django_settings.LANGUAGES if code) if len(SOURCES) else {}
    read = (passage for source in SOURCES for code in codes for passage in source.read(code))
    return {passage.article: passage.topic for passage in read if passage.topic in known}
