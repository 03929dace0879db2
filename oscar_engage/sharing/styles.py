"""Which CSS may come along with a shared page? What draws, and nothing that could fetch or run."""

import re

LONGEST_SHEET = 120_000
"""Characters of a ``<style>`` element, at most."""

LONGEST_STYLE = 2_000
"""Characters of a ``style`` attribute, or of one value in it, at most."""

_FETCHES = re.compile(r"(?:url|src|image|image-set|element|expression|paint)\s*\(", re.IGNORECASE)
_IMPORTS = re.compile(r"@\s*(?:import|charset|namespace|font-face|document)", re.IGNORECASE)
_BEHAVES = re.compile(r"behavior|-moz-binding|javascript:", re.IGNORECASE)
_PROPERTY = re.compile(r"-{0,2}[a-zA-Z][\w-]{0,60}")


def clean_css(text: str, *, most: int) -> str:
    r"""Return ``text`` without what fetches; empty where it is longer than ``most`` or hides its words behind backslashes.

    An escape (``\75 rl(``) is another way to write any letter, so CSS with one is not looked through but left out. That a
    function's name loses its meaning costs the declaration in which it stands, and no other.
    """
    if len(text) > most or "\\" in text or "<" in text:
        return ""
    return _BEHAVES.sub("none", _IMPORTS.sub("@none", _FETCHES.sub("none(", text)))


def defuse(text: str) -> str:
    """Return ``text``, which may come to stand in a ``<style>`` by a later event, so that it fetches nothing there either.

    Words of a page read as before, but for backslashes and the rare ``url(``.
    """
    if not ("\\" in text or "(" in text or "@" in text):
        return text
    plain = text.replace("\\", "")
    return _IMPORTS.sub("@ ", _FETCHES.sub(lambda found: found[0][:-1].rstrip() + " (", plain))


def clean_declarations(style: object) -> dict[str, object] | str | None:
    """Return a changed ``style`` as the recorder writes it: a text, or a dictionary of properties; ``None`` for anything else.

    In a dictionary a value is a text, a text with its priority, or ``False`` for one that was removed.
    """
    if isinstance(style, str):
        return clean_css(style, most=LONGEST_STYLE)
    if not isinstance(style, dict) or len(style) > 100:  # noqa: PLR2004 - more properties than any element sets
        return None
    kept: dict[str, object] = {}
    for name, value in style.items():
        if not isinstance(name, str) or not _PROPERTY.fullmatch(name):
            continue
        if value is False:
            kept[name] = False
        elif isinstance(value, str):
            kept[name] = clean_css(value, most=LONGEST_STYLE)
        elif isinstance(value, list) and [type(part) for part in value] == [str, str]:
            kept[name] = [clean_css(value[0], most=LONGEST_STYLE), "important" if value[1] == "important" else ""]
    return kept
