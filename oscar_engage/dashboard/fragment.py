"""Does the browser want a page or a part of it?"""

from django.http import HttpRequest


def is_htmx(request: HttpRequest) -> bool:
    """Whether htmx asks for a fragment; without it, the same address answers with a whole page."""
    return request.headers.get("HX-Request") == "true"
