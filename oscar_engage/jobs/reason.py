"""What may be kept of an error? Its class and a short message, without anything personal."""

import re

_LONGEST = 120
_PERSONAL = re.compile(r"""\S+@\S+ | '[^']*' | "[^"]*" | \([^()]*\) | \d{4,}""", re.VERBOSE)
"""What mail servers and databases repeat in their messages: e-mail addresses, quoted or bracketed values, long numbers."""


def reason_of(error: BaseException) -> str:
    """Return the class of ``error`` and the first line of its message, values left out, at most 120 characters."""
    first_line = str(error).strip().partition("\n")[0]
    said = _PERSONAL.sub("…", first_line)
    return f"{type(error).__name__}: {said}"[:_LONGEST].rstrip(": ")
