"""How does a message stand in its row? As JSON, compressed; unpacked again no further than what we would have written."""

import zlib
from typing import Any

import msgspec

LARGEST_SENT = 2 * 1024 * 1024
"""Bytes of what a shopper's page sends at once, unpacked; Oscar's product page takes 130 KB."""

LARGEST_PACKED = 512 * 1024
"""Bytes of the same as it comes over the wire."""

_LEVEL = 5


class TooLargeError(ValueError):
    """More than any page of ours sends."""


def pack(content: Any) -> bytes:
    """Return ``content`` as a row keeps it."""
    return zlib.compress(msgspec.json.encode(content), _LEVEL)


def unpack(body: bytes | memoryview) -> bytes:
    """Return the JSON of a row."""
    return zlib.decompress(bytes(body))


def unzip(sent: bytes) -> bytes:
    """Return what a browser compressed (gzip), or raise :class:`TooLargeError`: a bomb is not unpacked to its end."""
    if len(sent) > LARGEST_PACKED:
        raise TooLargeError
    reader = zlib.decompressobj(wbits=31)
    try:
        text = reader.decompress(sent, LARGEST_SENT + 1)
    except zlib.error:
        raise TooLargeError from None
    if len(text) > LARGEST_SENT or not reader.eof:
        raise TooLargeError
    return text
