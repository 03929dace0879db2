"""Which page is a question about? The one that the address names, else the page that the shopper came from."""

from urllib.parse import urlsplit

from django.http import HttpRequest

_PLACE = ("page_path", "page_title", "anchor", "decision")


def place_of(request: HttpRequest) -> dict[str, str]:
    """Return what the question is about, as the initial values of a form; ``page_path`` may be empty."""
    given = {name: request.GET[name][:1000] for name in _PLACE if request.GET.get(name)}
    given.setdefault("page_path", _referring_path(request))
    return given


def _referring_path(request: HttpRequest) -> str:
    try:
        referrer = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    is_ours = referrer.path.startswith(request.path_info.split("/", 2)[1].join(("/", "/")))
    return referrer.path if referrer.netloc == request.get_host() and not is_ours else ""
