"""How is an article written in a file? Some lines "name: value", an empty line, and the text; ``topics.toml`` names topics.

Pure: texts in, values out. What is wrong is said with the file and the line.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from oscar_engage.helpcenter.markup import LONGEST, wrong_links

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LIMITS = {"title": 160, "topic": 60, "summary": 300, "words": 500, "asked": 2000, "anchor": 300}
_NEEDED = ("title", "topic", "summary")
_LONGEST_SLUG = 60


class WrongFileError(ValueError):
    """A file that cannot be loaded: which one, the line (from 1), and what is wrong with it."""

    def __init__(self, name: str, line: int, what: str) -> None:
        super().__init__(f"{name}, line {line}: {what}")
        self.line = line


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFile:
    """One article in one language, as its file says; ``asked`` has a question in each line (in the file: with | between)."""

    language: str
    slug: str
    title: str
    topic: str
    summary: str
    words: str
    asked: str
    anchors: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicFile:
    """One topic: its place among the others, and its name by language."""

    slug: str
    order: int
    names: Mapping[str, str]


def check_slug(slug: str, *, name: str) -> str:
    """Return ``slug`` or raise :class:`WrongFileError`: it is a part of addresses."""
    if len(slug) > _LONGEST_SLUG or not _SLUG.fullmatch(slug):
        raise WrongFileError(name, 1, f"{slug!r} is no name: use small letters, digits and single hyphens, at most 60.")
    return slug


def read_article(text: str, *, name: str, language: str, slug: str) -> ArticleFile:
    """Return what the file called ``name`` says, or raise :class:`WrongFileError`."""
    head, body, first = _split(text.removeprefix("\ufeff"), name)
    for key in _NEEDED:
        if not head.get(key):
            raise WrongFileError(name, 1, f"a line that begins with “{key}:” is missing, or empty.")
    _check_body(body, name, first)
    return ArticleFile(
        language=language,
        slug=check_slug(slug, name=name),
        title=head["title"],
        topic=head["topic"],
        summary=head["summary"],
        words=head.get("words", ""),
        asked="\n".join(one.strip() for one in head.get("asked", "").split("|")),
        anchors=head.get("anchor", ""),
        body=body.strip(),
    )


def _split(text: str, name: str) -> tuple[dict[str, str], str, int]:
    """Return the lines at the head, the text below, and the line on which that begins."""
    head: dict[str, str] = {}
    lines = text.splitlines()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            return head, "\n".join(lines[number:]), number + 1
        key, colon, value = line.partition(":")
        key, value = key.strip(), value.strip()
        if not colon or key not in _LIMITS:
            raise WrongFileError(name, number, f"expected one of {', '.join(_LIMITS)}, a colon and a value.")
        if key in head:
            raise WrongFileError(name, number, f"“{key}:” stands here a second time.")
        if len(value) > _LIMITS[key]:
            raise WrongFileError(name, number, f"“{key}:” has {len(value)} characters; {_LIMITS[key]} are the most.")
        head[key] = value
    return head, "", len(lines)


def _check_body(body: str, name: str, first: int) -> None:
    if not body.strip():
        raise WrongFileError(name, first, "there is no text below the first empty line.")
    if len(body) > LONGEST:
        raise WrongFileError(name, first, f"the text has {len(body)} characters; {LONGEST} are the most.")
    for number, line in enumerate(body.splitlines(), start=first):
        for href in wrong_links(line):
            raise WrongFileError(name, number, f"nobody can be led to {href!r}: begin with / or https://.")


def read_topics(text: str, *, name: str) -> tuple[TopicFile, ...]:
    """Return the topics of a TOML text: a table for each, with ``order`` and a name by language."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WrongFileError(name, _line_of_toml(error, text), str(error)) from None
    return tuple(_read_topic(slug, table, text, name) for slug, table in tables.items())


def _read_topic(slug: str, table: object, text: str, name: str) -> TopicFile:
    line = next((number for number, row in enumerate(text.splitlines(), 1) if row.strip() == f"[{slug}]"), 1)
    if not isinstance(table, dict):
        raise WrongFileError(name, line, f"{slug!r} is no topic: write [{slug}] and its names below.")
    names = {key: value for key, value in table.items() if key != "order"}
    order = table.get("order", 0)
    if not isinstance(order, int) or isinstance(order, bool) or order < 0:
        raise WrongFileError(name, line, "“order” is a whole number from 0 on.")
    if not names or not all(isinstance(value, str) and value.strip() for value in names.values()):
        raise WrongFileError(name, line, 'say what the topic is called in each language: en = "Delivery".')
    return TopicFile(slug=check_slug(slug, name=name), order=order, names=names)


def _line_of_toml(error: tomllib.TOMLDecodeError, text: str) -> int:
    found = re.search(r"at line ([0-9]+)", str(error))
    return int(found[1]) if found else max(1, len(text.splitlines()))  # "at end of document"
