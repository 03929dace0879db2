"""A little IMAP server over TLS, with one folder: as much of RFC 3501 as fetching needs."""

import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

CERTIFICATE = Path(__file__).with_name("localhost.pem")
"""A certificate for localhost with its key, made for these tests alone."""


@dataclass
class Folder:
    """What is in the folder, by number; and how the server behaves."""

    mails: dict[int, bytes] = field(default_factory=dict)
    flags: dict[int, set[str]] = field(default_factory=dict)
    uid_validity: int = 7
    password: str = "secret"
    asked: list[str] = field(default_factory=list)
    breaks_at: str = ""
    """The server hangs up when a command begins with this."""

    def put(self, raw: bytes, *, is_seen: bool = False) -> int:
        """Add a mail and return its number."""
        uid = max(self.mails, default=0) + 1
        self.mails[uid], self.flags[uid] = raw, {r"\Seen"} if is_seen else set()
        return uid


class _Handler(socketserver.StreamRequestHandler):
    """Answers one client."""

    server: "_Server"

    def handle(self) -> None:
        self._say("* OK ready")
        while line := self.rfile.readline():
            tag, _blank, command = line.decode().strip().partition(" ")
            folder = self.server.folder
            folder.asked.append(command.partition(" ")[0] if command.startswith("LOGIN") else command)
            if folder.breaks_at and command.startswith(folder.breaks_at):
                return
            self._say(f"{tag} {self._answer(command, folder)}")
            if command == "LOGOUT":
                return

    def _answer(self, command: str, folder: Folder) -> str:
        if command == "CAPABILITY":
            self._say("* CAPABILITY IMAP4rev1")
        elif command.startswith("LOGIN"):
            return "OK in" if f'"{folder.password}"' in command else "NO [AUTHENTICATIONFAILED] no"
        elif command.startswith("SELECT"):
            if '"INBOX"' not in command:
                return "NO no such folder"
            self._say(f"* {len(folder.mails)} EXISTS\r\n* OK [UIDVALIDITY {folder.uid_validity}] x")
            self._say(f"* OK [UIDNEXT {max(folder.mails, default=0) + 1}] x")
        elif match := re.match(r"UID SEARCH UNSEEN UID (\d+):\*", command):
            first, last = int(match[1]), max(folder.mails, default=0)
            found = [uid for uid in folder.mails if min(first, last) <= uid and r"\Seen" not in folder.flags[uid]]
            self._say("* SEARCH " + " ".join(map(str, found)))
        elif match := re.match(r"UID FETCH (\d+) \(RFC822.SIZE\)", command):
            self._say(f"* 1 FETCH (UID {match[1]} RFC822.SIZE {len(folder.mails[int(match[1])])})")
        elif match := re.match(r"UID FETCH (\d+) \(BODY.PEEK\[\]\)", command):
            raw = folder.mails[int(match[1])]
            self.wfile.write(b"* 1 FETCH (UID %s BODY[] {%d}\r\n%s)\r\n" % (match[1].encode(), len(raw), raw))
        elif match := re.match(r"UID STORE (\d+) \+FLAGS.SILENT \((.*)\)", command):
            folder.flags[int(match[1])] |= set(match[2].split())
        return "OK done"

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    """Listens on a port of its own."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, folder: Folder) -> None:
        super().__init__(("localhost", 0), _Handler)
        self.folder = folder
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(CERTIFICATE)

    def get_request(self):  # type: ignore[no-untyped-def]  # the base class is without types here
        connection, address = super().get_request()
        connection.settimeout(5)
        return self._context.wrap_socket(connection, server_side=True), address

    def handle_error(self, request, client_address) -> None:  # type: ignore[no-untyped-def]  # the same
        """A client that hangs up, or does not trust us, is no fault of the test's."""


@contextmanager
def running(folder: Folder) -> Iterator[int]:
    """Serve ``folder`` and give the port."""
    server = _Server(folder)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
