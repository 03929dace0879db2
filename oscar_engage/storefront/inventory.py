"""What do we put into a browser? Each cookie and each file of ours, for the shop's cookie policy and its PCI records."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings as django_settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from oscar_engage.conf import get_settings
from oscar_engage.modules import file_name, is_on, is_there
from oscar_engage.storefront.open_chat import COOKIE_NAME as CHAT_COOKIE_NAME
from oscar_engage.storefront.sharing_page import COOKIE_NAME as LIVE_COOKIE_NAME
from oscar_engage.visitors.token import COOKIE_NAME, MAX_AGE

DIST = "oscar_engage/dist/"
CHAT_STORAGE = "engage-chat-min"
"""What ``frontend/src/chat.js`` calls its entry in the session storage."""

LIVE_STORAGE = "engage-live"
"""What ``frontend/src/share.js`` calls its entry in the session storage."""

VOICE_STORAGE = "engage-voice"
"""What ``frontend/src/voices.js`` calls its own."""

CHAT_DRAFT = "engage-chat-draft:"
CHAT_UNSENT = "engage-chat-unsent:"
"""How the entries of ``frontend/src/outbox.js`` begin, in the session storage and the local one; the chat's address follows."""

FORM_KEPT = "engage-kept:"
"""How the entries of ``frontend/src/keep.js`` begin, in both storages; the form's address follows."""


HTMX_PATH = "htmx-current-path-for-history"
"""Where htmx, which a panel with a form loads, notes the page's address as it starts; no setting of its keeps it from that."""

HTMX_TRIAL = "htmx:sessionStorageTest"
"""What htmx writes before that, and takes out again in the same breath, to see whether it may."""


class MissingFileError(LookupError):
    """A file of ours is not among the static files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """Something that a browser keeps. ``seconds``: ``None`` until the tab or the browser is closed."""

    name: str
    kind: str
    purpose: str | Promise
    set_when: str | Promise
    seconds: int | None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A file that a page loads. ``kind`` is ``script`` or ``style``; ``size`` in bytes; ``integrity`` is its SRI hash."""

    path: str
    kind: str
    pages: str | Promise
    on_payment_pages: bool
    size: int
    integrity: str


_STORED_FOR = {
    CHAT_COOKIE_NAME: "desk",
    CHAT_STORAGE: "chat",
    CHAT_DRAFT: "chat",
    CHAT_UNSENT: "chat",
    LIVE_COOKIE_NAME: "shared_page",
    LIVE_STORAGE: "shared_page",
}
"""The modules without which a browser keeps none of it."""


def list_stored() -> tuple[Stored, ...]:
    """Return what we keep in a shopper's browser; nothing that only a module that is off would keep."""
    off = {name for name, module in _STORED_FOR.items() if not is_on(module)}
    return tuple(stored for stored in _stored() if stored.name not in off)


def _stored() -> Iterator[Stored]:
    secure = _("Secure (on HTTPS)")
    yield Stored(
        name=COOKIE_NAME,
        kind="cookie",
        purpose=_("Recognises the browser by a random, signed number, so that help fits the visit and answers are found."),
        set_when=_("With the answer to a page's own request, once the visitor agreed to something; or when they ask us."),
        seconds=MAX_AGE,
        flags=("HttpOnly", "SameSite=Lax", str(secure)),
    )
    yield Stored(
        name=CHAT_COOKIE_NAME,
        kind="cookie",
        purpose=_("Leads from the pages on which one pays, where no script of ours runs, back to the open chat."),
        set_when=_("When a chat is shown that the shopper began, until it is closed."),
        seconds=None,
        flags=("HttpOnly", "SameSite=Lax", str(secure)),
    )
    yield Stored(
        name=LIVE_COOKIE_NAME,
        kind="cookie",
        purpose=_("Pauses a shared page, and ends a talk, on the pages on which one pays, where no script of ours runs."),
        set_when=_("When the shopper has said yes to sharing the page or to talking, until that ends."),
        seconds=None,
        flags=("HttpOnly", "SameSite=Lax", str(secure)),
    )
    if not django_settings.CSRF_USE_SESSIONS:
        yield Stored(
            name=django_settings.CSRF_COOKIE_NAME,
            kind="cookie",
            purpose=_("Django's protection against forged forms; the shop's own forms set it as well."),
            set_when=_("When a form of ours (note, chat) is opened."),
            seconds=django_settings.CSRF_COOKIE_AGE,
            flags=tuple(_csrf_flags()),
        )
    yield Stored(
        name=CHAT_STORAGE,
        kind="session storage",
        purpose=_("Remembers in this tab that the shopper made the chat small."),
        set_when=_("When the shopper makes an open chat small."),
        seconds=None,
    )
    yield Stored(
        name=LIVE_STORAGE,
        kind="session storage",
        purpose=_("Remembers in this tab which shared page its shopper said yes to, so that the next page goes on with it."),
        set_when=_("When the shopper has said yes to sharing the page, until that ends."),
        seconds=None,
    )
    yield Stored(
        name=VOICE_STORAGE,
        kind="session storage",
        purpose=_("Remembers in this tab which talk its shopper said yes to and what is on, so that the next page goes on."),
        set_when=_("When the shopper has said yes to talking in the browser, until that ends."),
        seconds=None,
    )
    yield Stored(
        name=CHAT_DRAFT,
        kind="session storage",
        purpose=_("Keeps what is being typed in an open chat, so that the next page has it; it is sent to nobody."),
        set_when=_("When the shopper types in an open chat, until it is sent or the chat is closed."),
        seconds=None,
    )
    yield Stored(
        name=CHAT_UNSENT,
        kind="local storage",
        purpose=_("Keeps what was sent without a network, until it has reached us."),
        set_when=_("When the shopper sends a message in an open chat, until we have it, the chat is closed, or a day later."),
        seconds=86_400,
    )
    yield from _of_htmx()
    if get_settings().auto_save:
        yield from _kept_forms()


def _of_htmx() -> Iterator[Stored]:
    opened = _("When the shopper opens help, a note or a chat.")
    yield Stored(
        name=HTMX_PATH,
        kind="session storage",
        purpose=_("The address of this tab's page, as htmx notes it, which sends the forms of help; we never read it."),
        set_when=opened,
        seconds=None,
    )
    yield Stored(
        name=HTMX_TRIAL,
        kind="session storage",
        purpose=_("Tells htmx whether the browser keeps anything; taken out again at once."),
        set_when=opened,
        seconds=None,
    )


def _kept_forms() -> Iterator[Stored]:
    purpose = _("Keeps what is being typed in a long form, so that a reload or a login does not lose it; it is sent to nobody.")
    yield Stored(
        name=FORM_KEPT,
        kind="session storage",
        purpose=purpose,
        set_when=_("When somebody without a login types in a long form, until it is sent."),
        seconds=None,
    )
    yield Stored(
        name=FORM_KEPT,
        kind="local storage",
        purpose=purpose,
        set_when=_("When a customer types in a long form, until it is sent, they log out, another logs in, or a day later."),
        seconds=86_400,
    )


def _csrf_flags() -> Iterator[str]:
    if django_settings.CSRF_COOKIE_HTTPONLY:
        yield "HttpOnly"
    if django_settings.CSRF_COOKIE_SAMESITE:
        yield f"SameSite={django_settings.CSRF_COOKIE_SAMESITE}"
    if django_settings.CSRF_COOKIE_SECURE:
        yield "Secure"


EVERY_PAGE = _("every page of the shop")
NOT_PAYMENT = _("every page of the shop but those on which one pays")
ON_DEMAND = _("loaded by engage.js when the shopper opens help, a note or a chat; never on a page on which one pays")
WITH_AN_OFFER = _("loaded by engage.js when an offer is shown; never on a page on which one pays")
WITH_A_SURVEY = _("loaded by offer.js when a survey is shown; never on a page on which one pays")
WITH_A_FORM = _("loaded by engage.js on pages with a long form, a login or a logout; never on a page on which one pays")
WITH_A_SEGMENT = _("loaded by engage.js on pages with a part for a segment; never on a page on which one pays")
WITH_FIELDS = _("loaded by engage.js where a page has a form to fill in; never on a page on which one pays")
WITH_PUSH = _("loaded by chat.js with an open chat, where the shop has PUSH; never on a page on which one pays")
WITH_A_YES = _("loaded by chat.js once somebody wants to share a page; never on a page on which one pays")
RECORDING = _("loaded by share.js after the shopper's yes to sharing the page; never on a page on which one pays")
WITH_A_VOICE = _("loaded by chat.js once somebody wants to talk, where the shop has VOICES; never on a page on which one pays")
TALKING = _("the page on which an agent talks with a shopper")
WITH_A_PICKED_PLACE = _(
    "loaded by offer.js when an offer points to a place that staff picked; never on a page on which one pays"
)
PICKING = _("the page of the shop on which a member of staff picks a place, opened from the dashboard; no shopper is sent it")
WITH_ANSWERS = _("loaded with the form of a note or a chat, where answers can be found; never on a page on which one pays")
DASHBOARD = _("the staff's own pages in the dashboard")
CONVERSATIONS = _("the pages on which staff answer a conversation")
DESK = _("the agents' desk")
BOARD = _("the supervisors' board")
DESK_WITH_PUSH = _("the agents' desk, where the shop has PUSH")
SHARED = _("the page on which an agent looks at a shopper's shared page")
DRAFTS = _("a page of the shop while a member of staff looks at a draft on it; never a shopper's")
EDITORS = _("the pages on which staff write rules and segments")

_SHIPPED: tuple[tuple[str, str, str | Promise, bool], ...] = (
    (f"{DIST}engage.css", "style", EVERY_PAGE, True),
    (f"{DIST}engage.js", "script", NOT_PAYMENT, False),
    (f"{DIST}offer.js", "script", WITH_AN_OFFER, False),
    (f"{DIST}picked.js", "script", WITH_A_PICKED_PLACE, False),
    (f"{DIST}dialog.js", "script", ON_DEMAND, False),
    (f"{DIST}note.js", "script", ON_DEMAND, False),
    (f"{DIST}suggest.js", "script", WITH_ANSWERS, False),
    (f"{DIST}chat.js", "script", ON_DEMAND, False),
    (f"{DIST}survey.js", "script", WITH_A_SURVEY, False),
    (f"{DIST}keep.js", "script", WITH_A_FORM, False),
    (f"{DIST}segment.js", "script", WITH_A_SEGMENT, False),
    (f"{DIST}field_help.js", "script", WITH_FIELDS, False),
    (f"{DIST}push.js", "script", WITH_PUSH, False),
    (f"{DIST}share.js", "script", WITH_A_YES, False),
    (f"{DIST}voices.js", "script", WITH_A_VOICE, False),
    (f"{DIST}record.js", "script", RECORDING, False),
    ("django_htmx/htmx-2.min.js", "script", ON_DEMAND, False),
    ("oscar_engage/dashboard/dashboard.css", "style", DASHBOARD, False),
    ("oscar_engage/dashboard/dashboard.js", "script", DASHBOARD, False),
    ("oscar_engage/dashboard/canned.js", "script", CONVERSATIONS, False),
    ("oscar_engage/dashboard/console.js", "script", DESK, False),
    ("oscar_engage/dashboard/board.js", "script", BOARD, False),
    ("oscar_engage/dashboard/board.css", "style", BOARD, False),
    (f"{DIST}picker.js", "script", PICKING, False),
    ("oscar_engage/dashboard/picker.css", "style", PICKING, False),
    (f"{DIST}desk_push.js", "script", DESK_WITH_PUSH, False),
    (f"{DIST}replay.js", "script", SHARED, False),
    ("oscar_engage/dashboard/sharing.css", "style", SHARED, False),
    (f"{DIST}desk_voices.js", "script", TALKING, False),
    ("oscar_engage/dashboard/voices.css", "style", TALKING, False),
    (f"{DIST}rules.js", "script", EDITORS, False),
    (f"{DIST}preview.js", "script", DRAFTS, False),
)


def list_scripts() -> tuple[Script, ...]:
    """Return every file of ours that a page can load, as it is served, of the modules that are on.

    Raises :class:`MissingFileError`.
    """
    return tuple(
        _measure(_read(path), path=path, kind=kind, pages=pages, on_payment_pages=on_payment_pages)
        for path, kind, pages, on_payment_pages in _SHIPPED
        if is_there("scripts", file_name(path))
    )


def _measure(content: bytes, *, path: str, kind: str, pages: str | Promise, on_payment_pages: bool) -> Script:
    digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
    return Script(
        path=path,
        kind=kind,
        pages=pages,
        on_payment_pages=on_payment_pages,
        size=len(content),
        integrity=f"sha384-{digest}",
    )


def _read(path: str) -> bytes:
    """Return the collected file, which a storage may have changed; before ``collectstatic`` the packaged one."""
    collected = _collected(path)
    if collected is not None:
        return collected
    found = finders.find(path)
    if not found:
        raise MissingFileError(f"{path} is not among the static files: is its app in INSTALLED_APPS?")
    return Path(found).read_bytes()


def _collected(path: str) -> bytes | None:
    try:
        stored_name = getattr(staticfiles_storage, "stored_name", str)
        name = stored_name(path)
        if not staticfiles_storage.exists(name):
            return None
        with staticfiles_storage.open(name) as file:
            return bytes(file.read())
    except (ImproperlyConfigured, ValueError):  # no STATIC_ROOT; a manifest that is not written yet
        return None
