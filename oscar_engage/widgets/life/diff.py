"""What is different between two versions of an engagement? Field by field, wording by wording, language by language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from oscar_engage.widgets.contents.registry import CONTENTS
from oscar_engage.widgets.languages import language_name
from oscar_engage.widgets.life.document import PLAIN
from oscar_engage.widgets.life.parts import PARTS
from oscar_engage.widgets.registry import WIDGETS
from oscar_engage.widgets.wordings import own_language
from oscar_engage.widgets.words import FIRST, WHOLE

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One place, in words, and what stood there ``before`` and ``after``; empty for what was not there."""

    place: str
    before: str
    after: str


def diff(old: Document, new: Document) -> list[Change]:
    """Return what changed from ``old`` to ``new``, in the order of the form."""
    before, after = dict(_places(old)), dict(_places(new))
    return [
        Change(place, before.get(place, ""), after.get(place, ""))
        for place in dict.fromkeys([*after, *before])
        if before.get(place, "") != after.get(place, "")
    ]


def _places(document: Document) -> Iterator[tuple[str, str]]:
    """Give every place of the document with what stands there, as people read it."""
    widget = str(document["widget"])
    yield _("widget"), str(WIDGETS.get(widget).label) if widget in WIDGETS else widget
    yield _("page element"), str(document["anchor"])
    if "part" in document and widget in PARTS:
        yield from PARTS.get(widget).places(str(document["title"]), document["part"])
        yield from _times(document)
        return
    own = {key: str(document[key]) for key in ("title", "body", "button")}
    variants = list(document["variants"])
    if variants:
        yield _share(FIRST), _percent(WHOLE - sum(variant["share"] for variant in variants))
    yield from _texts(FIRST, {own_language(): own, **document["translations"]})
    for variant in variants:
        yield _share(variant["name"]), _percent(variant["share"])
        yield from _texts(variant["name"], variant["texts"])
    yield from _content(document)
    yield from _times(document)


def _times(document: Document) -> Iterator[tuple[str, str]]:
    yield _("starts at"), _moment(document["starts_at"])
    yield _("ends at"), _moment(document["ends_at"])


def _texts(name: str, texts: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    labels = {"title": _("title"), "body": _("text"), "button": _("button")}
    for language in sorted(texts):
        for key, label in labels.items():
            words = {"name": name, "language": language_name(language), "field": label}
            yield _("wording %(name)s, %(language)s, %(field)s") % words, texts[language].get(key, "")


def _content(document: Document) -> Iterator[tuple[str, str]]:
    """Give the kind of content and its settings, by the names that its form gives them."""
    name = str(document.get("content", PLAIN))
    kind = CONTENTS.get(name) if name in CONTENTS else None
    yield _("content"), str(kind.label) if kind else name
    fields = kind.form_class.base_fields if kind else {}
    for key, value in document.get("settings", {}).items():
        label = (fields[key].label if key in fields else "") or key
        yield _("content, %(field)s") % {"field": label}, str(value)


def _share(name: str) -> str:
    return _("wording %(name)s, share") % {"name": name}


def _percent(share: int) -> str:
    return f"{share} %"


def _moment(text: str | None) -> str:
    moment = parse_datetime(text) if text else None
    return "" if moment is None else date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
