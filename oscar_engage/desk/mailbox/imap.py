"""How are mails fetched from a server? By IMAP over TLS; behind a port, so that another way can take its place."""

import imaplib
import os
import re
import ssl
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from typing import Any, Protocol

from oscar_engage.conf import get_settings
from oscar_engage.desk.mailbox.models import Mailbox

TIMEOUT = 20
"""Seconds that the server may be silent."""

PASSWORD_VARIABLE = re.compile(r"ENGAGE_MAIL_[A-Z0-9_]{1,60}")
"""Names of environment variables that may hold a password: no other secret of the process can be sent to a server."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class PostboxError(RuntimeError):
    """The server, or how the mailbox is set up, does not allow to fetch; the message says what, without any secret."""


class Session(Protocol):
    """One folder, open. ``uid_validity`` changes when the server gives its mails new numbers; ``next_uid`` is the next one."""

    uid_validity: int
    next_uid: int

    def unseen(self, *, from_uid: int, since: date | None) -> list[int]:
        """Return the numbers of the mails not seen yet, from ``from_uid`` on, that came ``since`` a day."""
        ...

    def size(self, uid: int) -> int:
        """Return the bytes of a mail."""
        ...

    def fetch(self, uid: int) -> bytes:
        """Return a mail, and leave it unseen."""
        ...

    def mark_seen(self, uid: int, *, is_flagged: bool = False) -> None:
        """Mark a mail as seen; flagged, so that a person looks at it."""
        ...

    def close(self) -> None:
        """End it; never raises."""
        ...


class Postbox(Protocol):
    """Opens mailboxes."""

    def open(self, mailbox: Mailbox) -> Session:
        """Return a session or raise :class:`PostboxError` or ``OSError``."""
        ...


class ImapPostbox:
    """The port by IMAP, to the servers in ``IMAP_HOSTS`` alone."""

    def open(self, mailbox: Mailbox) -> "ImapSession":
        """Log in and open the folder."""
        if mailbox.host not in get_settings().imap_hosts:
            raise PostboxError("The server is not in IMAP_HOSTS")
        password = read_password(mailbox.password_variable)
        server = imaplib.IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=ssl.create_default_context(), timeout=TIMEOUT)
        try:
            return ImapSession(server, mailbox, password)
        except Exception:
            _end(server)
            raise


def read_password(variable: str) -> str:
    """Return what the environment variable holds or raise :class:`PostboxError`."""
    password = os.environ.get(variable, "") if PASSWORD_VARIABLE.fullmatch(variable) else ""
    if not password:
        raise PostboxError("The environment variable with the password is not set for the worker")
    return password


class ImapSession:
    """A folder of an IMAP server."""

    def __init__(self, server: imaplib.IMAP4, mailbox: Mailbox, password: str) -> None:
        self._server = server
        try:
            server.login(_quote(mailbox.user), password)
        except imaplib.IMAP4.error:
            raise PostboxError("The server refused user name and password") from None
        self._ask(server.select(_quote(mailbox.folder or "INBOX")), "The folder cannot be opened")
        self.uid_validity = self._number("UIDVALIDITY")
        self.next_uid = self._number("UIDNEXT")

    def unseen(self, *, from_uid: int, since: date | None) -> list[int]:
        """Return the numbers of the mails not seen yet, the oldest first."""
        criteria = ["UNSEEN", "UID", f"{max(1, from_uid)}:*"]
        if since is not None:
            criteria += ["SINCE", f"{since.day:02}-{_MONTHS[since.month - 1]}-{since.year}"]
        [found, *_rest] = self._ask(self._server.uid("SEARCH", *criteria), "The folder cannot be searched")
        uids = sorted(int(uid) for uid in (found or b"").split())
        return [uid for uid in uids if uid >= from_uid]  # "n:*" is the last one where n is beyond it

    def size(self, uid: int) -> int:
        """Return the bytes of a mail, as the server counts them."""
        data = self._ask(self._server.uid("FETCH", str(uid), "(RFC822.SIZE)"), "A mail's size is not told")
        found = _SIZE.search(b" ".join(_bytes_in(data)))
        return int(found[1]) if found else 0

    def fetch(self, uid: int) -> bytes:
        """Return a mail; ``PEEK`` leaves it unseen."""
        data = self._ask(self._server.uid("FETCH", str(uid), "(BODY.PEEK[])"), "A mail cannot be fetched")
        return next((bytes(item[1]) for item in data if isinstance(item, tuple)), b"")

    def mark_seen(self, uid: int, *, is_flagged: bool = False) -> None:
        """Mark a mail as seen."""
        flags = r"(\Seen \Flagged)" if is_flagged else r"(\Seen)"
        self._ask(self._server.uid("STORE", str(uid), "+FLAGS.SILENT", flags), "A mail cannot be marked")

    def close(self) -> None:
        """Log out."""
        _end(self._server)

    def _ask(self, answered: tuple[str, list[Any]], otherwise: str) -> list[Any]:
        status, data = answered
        if status != "OK":
            raise PostboxError(otherwise)
        return data

    def _number(self, name: str) -> int:
        _name, values = self._server.response(name)
        first = values[0] if values else None
        return int(first) if isinstance(first, bytes) and first.isdigit() else 0


def _bytes_in(data: Iterable[object]) -> list[bytes]:
    return [item if isinstance(item, bytes) else item[0] for item in data if isinstance(item, bytes | tuple)]


def _quote(text: str) -> str:
    if not text.isprintable():
        raise PostboxError("User name or folder holds characters that no server takes")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _end(server: imaplib.IMAP4) -> None:
    """Log out; where the server has hung up, close our end at least."""
    with suppress(OSError, imaplib.IMAP4.error):
        server.logout()
        return
    with suppress(OSError):
        server.shutdown()
