"""How is a file sent? As a download and nothing else, whatever it holds: no browser shows it, runs it or keeps it."""

from typing import cast

from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _

from oscar_engage.desk.carry.filetype import TYPES
from oscar_engage.desk.carry.models import Attachment
from oscar_engage.desk.carry.storage import open_file

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}


def send_file(attachment: Attachment) -> HttpResponse:
    """Answer with the file, or 410 where the storage has it no more."""
    try:
        file = open_file(attachment.path)
    except OSError:
        return HttpResponse(_("This file is not here any more."), status=410, content_type="text/plain", headers=HEADERS)
    known = TYPES.get(attachment.kind)
    mime = known.mime if known else "application/octet-stream"
    response = FileResponse(file, as_attachment=True, filename=attachment.name, content_type=mime, headers=HEADERS)
    return cast("HttpResponse", response)
