"""Where does a page get in the shopper's way? Clicks in vain, fields that hold up, eyes that search: counts and names only.

A field is known by its ``name`` in the form, as far as that is plain; one for a password or a card has none here. What stands
in a field or was copied never leaves the browser. What each word means, in pixels and seconds: ``core.sensors``.
"""

from typing import Annotated, Literal

from msgspec import Meta

from oscar_engage.signals.kinds import Count, Payload, Seconds, signal_kind

FieldName = Annotated[str, Meta(max_length=64, pattern=r"\A[A-Za-z0-9_.\[\]-]*\Z")]
Place = Annotated[str, Meta(max_length=130)]


@signal_kind("page.rage_clicked", from_browser=True)
class RageClicked(Payload, frozen=True):
    """Fast clicks on one spot, again and again; ``place`` is the marked place they hit, if any."""

    place: Place = ""


@signal_kind("page.dead_clicked", from_browser=True)
class DeadClicked(Payload, frozen=True):
    """A click on something that looks clickable, and nothing happened; ``place`` is the marked place it hit, if any."""

    place: Place = ""


@signal_kind("field.hesitated", from_browser=True)
class FieldHesitated(Payload, frozen=True):
    """A field had the focus for so many seconds before anything was entered."""

    name: FieldName = ""
    seconds: Seconds = 0


@signal_kind("field.left", from_browser=True)
class FieldLeft(Payload, frozen=True):
    """How a field fared on a page, told when the page is left.

    The seconds in it, how often its content changed (``edits``), how often it was entered again (``returns``), whether it must
    be filled in and was ``empty`` in the end, and whether the browser found it ``invalid`` when the form was sent.
    """

    name: FieldName = ""
    seconds: Seconds = 0
    edits: Count = 0
    returns: Count = 0
    empty: bool = False
    invalid: bool = False


@signal_kind("pointer.thrashed", from_browser=True)
class PointerThrashed(Payload, frozen=True):
    """The mouse was shaken to and fro."""


@signal_kind("page.scrolled", from_browser=True)
class PageScrolled(Payload, frozen=True):
    """How far down a page the shopper came, in quarters of its length (percent), told when the page is left."""

    deepest: Literal[25, 50, 75, 100]


@signal_kind("page.sought", from_browser=True)
class PageSought(Payload, frozen=True):
    """The page was scrolled up and down again and again: something is looked for and not found."""


@signal_kind("text.copied", from_browser=True)
class TextCopied(Payload, frozen=True):
    """Text of the page was copied: how many characters, and whether it looked like a price. Never the text."""

    length: Count = 0
    price: bool = False


@signal_kind("option.toggled", from_browser=True)
class OptionToggled(Payload, frozen=True):
    """A choice of a product, such as its size, was changed so many times."""

    name: FieldName = ""
    times: Count = 0


@signal_kind("script.failed", from_browser=True)
class ScriptFailed(Payload, frozen=True):
    """So many errors of the page's scripts; not which."""

    count: Count = 1
