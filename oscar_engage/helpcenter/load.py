"""How do files become articles? All of a folder at once or nothing; what did not change since is left alone."""

import hashlib
from dataclasses import astuple, dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from wagtail.models import Locale

from oscar_engage.helpcenter.files import ArticleFile, TopicFile, WrongFileError, read_article, read_topics
from oscar_engage.helpcenter.models import HelpArticle, HelpTopic, languages
from oscar_engage.helpcenter.publish import draft_of, locale_of, publish, save_draft

TOPICS = "topics.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """How many articles were new, changed, left alone; and those that somebody has changed by hand, which are kept."""

    created: int = 0
    changed: int = 0
    same: int = 0
    by_hand: tuple[str, ...] = ()


def read_folder(folder: Path) -> tuple[tuple[TopicFile, ...], tuple[ArticleFile, ...]]:
    """Return what stands in ``folder``, or raise :class:`WrongFileError` with the first thing that is wrong."""
    path = folder / TOPICS
    if not path.is_file():
        raise WrongFileError(str(path), 1, "there is no such file: it says what the topics are called.")
    topics = read_topics(_text(path), name=str(path))
    articles = tuple(_read(path, code) for code, _name in languages() for path in sorted((folder / code).glob("*.md")))
    _check_topics(folder, topics, articles)
    return topics, articles


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise WrongFileError(str(path), line, "this is no UTF-8.") from None


def _read(path: Path, language: str) -> ArticleFile:
    return read_article(_text(path), name=str(path), language=language, slug=path.stem)


def _check_topics(folder: Path, topics: tuple[TopicFile, ...], articles: tuple[ArticleFile, ...]) -> None:
    known = {topic.slug for topic in topics}
    of_article: dict[str, str] = {}
    for article in articles:
        name = str(folder / article.language / f"{article.slug}.md")
        if article.topic not in known:
            raise WrongFileError(name, 1, f"there is no topic {article.topic!r} in {TOPICS}.")
        if of_article.setdefault(article.slug, article.topic) != article.topic:
            raise WrongFileError(name, 1, f"in another language its topic is {of_article[article.slug]!r}.")


def load(folder: Path, *, now: datetime) -> Loaded:
    """Write and publish what stands in ``folder``, all or nothing. What is not in it stays."""
    topics, articles = read_folder(folder)
    with transaction.atomic():
        rows = {topic.slug: _write_topic(topic) for topic in topics}
        locales = {code: locale_of(code) for code in {article.language for article in articles}}
        outcomes = [(article, _write(article, rows[article.topic], locales[article.language], now)) for article in articles]
    told = [outcome for _article, outcome in outcomes]
    return Loaded(
        created=told.count("created"),
        changed=told.count("changed"),
        same=told.count("same"),
        by_hand=tuple(f"{article.language}/{article.slug}" for article, outcome in outcomes if outcome == "by hand"),
    )


def _write_topic(topic: TopicFile) -> HelpTopic:
    defaults = {"names": dict(topic.names), "order": topic.order}
    return HelpTopic.objects.update_or_create(slug=topic.slug, defaults=defaults)[0]


def _write(file: ArticleFile, topic: HelpTopic, locale: Locale, now: datetime) -> str:
    digest = hashlib.sha256("\0".join(astuple(file)).encode()).hexdigest()
    article = HelpArticle.objects.filter(slug=file.slug, locale=locale).select_related("latest_revision").first()
    if article is not None:
        kept = draft_of(article).digest
        if kept in (digest, ""):
            return "same" if kept else "by hand"
    outcome = "created" if article is None else "changed"
    article = article or HelpArticle(slug=file.slug, locale=locale, **_key(file.slug))
    article.title, article.summary, article.body = file.title, file.summary, file.body
    article.words, article.asked, article.anchors = file.words, file.asked, file.anchors
    article.topic, article.digest = topic, digest
    save_draft(article, user=None, now=now)
    publish(article, user=None, now=now, is_approved=True)
    return outcome


def _key(slug: str) -> dict[str, object]:
    """Return the key that the article has in its other languages."""
    key = HelpArticle.objects.filter(slug=slug).values_list("translation_key", flat=True).first()
    return {"translation_key": key} if key else {}
