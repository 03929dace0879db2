"""What goes out with a message? A card, files that are written already; and what of both a reader is shown."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Card:
    """Something of the shop's: the name of its kind and what that kind finds it by. Both are checked by ``carry.cards``."""

    kind: str
    key: str

    def as_json(self) -> dict[str, str]:
        """Return what a message stores: these two and nothing else."""
        return {"kind": self.kind, "key": self.key}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A file that was judged and written: ``path`` is its name in the storage, ``size`` in bytes."""

    name: str
    kind: str
    size: int
    path: str


@dataclass(frozen=True, slots=True)
class Load:
    """What a new message carries."""

    card: Card | None = None
    files: tuple[KeptFile, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is something, so that the message needs no words."""
        return self.card is not None or bool(self.files)


NOTHING = Load()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a card says at the time of showing, as plain text. ``path``: of its page, empty for none."""

    title: str
    lines: tuple[str, ...] = ()
    price: str = ""
    code: str = ""
    path: str = ""
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file to fetch; ``size`` in bytes."""

    public_id: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Carried:
    """What a reader is shown beside a message's words."""

    card: Shown | None = None
    files: tuple[ShownFile, ...] = ()
