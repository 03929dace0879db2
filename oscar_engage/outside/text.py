"""What was written there, as messages here: plain text in pieces that fit, with a line for each file. Plain Python."""

from collections.abc import Sequence


def pieces_of(text: str, *, longest: int) -> Sequence[str]:
    """Return ``text`` in pieces of at most ``longest`` characters, none blank, cut at a line or a space if there is one.

    Nothing of it is lost but the blanks at a cut.
    """
    rest, pieces = text.strip(), []
    while len(rest) > longest:
        cut = _cut(rest, longest)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [piece for piece in (*pieces, rest) if piece]


def _cut(text: str, longest: int) -> int:
    for mark in ("\n", " "):
        at = text.rfind(mark, longest // 2, longest)
        if at > 0:
            return at
    return longest
