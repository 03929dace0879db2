"""How do files come in? Through one field that judges them, in a request whose length is judged before it is read."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt

from oscar_engage.conf import get_settings
from oscar_engage.desk.carry.files import MEGABYTE, CheckedFile, check_files
from oscar_engage.desk.carry.filetype import TYPES, Refusal, RefusedFileError
from oscar_engage.desk.carry.storage import is_offered
from oscar_engage.storefront.network import network_of
from oscar_engage.storefront.rate import UPLOADS

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

UPLOADS_PER_NETWORK = 120
"""Requests with files in an hour that one process takes from one network (/24, /64)."""

_BESIDE_FILES = 256 * 1024
"""Bytes of a request beside its files: words, tokens, the boundaries of a multipart body."""

_WHY: dict[Refusal, str | Promise] = {
    Refusal.EMPTY: gettext_lazy("“%(name)s” is empty."),
    Refusal.SIZE: gettext_lazy("“%(name)s” is too large."),
    Refusal.TYPE: gettext_lazy("“%(name)s” is of a type that is not taken."),
    Refusal.MISMATCH: gettext_lazy("“%(name)s” is not what the ending of its name says."),
    Refusal.DAMAGED: gettext_lazy("“%(name)s” cannot be read to its end; it seems to be damaged."),
    Refusal.PIXELS: gettext_lazy("“%(name)s” has too many pixels."),
    Refusal.ACTIVE: gettext_lazy("“%(name)s” is a document that runs something by itself."),
    Refusal.NUMBER: gettext_lazy("These are too many files at once."),
}


class _FilesInput(forms.FileInput):
    allow_multiple_selected = True


class Uploads(forms.FileField):
    """Files, judged; its value is a tuple of ``CheckedFile``. Where the shop offers none, what is sent is ignored."""

    widget = _FilesInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "label": gettext_lazy("Files (optional)"), **kwargs})

    def clean(self, data: Any, initial: Any = None) -> tuple[CheckedFile, ...]:
        """Return the files, or say what is wrong with the first one that is refused, and what is taken."""
        if not is_offered():
            return ()
        uploads = data if isinstance(data, (list, tuple)) else [data]
        try:
            return check_files([upload for upload in uploads if upload])
        except RefusedFileError as error:
            raise forms.ValidationError(f"{refusal(error)} {allowed()}") from None


def offer_files(form: forms.BaseForm) -> None:
    """Show the form's ``uploads`` with what is taken, or take it out where the shop offers none; from ``__init__``."""
    if not is_offered():
        del form.fields["uploads"]
        return
    endings = [f".{ending}" for kind in get_settings().attachment_types for ending in TYPES[kind].endings]
    form.fields["uploads"].help_text = allowed()
    form.fields["uploads"].widget.attrs["accept"] = ",".join(endings)


def refusal(error: RefusedFileError) -> str:
    """Return why a file was refused, in words."""
    return str(_WHY[error.reason]) % {"name": error.name}


def allowed() -> str:
    """Return what is taken, in words."""
    settings = get_settings()
    kinds = ", ".join(TYPES[kind].endings[0].upper() for kind in settings.attachment_types)
    return _("Up to %(number)d files of %(size)d MB each: %(types)s.") % {
        "number": settings.attachments_per_message,
        "size": settings.attachment_mb,
        "types": kinds,
    }


def is_too_large(request: HttpRequest, *, beside: int = _BESIDE_FILES) -> bool:
    """Whether the request says that it is longer than ``beside`` bytes with all files that are allowed.

    Nothing of it is read for that.
    """
    settings = get_settings()
    files = settings.attachments_per_message * settings.attachment_mb * MEGABYTE if is_offered() else 0
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not length.isascii() or not length.isdecimal() or int(length[:12]) > files + beside


def is_flood(request: HttpRequest) -> bool:
    """Whether the network has used up the hour with requests that are long enough to carry files: each is work to judge."""
    if int(request.META.get("CONTENT_LENGTH") or "0") <= _BESIDE_FILES:
        return False
    network = network_of(request, today=timezone.now().date())
    return network is not None and not UPLOADS.allows(network, limit=UPLOADS_PER_NETWORK, now=time.monotonic())


class Refuse(Protocol):
    """Answers a request that is not read."""

    def __call__(self, request: HttpRequest, *, is_flood: bool) -> HttpResponse:
        """Say that it is too large or, with ``is_flood``, one too many."""
        ...


def limited(refuse: Refuse, *, beside: int = _BESIDE_FILES) -> Callable[[View[P]], View[P]]:
    """Answer with ``refuse`` instead of reading a body that is too long, or one with files too many.

    ``beside``: bytes of a request beside its files.

    Django's own check of the token reads the body, so the view is exempt from it; it has to be protected inside, as
    ``answers.private`` does.
    """

    def decorate(view: View[P]) -> View[P]:
        @csrf_exempt
        @wraps(view)
        def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if is_too_large(request, beside=beside):
                return refuse(request, is_flood=False)
            return refuse(request, is_flood=True) if is_flood(request) else view(request, *args, **kwargs)

        return cast("View[P]", answer)

    return decorate
