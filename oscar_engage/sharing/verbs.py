"""What can be done on a page that is shared? A closed list: point, mark, ask to scroll, take away. Nothing clicks or types."""

from typing import Annotated

import msgspec

_FURTHEST = 1_000_000

Pixels = Annotated[float, msgspec.Meta(ge=-_FURTHEST, le=_FURTHEST)]
Node = Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Point(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="point"):
    """Show the hand at ``x``, ``y``: CSS pixels from the page's own corner."""

    x: Pixels
    y: Pixels


class Mark(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="mark"):
    """Outline the element ``node``, by its number in the recording."""

    node: Node


class Scroll(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="scroll"):
    """Ask the shopper to move to ``y``, CSS pixels from the top of the page: a button appears, and the shopper presses it."""

    y: Pixels


class Clear(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="clear"):
    """Take hand, outline and button away."""


AgentVerb = Point | Mark | Scroll | Clear

AGENT_VERBS = ("clear", "mark", "point", "scroll")
"""All that an agent can do on a shopper's page. A test holds the list to these."""

MOST_AT_ONCE = 20
"""Verbs in one request, at most."""


class AgentSays(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an agent's page sends: up to which of the shopper's messages it has all, and what it does."""

    after: Annotated[int, msgspec.Meta(ge=0, le=100_000_000)] = 0
    verbs: Annotated[list[AgentVerb], msgspec.Meta(max_length=MOST_AT_ONCE)] = []


class Spot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the shopper marks: CSS pixels from the page's own corner."""

    x: Pixels
    y: Pixels


class ShopperSays(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a shopper's page sends.

    ``page`` is its own token, ``path`` where it is, ``begins`` with the first word of a page. ``seq`` numbers what is in it
    (0: nothing), ``after`` is the last of the agent's verbs that it has. ``is_hidden``: another tab is looked at. ``spot``:
    what the shopper marks. ``events``: what was recorded, stripped by ``sharing.strip`` before anybody sees it.
    """

    page: Annotated[str, msgspec.Meta(pattern=r"^[\w-]{8,32}$")]
    path: Annotated[str, msgspec.Meta(max_length=500)] = ""
    begins: bool = False
    is_hidden: bool = False
    seq: Annotated[int, msgspec.Meta(ge=0, le=100_000_000)] = 0
    after: Annotated[int, msgspec.Meta(ge=0, le=100_000_000)] = 0
    spot: Spot | None = None
    events: Annotated[list[object], msgspec.Meta(max_length=1000)] = []


class MalformedError(ValueError):
    """Something that no page of ours sends."""


_AGENT = msgspec.json.Decoder(AgentSays)
_SHOPPER = msgspec.json.Decoder(ShopperSays)


def read_agent(body: bytes) -> AgentSays:
    """Return what an agent's page sent or raise :class:`MalformedError`; a verb that is not in the list is malformed."""
    try:
        return _AGENT.decode(body)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise MalformedError from None


def read_shopper(body: bytes) -> ShopperSays:
    """Return what a shopper's page sent or raise :class:`MalformedError`."""
    try:
        return _SHOPPER.decode(body)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise MalformedError from None
