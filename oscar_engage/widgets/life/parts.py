"""What does an engagement say beside its words? A part of its widget's own, drafted and published with them."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from oscar_engage.core.registry import Registry
from oscar_engage.widgets.models import Engagement

Said = dict[str, Any]
"""A part as JSON; never changed in place."""


class Part(ABC):
    """What the versions of a widget's engagements hold beside the columns, and where it is kept while it is live."""

    @abstractmethod
    def read(self, engagement: Engagement) -> Said:
        """Return what is live of ``engagement``; for one that has none yet, what stands for it then."""

    @abstractmethod
    def keep(self, engagement: Engagement, said: Said) -> None:
        """Let ``said`` be live, within the caller's transaction."""

    @abstractmethod
    def places(self, engagement_title: str, said: Said) -> Iterator[tuple[str, str]]:
        """Give every place of it with what stands there, as people read it; the engagement's title among them."""

    @abstractmethod
    def languages(self, said: Said) -> Iterable[str]:
        """Give the codes of the languages that it speaks, beside the shop's own."""

    @abstractmethod
    def check(self, said: Mapping[str, Any]) -> Said | None:
        """Return what came from elsewhere as it can be kept here; ``None`` for what is no such part."""


PARTS: Registry[Part] = Registry("part of engagements")
"""Register under the widget's name, from the module that registers the widget."""


def read_part(engagement: Engagement) -> Said | None:
    """Return the part of ``engagement`` as it stands before us, a draft's or what is live; ``None`` for a widget without."""
    if engagement.widget not in PARTS:
        return None
    drafted: Said | None = engagement.drafted_part
    return PARTS.get(engagement.widget).read(engagement) if drafted is None else drafted


def keep_part(engagement: Engagement) -> None:
    """Let the drafted part of ``engagement``, which was saved just now, be live; without one nothing happens."""
    if engagement.drafted_part is not None and engagement.widget in PARTS:
        PARTS.get(engagement.widget).keep(engagement, engagement.drafted_part)
        engagement.drafted_part = None


def languages_of(engagement: Engagement) -> Iterable[str]:
    """Give the languages of its part, beside the shop's own; none for a widget without."""
    said = read_part(engagement)
    return () if said is None else PARTS.get(engagement.widget).languages(said)
