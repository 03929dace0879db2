"""What may be said of a picked element? Three ways to look for it and what it has to be like, in bounds.

It comes from a browser and goes to browsers: a selector in it is only ever given to ``querySelectorAll``, never run.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

LONGEST = 8000
"""Characters of a description as JSON."""

_FEWEST_WAYS = 2

Selector = Annotated[str, Meta(max_length=300)]
Words = Annotated[str, Meta(max_length=80)]
Name = Annotated[str, Meta(max_length=40)]
Tag = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,39}\Z")]


class DescriptionError(ValueError):
    """The text is no description of an element, or of one that could not be found again."""


class ByWords(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The way by words: the element itself has them (``own``), or what names it does; ``nth`` says which of several."""

    rel: Literal["own", "row", "under", "label", "holds"]
    of: Tag
    words: Words = ""
    nth: Annotated[int, Meta(ge=0, le=20)] = 0


class Print(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a found element has to be like; ``words`` and ``beside`` are compared in the language ``lang`` alone."""

    tag: Tag
    type: Name = ""
    role: Name = ""
    classes: Annotated[tuple[Name, ...], Meta(max_length=8)] = ()
    words: Words = ""
    beside: Words = ""
    lang: Name = ""
    kind: Name = ""


class Description(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An element as ``frontend/src/describe.js`` describes it."""

    marks: Annotated[tuple[Selector, ...], Meta(max_length=3)] = ()
    path: Selector = ""
    words: ByWords | None = None
    print: Print

    @property
    def ways(self) -> int:
        """How many of the three ways there are."""
        return bool(self.marks) + bool(self.path) + (self.words is not None)


def read_description(text: str) -> Description:
    """Return the description in ``text``; anything else raises :class:`DescriptionError`."""
    if len(text) > LONGEST:
        raise DescriptionError("too long")
    try:
        described = msgspec.json.decode(text, type=Description)
    except (ValueError, RecursionError) as error:
        raise DescriptionError("not a description") from error
    if described.ways < _FEWEST_WAYS:
        raise DescriptionError("could not be found again by two ways")
    return described


def as_json(described: Description) -> dict[str, Any]:
    """Return what is stored and what an offer carries."""
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(described))
    return plain
