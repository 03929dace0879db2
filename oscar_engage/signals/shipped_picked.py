"""Was a place found that staff had picked? One signal a page and place, and only where an offer points to it."""

from typing import Annotated

from msgspec import Meta

from oscar_engage.signals.kinds import Payload, signal_kind


@signal_kind("page.picked", from_browser=True)
class PickedSought(Payload, frozen=True):
    """An offer's place that staff had picked on the live page was looked for on this page: found, or nowhere for sure."""

    anchor: Annotated[str, Meta(max_length=64, pattern=r"^[A-Za-z0-9_-]+\Z")]
    found: bool = False
