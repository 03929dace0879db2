"""Does the shop's own mail server vouch for the sender? By the ``Authentication-Results`` (RFC 8601) that it added.

Anybody can write such a header. The receiving server adds its own at the top and takes away those in its name, so the first
one in the name that the shop trusts is the one that counts.
"""

import re
from collections.abc import Sequence

_COMMENT = re.compile(r"\([^()]*\)")
_DMARC = re.compile(r"\s*dmarc\s*=\s*(\w+)((?:\s|$).*)", re.IGNORECASE | re.DOTALL)
_FROM = re.compile(r"header\.from\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)
_LONGEST = 5_000


def is_authentic(results: Sequence[str], *, trusted: str, sender: str) -> bool:
    """Whether the first of ``results`` by the server called ``trusted`` says that DMARC passed for the domain of ``sender``.

    ``results`` are the header's values from the top down; an empty ``trusted`` asks for nothing.
    """
    if not trusted:
        return True
    for result in results:
        server, _semicolon, methods = _plain(result).partition(";")
        if server.split()[:1] == [trusted.lower()]:
            return any(_passes(method, sender) for method in methods.split(";"))
    return False


def _plain(result: str) -> str:
    return _COMMENT.sub(" ", result[:_LONGEST]).strip().lower()


def _passes(method: str, sender: str) -> bool:
    found = _DMARC.fullmatch(method)
    if found is None or found[1] != "pass":
        return False
    named = _FROM.search(found[2])
    return named is None or named[1].rpartition("@")[2] == sender.rpartition("@")[2].lower()
