"""Where was it asked? The page and the element of it that a question is about, as the browser tells it."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from oscar_engage.desk.text import clean_line

_LOCAL_PATH = re.compile(r"/(?![/\\])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A page of the shop and a place on it; each text may be empty. The fields are named like a conversation's columns."""

    page_path: str = ""
    page_title: str = ""
    anchor: str = ""
    """Id of the slot that the shop's template marks (``data-engage-id``)."""

    anchor_object: str = ""
    """The thing that the slot belongs to, as the template marks it (``data-engage-object``)."""

    anchor_path: str = ""
    """CSS path of the element."""

    anchor_label: str = ""
    """The words that the page has for the element."""

    def cleaned(self) -> "Place":
        """Return the place as it may be stored: each text masked, on one line and cut to its column."""
        return Place(
            page_path=_path_of(self.page_path),
            page_title=clean_line(self.page_title, longest=200),
            anchor=clean_line(self.anchor, longest=64),
            anchor_object=clean_line(self.anchor_object, longest=80),
            anchor_path=clean_line(self.anchor_path, longest=200),
            anchor_label=clean_line(self.anchor_label, longest=80),
        )


NOWHERE = Place()
"""Nothing is known of the place."""


def _path_of(address: str) -> str:
    r"""Return the path in ``address`` if a link to it stays in the shop: ``//host`` and ``/\\host`` do not.

    A path keeps neither host nor query: they may be personal.
    """
    try:
        path = clean_line(urlsplit(address).path, longest=500)
    except ValueError:
        return ""
    return path if _LOCAL_PATH.match(path) else ""
