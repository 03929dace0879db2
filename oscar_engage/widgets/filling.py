"""What does this engagement say and hold, here and now? Its words with their values, and its content; or nothing at all."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation

from oscar_engage.signals.faults import note_fault
from oscar_engage.statements.alone import undone_alone
from oscar_engage.widgets.contents.base import Content
from oscar_engage.widgets.contents.registry import CONTENTS
from oscar_engage.widgets.draws import Draws
from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.placeholders import example_values, values_of
from oscar_engage.widgets.registry import WIDGETS
from oscar_engage.widgets.scene import Scene
from oscar_engage.widgets.values import MissingValueError, asked_for, fill
from oscar_engage.widgets.wordings import own_language, words_of
from oscar_engage.widgets.words import Words


@dataclass(frozen=True, slots=True)
class Filled:
    """The words to show, and what the content's template reads."""

    words: Words
    content: Content | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def fill_engagement(engagement: Engagement, scene: Scene, variant: str = "") -> Filled | None:
    """Return what is shown; ``None``: a value or the content is missing, so it is not to be offered.

    Words without placeholders and without a content ask nobody. Whatever fails in reading is counted, and nothing is offered.
    """
    language = scene.language or _active()
    words, content = words_of(engagement, language, variant), content_of(engagement)
    if content is None:
        return None
    if _has_own_words(engagement):
        return Filled(words)
    names = asked_for(words)
    if not names and not content.template:
        return Filled(words, content)
    with translation.override(language):
        try:
            filled = fill(words, values_of(names, scene)) if names else words
        except MissingValueError:
            return None
        facts = _read(content, engagement, scene) if content.template else {}
    return None if facts is None else Filled(filled, content, facts)


def fill_example(engagement: Engagement, language: str = "", variant: str = "") -> Filled:
    """Return it with values of nobody, for previews; words that could not be saved stay as they are.

    ``language`` is that of the words and of the values; empty: the one that is active.
    """
    language = language or _active()
    words, content = words_of(engagement, language, variant), content_of(engagement)
    with translation.override(language):
        with suppress(MissingValueError):
            words = fill(words, example_values())
        return Filled(words, content, content.example(engagement.settings) if content else {})


def content_of(engagement: Engagement) -> Content | None:
    """Return the kind of content; ``None`` for one that nobody registered, of an app that was taken out."""
    return CONTENTS.get(engagement.content) if engagement.content in CONTENTS else None


def _active() -> str:
    return translation.get_language() or own_language()


def _has_own_words(engagement: Engagement) -> bool:
    return engagement.widget in WIDGETS and WIDGETS.get(engagement.widget).has_own_words


def _read(content: Content, engagement: Engagement, scene: Scene) -> Mapping[str, Any] | None:
    try:
        with undone_alone():
            return content.read(engagement.settings, scene)
    except Exception:  # noqa: BLE001 - the shop's own code and tables: the offer falls away, the beat goes on
        note_fault("content")
        return None


class Offerable(Mapping[str, str]):
    """The engagements that can be offered in this scene, slug to kind of widget, each filled in when it is asked for.

    So only the engagement that a rule wants now is read, and what cannot be filled in counts as missing for everybody alike,
    before chance decides who is held out.
    """

    def __init__(self, engagements: Mapping[str, Engagement], scene: Scene, draws: Draws | None = None) -> None:
        """``draws`` tells in which wording this visitor reads each (``None``: in its first)."""
        self._engagements, self._scene, self._draws = engagements, scene, draws
        self._filled: dict[str, Filled | None] = {}

    @property
    def language(self) -> str:
        """The language it is filled in for, empty where the page tells none."""
        return self._scene.language

    def filled(self, slug: str) -> Filled | None:
        """Return what the engagement says here and now; ``None``: it is not there, or cannot be filled in."""
        if slug not in self._filled:
            engagement = self._engagements.get(slug)
            self._filled[slug] = fill_engagement(engagement, self._scene, self._variant_of(engagement)) if engagement else None
        return self._filled[slug]

    def draw(self, slug: str) -> tuple[str, float | None]:
        """Return the wording in which it is offered now, and the probability of that draw, which are kept from then on."""
        return self._draws.offer(self._engagements[slug]) if self._draws else ("", None)

    def _variant_of(self, engagement: Engagement) -> str:
        return self._draws.variant_of(engagement) if self._draws else ""

    def __getitem__(self, slug: str) -> str:
        if self.filled(slug) is None:
            raise KeyError(slug)
        return self._engagements[slug].widget

    def __iter__(self) -> Iterator[str]:
        return (slug for slug in self._engagements if self.filled(slug) is not None)

    def __len__(self) -> int:
        return sum(1 for _slug in self)
