"""Which signals are there? Every kind with the shape of its payload.

A payload is a frozen ``msgspec.Struct``: the type says what a kind may carry, in which bounds; unknown keys are dropped.
Shops add their own kinds with :func:`signal_kind`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import cleandoc
from typing import Annotated, TypeVar

from msgspec import Meta, Struct

from oscar_engage.core.registry import Registry

Id = Annotated[int, Meta(ge=0, le=2**53)]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Seconds = Annotated[float, Meta(ge=0, le=86_400)]
Amount = Annotated[float, Meta(ge=0, le=1e10)]
Name = Annotated[str, Meta(max_length=64)]
LONGEST_PHRASE = 200
Phrase = Annotated[str, Meta(max_length=LONGEST_PHRASE)]
Names = Annotated[tuple[Name, ...], Meta(max_length=40)]


class Payload(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of all payloads; a kind without data uses it as it is."""


PayloadType = TypeVar("PayloadType", bound=type[Payload])


@dataclass(frozen=True, slots=True)
class SignalKind:
    """A registered kind. Only a ``from_browser`` kind is taken from a beat; all others come from the server alone.

    ``needs_commit`` marks a fact of the shop (an order, a basket line): it is dropped when the shop's transaction rolls back.
    """

    name: str
    payload: type[Payload]
    from_browser: bool
    needs_commit: bool

    @property
    def meaning(self) -> str:
        """What it says, for people: the payload's docstring."""
        return cleandoc(self.payload.__doc__ or "")


KINDS: Registry[SignalKind] = Registry("signal kind")


def signal_kind(name: str, *, from_browser: bool = False, needs_commit: bool = False) -> Callable[[PayloadType], PayloadType]:
    """Register the decorated payload class as the shape of the signals called ``name`` (dotted lower case)."""

    def register(payload: PayloadType) -> PayloadType:
        KINDS.register(name, SignalKind(name, payload, from_browser, needs_commit))
        return payload

    return register
