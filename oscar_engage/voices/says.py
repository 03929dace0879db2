"""What does a page say in a talk? One shape for both sides: where its connection stands, what it sends, and its description."""

from typing import Annotated, Literal

import msgspec

from oscar_engage.voices.sdp import LARGEST as LARGEST_SDP

LARGEST = LARGEST_SDP * 2 + 2048
"""Bytes of one request: in JSON a line's end takes four letters."""

Medium = Literal["audio", "camera", "screen"]


class Says(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a page sends.

    ``page`` is its own token; ``begins`` until it had an answer. ``generation``: the connection that it is at. ``sdp``: its
    description of that one, with all candidates. ``has``: the generation of the last description of the other side that it
    has. ``media``: what it sends now. ``is_joined``: that connection stands; ``is_broken``: it does not, or no more.
    """

    page: Annotated[str, msgspec.Meta(pattern=r"^[\w-]{8,32}$")]
    begins: bool = False
    generation: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 0
    has: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 0
    sdp: Annotated[str, msgspec.Meta(max_length=LARGEST_SDP)] = ""
    media: Annotated[list[Medium], msgspec.Meta(max_length=3)] = []
    is_joined: bool = False
    is_broken: bool = False


class MalformedError(ValueError):
    """Something that no page of ours sends."""


_DECODER = msgspec.json.Decoder(Says)


def read_says(body: bytes) -> Says:
    """Return what a page sent or raise :class:`MalformedError`."""
    try:
        return _DECODER.decode(body)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise MalformedError from None
