"""What page is this? Signed facts about a page that the browser carries back unread."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from django.core import signing

from oscar_engage.visitors.state import PAYING

_SIGNER_SALT = "oscar_engage.page"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """What the server knew when it rendered the page; nothing personal and no time, so that pages stay cacheable."""

    kind: str = "other"
    """``home``, ``category``, ``product``, ``search``, ``basket``, ``checkout``, ``account``, ``help`` or ``other``."""

    product_id: int | None = None
    category_id: int | None = None
    step: str = ""
    """In the checkout, the view's name: ``index``, ``shipping-address``, ``shipping-method``, ``payment-method`` …"""

    language: str = ""
    """The code of the language in which the page is shown."""

    def is_payment(self) -> bool:
        """Whether this is a step on which the shopper pays."""
        return self.step in PAYING


UNKNOWN_PAGE = PageFacts()


def sign_page(facts: PageFacts) -> str:
    """Return ``facts`` as a text that the browser cannot change without our noticing; equal facts give equal texts."""
    compact = {name: value for name, value in asdict(facts).items() if value not in (None, "")}
    return signing.Signer(salt=_SIGNER_SALT).sign_object(compact)


@lru_cache(maxsize=2048)
def read_page(signed: str) -> PageFacts:
    """Return the facts in ``signed``, or :data:`UNKNOWN_PAGE` when we did not sign it."""
    try:
        raw: Mapping[str, Any] = signing.Signer(salt=_SIGNER_SALT).unsign_object(signed)
        return PageFacts(**raw)
    except (signing.BadSignature, TypeError, ValueError):
        return UNKNOWN_PAGE
