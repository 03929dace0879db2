"""What did the shopper try before asking? The part of a visit's state about help: the same in whatever order it came.

What was left open is worked out from two trails, that of the help and that of the pages, when it is asked for.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:  # the state holds this part of it
    from oscar_engage.visitors.state import PageSeen

SEARCHED, OPENED, STARTED, FINISHED = "searched", "opened", "started", "finished"
MOST_STEPS = 12
"""Steps remembered; more than one shopper's try takes, few enough to fold in microseconds."""

_NEVER = 2**63


class HelpStep(msgspec.Struct, frozen=True, array_like=True, order=True):
    """At ``at`` (ms since 1970, UTC) something was searched, opened, started or finished, on a page of this kind."""

    at: int
    what: str
    name: str = ""
    """What was searched for, or the article's or the tool's name."""
    page: str = "other"
    thing: int = 0
    results: int = 0


class HelpState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How the shopper helped themselves in this visit. Times are ms since 1970 (UTC), 0: never."""

    searches: int = 0
    articles: int = 0
    not_helpful: int = 0
    contacts: int = 0
    first_article: int = 0
    first_contact: int = 0
    steps: tuple[HelpStep, ...] = ()

    @property
    def is_bypassed(self) -> bool:
        """Whether the form for a question was opened before any article."""
        return bool(self.first_contact) and not 0 < self.first_article <= self.first_contact


def with_step(steps: tuple[HelpStep, ...], step: HelpStep) -> tuple[HelpStep, ...]:
    """Return the latest steps, ``step`` among them, in the order of their times."""
    return tuple(sorted([*steps, step])[-MOST_STEPS:])


def earliest(one: int, other: int) -> int:
    """Return the earlier of two times, of which 0 is none."""
    return min(one, other) if one and other else one or other


def left_open(state: HelpState, pages: "tuple[PageSeen, ...]", what: str) -> tuple[HelpStep, ...]:
    """Return the searches or starts (``what``) after which the shopper moved on with nothing opened or finished."""
    return tuple(step for step, moved, _is_last in _followed(state, pages) if moved and step.what == what)


def still_open(state: HelpState, pages: "tuple[PageSeen, ...]") -> tuple[HelpStep, ...]:
    """Return the searches and starts that nothing has followed yet: what the end of the visit leaves open."""
    return tuple(step for step, moved, is_last in _followed(state, pages) if is_last and not moved)


def _followed(state: HelpState, pages: "tuple[PageSeen, ...]") -> Iterator[tuple[HelpStep, bool, bool]]:
    """Give each search and start, whether the shopper moved on before the next step of the same try, and whether none came."""
    for place, step in enumerate(state.steps):
        if step.what in (SEARCHED, STARTED):
            until = next((later.at for later in state.steps[place + 1 :] if _continues(step, later)), _NEVER)
            moved = any(step.at < page.at < until and _is_elsewhere(step, page) for page in pages)
            yield step, moved, until == _NEVER


def _continues(step: HelpStep, later: HelpStep) -> bool:
    if step.what == SEARCHED:
        return later.what in (SEARCHED, OPENED)  # who searches again has not given up
    return later.what in (STARTED, FINISHED) and later.name == step.name


def _is_elsewhere(step: HelpStep, page: "PageSeen") -> bool:
    """Whether this page is neither help nor the one on which the step was made."""
    return page.kind != "help" and (page.kind, page.thing) != (step.page, step.thing)
