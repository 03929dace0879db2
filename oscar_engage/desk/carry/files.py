"""How does a file get into a message, and out again? Checked, written under a random name, attached; gone with its message."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from django.db import transaction
from django.db.models.signals import post_delete

from oscar_engage.conf import get_settings
from oscar_engage.desk.carry.filetype import TYPES, Refusal, RefusedFileError, judge
from oscar_engage.desk.carry.load import KeptFile
from oscar_engage.desk.carry.models import Attachment
from oscar_engage.desk.carry.picture import redraw
from oscar_engage.desk.carry.storage import remove, write
from oscar_engage.desk.flood import TooManyError
from oscar_engage.desk.models import Conversation, Message, Role
from oscar_engage.desk.text import clean_line

FILES_PER_HOUR = 10
"""Files of one visitor: nobody needs to show more, and ten are 50 MB by default."""

LONGEST_NAME = 100
"""Characters of a file's name; its ending is kept."""

MEGABYTE = 1024 * 1024


class Upload(Protocol):
    """A file as it comes in: Django's ``UploadedFile`` is one."""

    name: str | None
    size: int | None

    def read(self) -> bytes:
        """Return all of it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFile:
    """A file that may be kept: its name cleaned, its type judged, its content as it will be written."""

    name: str
    kind: str
    content: bytes


def check_files(uploads: Iterable[Upload]) -> tuple[CheckedFile, ...]:
    """Return ``uploads`` as they may be kept, or raise :class:`RefusedFileError` for the first that may not."""
    settings, taken = get_settings(), list(uploads)
    if len(taken) > settings.attachments_per_message:
        raise RefusedFileError(Refusal.NUMBER, clean_name(taken[-1].name or ""))
    return tuple(_check(upload) for upload in taken)


def _check(upload: Upload) -> CheckedFile:
    settings, name = get_settings(), clean_name(upload.name or "")
    if (upload.size or 0) > settings.attachment_mb * MEGABYTE:  # before it is read
        raise RefusedFileError(Refusal.SIZE, name)
    content = upload.read()
    kind = judge(name, content, allowed=settings.attachment_types)
    if TYPES[kind].is_picture:
        content = redraw(content, kind, name=name)
    return CheckedFile(name=name, kind=kind, content=content)


def clean_name(name: str) -> str:
    """Return a name for people: no folders, nothing unprintable, at most :data:`LONGEST_NAME` characters with its ending."""
    line = clean_line(name.replace("\\", "/").rpartition("/")[2], longest=400).strip(". ")
    stem, dot, ending = line.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending[:10]) - 1]}.{ending[:10]}" if dot and stem else line[:LONGEST_NAME]


@contextmanager
def kept(files: Sequence[CheckedFile], *, now: datetime) -> Iterator[tuple[KeptFile, ...]]:
    """Write ``files`` before the message is made, outside its locks; what no message took by the end is deleted again.

    Whatever slips through (a process killed, a transaction that fails later) is swept up by ``carry.sweep``.
    """
    written: list[KeptFile] = []
    try:
        for file in files:
            path = write(file.content, now=now)
            written.append(KeptFile(name=file.name, kind=file.kind, size=len(file.content), path=path))
        yield tuple(written)
    except BaseException:
        for left in written:
            remove(left.path)
        raise
    paths = {file.path for file in written}
    for path in paths - set(Attachment.objects.filter(path__in=paths).values_list("path", flat=True)) if paths else ():
        remove(path)


def attach(message: Message, files: Sequence[KeptFile]) -> list[Attachment]:
    """Give ``message`` these files, inside the transaction that makes it, and return their rows.

    ``files`` come from :func:`check_files` and :func:`kept`::

        with kept(check_files(uploads), now=now) as files:
            attach(message, files)
    """
    if not files:
        return []
    message.files += len(files)
    message.save(update_fields=["files"])
    return Attachment.objects.bulk_create(
        Attachment(message=message, name=file.name, kind=file.kind, size=file.size, path=file.path) for file in files
    )


def check_flood(conversation: Conversation, number: int, *, now: datetime) -> None:
    """Raise ``TooManyError`` if the shopper's ``number`` more files are too many for the hour."""
    if not number:
        return
    sent = Attachment.objects.filter(
        message__conversation__visitor_id=conversation.visitor_id,
        message__role=Role.SHOPPER,
        message__at__gt=now - timedelta(hours=1),
    )
    if sent.count() + number > FILES_PER_HOUR:
        raise TooManyError("Too many files in one hour.")


def _remove_file(*, instance: Attachment, **kwargs: Any) -> None:
    """Delete the file once its row is gone for good; what fails here is swept up later."""
    transaction.on_commit(partial(remove, instance.path), using=get_settings().database, robust=True)


post_delete.connect(_remove_file, sender=Attachment, dispatch_uid="engage-attachment-file")
