"""Which marked places of a page were looked at? One signal a page, because a place alone would cost as much as a visit."""

from typing import Annotated

from msgspec import Meta

from oscar_engage.signals.kinds import Payload, signal_kind

AnchorNames = Annotated[tuple[Annotated[str, Meta(max_length=130)], ...], Meta(max_length=40)]


@signal_kind("page.anchors", from_browser=True)
class AnchorsSeen(Payload, frozen=True):
    """These marked places (``data-engage-id``) of a page were seen for a second, and these were clicked.

    Each is a slot, such as ``"size-table"``, or a slot and the thing it belongs to: ``"size-table|product:12"``.
    """

    seen: AnchorNames = ()
    clicked: AnchorNames = ()
