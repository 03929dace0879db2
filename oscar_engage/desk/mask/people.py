"""Who is spoken of in this text? Names, addresses and numbers are taken out before it is shown to everybody."""

import re
from collections.abc import Iterable

from oscar_engage.desk.mask.text import mask_secrets

_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_NUMBER = re.compile(r"#\d{3,}|(?:\b[A-Za-z]{1,4}-)?\+?\d(?:[ /-]?\d){4,}")
_SHORTEST_NAME = 2


def mask_people(text: str, *, names: Iterable[str] = (), known: Iterable[str] = ()) -> str:
    """Return ``text`` with ``[e-mail]``, ``[number]`` and ``[name]`` for what is one, and without secrets of money.

    A number is anything of five digits or more, as orders and telephones have it: better one too many, since a person reads
    it before it is published. ``names``: of people, whose single words count too; ``known``: anything else that must not stay.
    """
    masked = mask_secrets(text)
    for one in filter(None, known):
        masked = re.sub(rf"(?<!\w){re.escape(one)}(?!\w)", "[number]", masked, flags=re.IGNORECASE)
    masked = _NUMBER.sub("[number]", _ADDRESS.sub("[e-mail]", masked))
    words = {word for name in names for word in (name, *name.split()) if len(word) >= _SHORTEST_NAME}
    for word in sorted(words, key=len, reverse=True):
        masked = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", "[name]", masked, flags=re.IGNORECASE)
    return masked
