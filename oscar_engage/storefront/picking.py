"""May a member of staff pick a place on this page? Then the dashboard's tool comes with it; no shopper is ever sent it."""

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html

from oscar_engage.widgets.anchors.token import PARAMETER, read_token

_TOOL = (
    '<link rel="stylesheet" href="{style}">'
    '<script type="module" src="{script}" data-engage-tool="{tool}" data-engage-kind="{kind}"></script>'
)
PERMISSION = "oscar_engage.change_engagement"
SCRIPT = "oscar_engage/dist/picker.js"
STYLE = "oscar_engage/dashboard/picker.css"


def build_picker(request: HttpRequest, kind: str) -> str:
    """Return the tool's tags for who opened this page of ``kind`` from the dashboard; else nothing, and no session is read."""
    token = request.GET.get(PARAMETER)
    user = getattr(request, "user", None)
    if not token or user is None or not user.has_perm(PERMISSION):
        return ""
    tool = read_token(token, user.pk)
    if tool is None:
        return ""
    return format_html(_TOOL, style=static(STYLE), script=static(SCRIPT), tool=tool, kind=kind)
