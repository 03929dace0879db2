"""Is this a bundle of rules? The one shape in which rules travel between shops, read from hostile text and written."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from oscar_engage.rules.caps import LARGEST
from oscar_engage.rules.errors import FieldError, InvalidRuleError
from oscar_engage.rules.models import MOST_WORTH, RuleGoal, RulePurpose
from oscar_engage.rules.segments.shelf import SLUG

SCHEMA = 1
LONGEST_BUNDLE = 512 * 1024
MOST_RULES = 200
MOST_OTHERS = 200
LONGEST_NAME = 120
MOST_WORDINGS = 3
"""Beside the first: what the editor of engagements takes."""

_WHOLE = 100
_OTHER_WORDING = re.compile(r"[B-Z]")
_LONGEST_TEXT = 400
_LONGEST_LANGUAGE = 20
_LARGEST_PRIORITY = 1_000_000
_LARGEST_HOLDOUT = 0.5
_AMOUNT = re.compile(r"\d{1,7}(\.\d{1,2})?", re.ASCII)
OWN = ("goal", "goal_value", *LARGEST)
"""The columns of a rule that a bundle names only where they say something, so that older readers take it."""


Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleRule:
    """A rule as it travels: what it says, not judged yet, and the columns that make sense in another shop."""

    name: str
    purpose: str
    priority: int
    holdout_share: float
    document: Mapping[str, Any]
    own: Mapping[str, Any] = field(default_factory=dict)
    """Of :data:`OWN`, the columns that say something: numbers, and the value of a success as text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleSegment:
    """A segment as it travels; its ``document`` is one group, not judged yet."""

    slug: str
    name: str
    description: str
    document: Mapping[str, Any]


PLAIN = "text"
"""The content of an engagement that has words alone; a bundle names only others, so that older readers take it."""


Texts = Mapping[str, Mapping[str, str]]
"""Language to field to words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleWording:
    """Another wording than the first: its letter, its ``share`` in per cent, and its words."""

    name: str
    share: int
    texts: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleEngagement:
    """An engagement as it travels: its first wording's ``texts``, ``settings`` are what its ``content`` was told.

    ``starts_at`` and ``ends_at`` bear a time zone. ``part`` is what its widget says beside the words, not judged yet, or empty.
    """

    slug: str
    widget: str
    anchor: str
    texts: Texts
    content: str = PLAIN
    settings: Mapping[str, Any] = field(default_factory=dict)
    wordings: Sequence[BundleWording] = field(default=())
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    part: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Rules with the segments and engagements that they speak of."""

    rules: Sequence[BundleRule]
    segments: Sequence[BundleSegment] = field(default=())
    engagements: Sequence[BundleEngagement] = field(default=())


def read_bundle(raw: str | bytes) -> Bundle:
    """Return the bundle in ``raw`` or raise ``InvalidRuleError`` with every mistake in its frame.

    What the rules and segments say is not judged here, but where they are imported: a shop knows other variables.
    """
    size = len(raw) if isinstance(raw, bytes) else len(raw.encode("utf-8", "replace"))
    try:
        decoded = json.loads(raw) if size <= LONGEST_BUNDLE else None
        json.dumps(decoded, allow_nan=False, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        decoded = None
    if not isinstance(decoded, Mapping):
        message = _("This is no bundle of rules: JSON of at most %(limit)d KB is needed, as the export writes it.")
        raise InvalidRuleError([FieldError("", message % {"limit": LONGEST_BUNDLE // 1024})])
    reader = _Reader()
    bundle = reader.bundle(decoded)
    if reader.errors:
        raise InvalidRuleError(reader.errors)
    return bundle


def write_bundle(bundle: Bundle) -> dict[str, Any]:
    """Return ``bundle`` as JSON; reading that gives an equal bundle."""
    return {
        "engage_rules": SCHEMA,
        "rules": [
            {
                "name": rule.name,
                "purpose": rule.purpose,
                "priority": rule.priority,
                "holdout_share": rule.holdout_share,
                **rule.own,
                "document": rule.document,
            }
            for rule in bundle.rules
        ],
        "segments": [
            {"slug": one.slug, "name": one.name, "description": one.description, "document": one.document}
            for one in bundle.segments
        ],
        "engagements": [_write_engagement(one) for one in bundle.engagements],
    }


def _write_engagement(one: BundleEngagement) -> dict[str, Any]:
    content = {"content": one.content, "settings": one.settings} if one.content != PLAIN or one.settings else {}
    more: dict[str, Any] = {}
    if one.wordings:
        more["wordings"] = [{"name": other.name, "share": other.share, "texts": other.texts} for other in one.wordings]
    for name, moment in (("starts_at", one.starts_at), ("ends_at", one.ends_at)):
        if moment is not None:
            more[name] = moment.astimezone(UTC).isoformat()
    if one.part:
        more["part"] = one.part
    return {"slug": one.slug, "widget": one.widget, "anchor": one.anchor, "texts": one.texts, **content, **more}


class _Reader:
    """Reads a bundle's frame; a mistake is noted and reading goes on."""

    def __init__(self) -> None:
        self.errors: list[FieldError] = []

    def bundle(self, raw: Mapping[str, Any]) -> Bundle:
        if raw.get("engage_rules") != SCHEMA or isinstance(raw.get("engage_rules"), bool):
            self._wrong("engage_rules", _("Type 1: the only schema there is."))
        self._check_keys(raw, {"engage_rules", "rules", "segments", "engagements"}, "")
        rules = self._list(raw.get("rules"), "rules", MOST_RULES, self.rule)
        self._check_twice([rule.name for rule in rules], "rules")
        segments = self._list(raw.get("segments", []), "segments", MOST_OTHERS, self.segment)
        self._check_twice([segment.slug for segment in segments], "segments")
        engagements = self._list(raw.get("engagements", []), "engagements", MOST_OTHERS, self.engagement)
        self._check_twice([engagement.slug for engagement in engagements], "engagements")
        return Bundle(rules=rules, segments=segments, engagements=engagements)

    def rule(self, raw: Mapping[str, Any], path: str) -> BundleRule:
        self._check_keys(raw, {"name", "purpose", "priority", "holdout_share", "document", *OWN}, path)
        purpose, priority, share = raw.get("purpose", "sales"), raw.get("priority", 100), raw.get("holdout_share", 0.2)
        if purpose not in RulePurpose.values:
            self._wrong(f"{path}.purpose", _("Type “sales” or “service”."))
        if not isinstance(priority, int) or isinstance(priority, bool) or abs(priority) > _LARGEST_PRIORITY:
            self._wrong(f"{path}.priority", _("Type a whole number, such as 3."))
            priority = 0
        if not isinstance(share, int | float) or isinstance(share, bool) or not 0 <= share <= _LARGEST_HOLDOUT:
            self._wrong(f"{path}.holdout_share", _("Type a share from 0 to 0.5."))
            share = 0.0
        return BundleRule(
            name=self._text(raw.get("name"), f"{path}.name", LONGEST_NAME),
            purpose=str(purpose),
            priority=priority,
            holdout_share=float(share),
            document=self._object(raw.get("document"), f"{path}.document"),
            own=self.own(raw, path),
        )

    def own(self, raw: Mapping[str, Any], path: str) -> dict[str, Any]:
        """Read the caps and the worth of a rule, each of which may be missing."""
        found = {name: raw[name] for name in OWN if name in raw}
        for name, most in LARGEST.items():
            value = found.get(name, 1)
            if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
                self._wrong(f"{path}.{name}", _("Type a whole number from 1 to %(most)d.") % {"most": most})
        if found.get("goal", RuleGoal.NONE) not in RuleGoal.values:
            self._wrong(f"{path}.goal", _("Type “basket” or “customer”, or leave it out."))
        value = found.get("goal_value", "0")
        if not isinstance(value, str) or not _AMOUNT.fullmatch(value) or float(value) > MOST_WORTH:
            self._wrong(f"{path}.goal_value", _('Type an amount as text, such as "2.50".'))
        return found

    def segment(self, raw: Mapping[str, Any], path: str) -> BundleSegment:
        self._check_keys(raw, {"slug", "name", "description", "document"}, path)
        return BundleSegment(
            slug=self._slug(raw.get("slug"), f"{path}.slug"),
            name=self._text(raw.get("name"), f"{path}.name", LONGEST_NAME),
            description=self._text(raw.get("description", ""), f"{path}.description", _LONGEST_TEXT, at_least=0),
            document=self._object(raw.get("document"), f"{path}.document"),
        )

    def engagement(self, raw: Mapping[str, Any], path: str) -> BundleEngagement:
        known = {"slug", "widget", "anchor", "texts", "content", "settings", "wordings", "starts_at", "ends_at", "part"}
        self._check_keys(raw, known, path)
        starts_at, ends_at = (self._moment(raw.get(name), f"{path}.{name}") for name in ("starts_at", "ends_at"))
        if starts_at and ends_at and ends_at <= starts_at:
            self._wrong(f"{path}.ends_at", _("Choose an end after the start."))
        wordings = self._list(raw.get("wordings", []), f"{path}.wordings", MOST_WORDINGS, self._wording)
        self._check_twice([one.name for one in wordings], f"{path}.wordings")
        if sum(one.share for one in wordings) >= _WHOLE:
            self._wrong(f"{path}.wordings", _("Leave at least one per cent for wording A."))
        return BundleEngagement(
            slug=self._slug(raw.get("slug"), f"{path}.slug"),
            widget=self._text(raw.get("widget"), f"{path}.widget", 16),
            anchor=self._text(raw.get("anchor", ""), f"{path}.anchor", 64, at_least=0),
            content=self._text(raw.get("content", PLAIN), f"{path}.content", 16),
            settings=self._object(raw.get("settings", {}), f"{path}.settings"),
            texts=self._texts(raw.get("texts"), f"{path}.texts"),
            wordings=wordings,
            starts_at=starts_at,
            ends_at=ends_at,
            part=self._object(raw.get("part", {}), f"{path}.part"),
        )

    def _wording(self, raw: Mapping[str, Any], path: str) -> BundleWording:
        self._check_keys(raw, {"name", "share", "texts"}, path)
        name, share = raw.get("name"), raw.get("share")
        if not isinstance(name, str) or not _OTHER_WORDING.fullmatch(name):
            self._wrong(f"{path}.name", _("Type a capital letter from B on."))
            name = ""
        if not isinstance(share, int) or isinstance(share, bool) or not 0 < share < _WHOLE:
            self._wrong(f"{path}.share", _("Type a whole number from 1 to 99."))
            share = 0
        return BundleWording(name=name, share=share, texts=self._texts(raw.get("texts"), f"{path}.texts"))

    def _texts(self, raw: object, path: str) -> dict[str, dict[str, str]]:
        return {
            self._text(language, path, _LONGEST_LANGUAGE): self._words(words, f"{path}.{language[:20]}")
            for language, words in self._object(raw, path).items()
        }

    def _moment(self, raw: object, path: str) -> datetime | None:
        try:
            moment = parse_datetime(raw) if isinstance(raw, str) else None
        except ValueError:
            moment = None
        if raw is not None and (moment is None or moment.tzinfo is None):
            self._wrong(path, _("Type a time with its zone, such as 2026-11-26T08:00:00+00:00."))
            return None
        return moment

    def _words(self, raw: object, path: str) -> dict[str, str]:
        words = self._object(raw, path)
        return {
            self._text(name, path, 40): self._text(text, f"{path}.{name[:40]}", _LONGEST_TEXT, at_least=0)
            for name, text in words.items()
        }

    def _list(self, raw: object, path: str, limit: int, read: Callable[[Mapping[str, Any], str], Item]) -> list[Item]:
        if not isinstance(raw, list):
            self._wrong(path, _("A list is needed here."))
            return []
        if len(raw) > limit:
            self._wrong(path, _("At most %(limit)d are allowed here.") % {"limit": limit})
        return [read(self._object(item, f"{path}[{index}]"), f"{path}[{index}]") for index, item in enumerate(raw[:limit])]

    def _object(self, raw: object, path: str) -> Mapping[str, Any]:
        if isinstance(raw, Mapping):
            return raw
        self._wrong(path, _("An object is needed here."))
        return {}

    def _text(self, raw: object, path: str, longest: int, *, at_least: int = 1) -> str:
        text = raw if isinstance(raw, str) else None
        if text is None or not at_least <= len(text) <= longest or not all(char.isprintable() or char == "\n" for char in text):
            self._wrong(path, _("Type a text of %(least)d to %(limit)d characters.") % {"least": at_least, "limit": longest})
            return ""
        return text

    def _slug(self, raw: object, path: str) -> str:
        if isinstance(raw, str) and SLUG.fullmatch(raw):
            return raw
        self._wrong(path, _("Type small letters, digits and hyphens, such as busy-visitors."))
        return ""

    def _check_keys(self, raw: Mapping[str, Any], known: set[str], path: str) -> None:
        for key in raw:
            if key not in known:
                place = f"{path}.{key[:80]}" if path else key[:80]
                self._wrong(place, _("Remove this: a bundle has nothing of that name here."))

    def _check_twice(self, names: Sequence[str], path: str) -> None:
        for name in sorted({name for name in names if name and names.count(name) > 1}):
            self._wrong(path, _("“%(name)s” is there twice; give one of them another name.") % {"name": name})

    def _wrong(self, path: str, message: str) -> None:
        self.errors.append(FieldError(path, message))
