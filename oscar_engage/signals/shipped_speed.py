"""How fast are the shop's pages for shoppers? Told once a page, to see that our own script does not slow them down."""

from typing import Annotated

from msgspec import Meta

from oscar_engage.signals.kinds import Payload, signal_kind

LONGEST = 60_000
"""Milliseconds; a page that took longer was loaded in the background, or over a connection that says nothing of us."""

Milliseconds = Annotated[int, Meta(ge=0, le=LONGEST)]


@signal_kind("page.timed", from_browser=True)
class PageTimed(Payload, frozen=True):
    """How long a page took, in ms since it was asked for: until the server answered, and until all of it was ``load``ed.

    By the browser's own clock (Navigation Timing). Told when the page is left; not of a page that was opened out of sight or
    came back from the browser's memory.
    """

    load: Milliseconds
    answer: Milliseconds = 0
