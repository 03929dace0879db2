"""Which visitor is this? By the key in our cookie; after a login, by the customer's own session."""

from django.http import HttpRequest, HttpResponse

from oscar_engage.visitors.identity import find_by_key, find_handed_over
from oscar_engage.visitors.models import Visitor
from oscar_engage.visitors.token import read_visitor_key, write_visitor_cookie

_KNOWN = "_engage_visitor"


def get_customer_id(request: HttpRequest) -> int | None:
    """Return who is logged in, with the session's queries; ``None`` for nobody, and outside the shop's middleware."""
    user = getattr(request, "user", None)
    return user.pk if user is not None and user.is_authenticated else None


def recognise(request: HttpRequest) -> Visitor | None:
    """Return the visitor of this request: the one with its key, or the one that its key led to before the customer's login.

    One query for a key that still is one; the session is asked only for one that is not.
    """
    if not hasattr(request, _KNOWN):
        setattr(request, _KNOWN, _find(request))
    known: Visitor | None = getattr(request, _KNOWN)
    return known


def _find(request: HttpRequest) -> Visitor | None:
    key = read_visitor_key(request)
    if key is None:
        return None
    return find_by_key(key) or find_handed_over(key, customer_id=get_customer_id(request))


def hand_over(request: HttpRequest, response: HttpResponse) -> None:
    """Give the browser the key that its visitor has now, with an answer of ours that no cache keeps."""
    visitor: Visitor | None = getattr(request, _KNOWN, None)
    if visitor is not None and visitor.key != read_visitor_key(request):
        write_visitor_cookie(response, visitor.key, secure=request.is_secure())
