"""Is nothing new at the desk? The console's poll, answered before any other middleware while nothing is.

It says "nothing new" and never more than that: whatever is new is for the ordinary view to show, with session, permissions and
all. So the pass that lets a page ask here (signed, bound to the session's cookie) opens nothing by itself; whether its user is
still active is asked each time, and at least twice a minute the ordinary view is asked anyway (``desk.changes.TICK``).
"""

from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from oscar_engage.dashboard.desk.cards import WATCHED, parse_known
from oscar_engage.desk.changes import is_active, read_mark
from oscar_engage.signals.faults import note_fault

HEADER = "Engage-Pass"
_META = "HTTP_ENGAGE_PASS"
_SALT = "oscar_engage.console"
_ADDRESS_ENDS = "/desk/news/"

PASS_SECONDS = 12 * 3600
"""How long a page's pass counts; after that, each of its polls goes through the ordinary view."""


def make_pass(request: HttpRequest, *, agent_id: int) -> str:
    """Return what the page of ``request`` shows to be answered fast."""
    return signing.dumps([request.user.pk, agent_id, _session_digest(request)], salt=_SALT)


def serve_news_fast(request: HttpRequest) -> HttpResponse | None:
    """Return 204 if the page is up to date; ``None`` for every other request, and where anything is in doubt."""
    if _META not in request.META or request.method != "GET" or not request.path_info.endswith(_ADDRESS_ENDS):
        return None
    try:
        return _answer(request)
    except Exception:  # noqa: BLE001 - the ordinary view gets its turn
        note_fault("poll")
        return None


def _answer(request: HttpRequest) -> HttpResponse | None:
    have, known = request.GET.get("have", ""), parse_known(request.GET.getlist("open"))
    if not have or request.GET.get("writing") or any(one.status == WATCHED for one in known):
        return None  # whoever looks on at a colleague's chat is noted each time, by the ordinary view
    try:
        user_id, agent_id, digest = signing.loads(request.META[_META], salt=_SALT, max_age=PASS_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if not constant_time_compare(digest, _session_digest(request)) or not is_active(user_id):
        return None
    cards = [one.public_id for one in known]
    mark = read_mark(agent_id=agent_id, cards=cards, focus=request.GET.get("focus", ""), now=timezone.now())
    if str(mark) != have:
        return None
    return HttpResponse(status=204, headers={"Cache-Control": "private, no-store"})


def _session_digest(request: HttpRequest) -> str:
    cookie: Any = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    return salted_hmac(_SALT, cookie, algorithm="sha256").hexdigest()[:32]
