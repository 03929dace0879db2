"""How is a file sent? As a download and nothing else, whatever it holds: no browser shows it, runs it or keeps it."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header
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
    """Answer with the file, or 410 where the storage has it no more.

    It is read as a whole: it is a few megabytes at most, and no answer of ours is a stream that holds a thread.
    """
    try:
        with open_file(attachment.path) as file:
            content = file.read()
    except OSError:
        return HttpResponse(_("This file is not here any more."), status=410, content_type="text/plain", headers=HEADERS)
    known = TYPES.get(attachment.kind)
    disposition = content_disposition_header(as_attachment=True, filename=attachment.name) or "attachment"
    headers = {**HEADERS, "Content-Disposition": disposition}
    return HttpResponse(content, content_type=known.mime if known else "application/octet-stream", headers=headers)
