"""What did a shopper do with the help of a field? One signal when it was read."""

from typing import Annotated

from msgspec import Meta

from oscar_engage.signals.kinds import Payload, signal_kind


@signal_kind("field.help_opened", from_browser=True)
class FieldHelpOpened(Payload, frozen=True):
    """The help of a field was read for a second, or asked for by its button; once a page. ``engagement`` is its short name."""

    engagement: Annotated[str, Meta(max_length=80)] = ""
