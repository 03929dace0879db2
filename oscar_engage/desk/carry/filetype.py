"""What kind of file is this? Judged by its first bytes, never by what the browser says; the name's ending has to agree."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum

_PRINTABLE_FROM = 0x20
_TEXT_CONTROLS = frozenset(b"\t\n\r\f")


class Refusal(Enum):
    """Why a file is not taken."""

    EMPTY = "empty"
    SIZE = "size"
    TYPE = "type"
    MISMATCH = "mismatch"
    DAMAGED = "damaged"
    PIXELS = "pixels"
    ACTIVE = "active"
    NUMBER = "number"


class RefusedFileError(ValueError):
    """A file that is not taken: its ``name`` and the ``reason``."""

    def __init__(self, reason: Refusal, name: str) -> None:
        super().__init__(f"{name}: {reason.value}")
        self.reason, self.name = reason, name


@dataclass(frozen=True, slots=True)
class FileType:
    """A type we know: how it is sent, and the endings of its names."""

    mime: str
    endings: tuple[str, ...]
    is_picture: bool = False


TYPES: Mapping[str, FileType] = {
    "jpeg": FileType("image/jpeg", ("jpg", "jpeg"), is_picture=True),
    "png": FileType("image/png", ("png",), is_picture=True),
    "webp": FileType("image/webp", ("webp",), is_picture=True),
    "gif": FileType("image/gif", ("gif",), is_picture=True),
    "pdf": FileType("application/pdf", ("pdf",)),
    "text": FileType("text/plain", ("txt",)),
}
"""All types that a shop can allow, by the name that the setting uses."""

_MAGIC: tuple[tuple[str, tuple[bytes, ...]], ...] = (
    ("jpeg", (b"\xff\xd8\xff",)),
    ("png", (b"\x89PNG\r\n\x1a\n",)),
    ("gif", (b"GIF87a", b"GIF89a")),
    ("pdf", (b"%PDF-",)),
)

_ACTIVE_PDF = (b"/JavaScript", b"/Launch")
"""What a document that does something by itself says, where it is not compressed. Shorter names would be found by chance."""


def judge(name: str, content: bytes, *, allowed: Collection[str]) -> str:
    """Return the type's name of ``content``; raises :class:`RefusedFileError`.

    Refused are: nothing, a type that is not ``allowed``, a name whose ending is another type's, and documents that say openly
    that they run something. Pictures are looked into elsewhere (``carry.picture``).
    """
    if not content:
        raise RefusedFileError(Refusal.EMPTY, name)
    ending = name.rpartition(".")[2].lower()
    found = sniff(content)
    named = next((kind for kind, known in TYPES.items() if ending in known.endings), None)
    if found is None or found not in allowed or named is None:
        raise RefusedFileError(Refusal.TYPE, name)
    if named != found:
        raise RefusedFileError(Refusal.MISMATCH, name)
    if found == "pdf" and any(sign in content for sign in _ACTIVE_PDF):
        raise RefusedFileError(Refusal.ACTIVE, name)
    return found


def sniff(content: bytes) -> str | None:
    """Return the type's name by the first bytes; what has none of theirs is text if nothing in it is a control character."""
    for kind, beginnings in _MAGIC:
        if content.startswith(beginnings):
            return kind
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "webp"
    is_text = all(byte >= _PRINTABLE_FROM or byte in _TEXT_CONTROLS for byte in set(content))
    return "text" if is_text else None
