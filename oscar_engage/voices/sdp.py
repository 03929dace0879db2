"""Is that a description of a connection? What a browser calls SDP, checked for size and shape; we only hand it on."""

import re

LARGEST = 24 * 1024
"""Bytes of one description. Chromium's, with a voice, two pictures and all candidates, takes 9 to 12 KB."""

MOST_LINES = 600
MOST_PARTS = 4
"""Parts (``m=``): a voice, a camera, a screen, and one to spare."""

MOST_CANDIDATES = 60
"""Addresses under which a browser may be met; each is one that the other browser will knock at."""

_LINE = re.compile(r"[a-z]=[\x20-\x7e]{1,2000}", re.ASCII)
_PART = re.compile(r"m=(?:audio|video) \d{1,5} [A-Z/]{3,30}(?: \d{1,3}){1,80}", re.ASCII)
_CANDIDATE = "a=candidate:"
_RELAY = re.compile(r" typ relay(?: |$)", re.ASCII)


class WrongSdpError(ValueError):
    """No description that a browser of ours makes."""


def clean_sdp(text: str, *, relay_only: bool = False) -> str:
    """Return ``text`` with the lines of a description or raise :class:`WrongSdpError`.

    It begins with its version, has parts for voice and pictures alone (no channel for data), and every line is printable
    ASCII. ``relay_only``: addresses other than the relay's are left out, so that neither browser learns the other's.
    """
    if not text.isascii() or len(text) > LARGEST:
        raise WrongSdpError
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    if len(lines) > MOST_LINES or lines[0] != "v=0" or not all(_LINE.fullmatch(line) for line in lines):
        raise WrongSdpError
    parts = [line for line in lines if line.startswith("m=")]
    if not 1 <= len(parts) <= MOST_PARTS or not all(_PART.fullmatch(part) for part in parts):
        raise WrongSdpError
    if sum(line.startswith(_CANDIDATE) for line in lines) > MOST_CANDIDATES:
        raise WrongSdpError
    kept = [line for line in lines if not (relay_only and line.startswith(_CANDIDATE) and not _RELAY.search(line))]
    return "\r\n".join(kept) + "\r\n"
