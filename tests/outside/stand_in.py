"""A stand-in for a Chatwoot: its documented API over real HTTPS, with what its agents do, and the requests that it sends.

It knows what our adapter may ask and nothing else; what is not as documented (a token, an inbox, a field) is refused as there.
"""

import json
import re
import shutil
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from urllib.request import Request, urlopen

from oscar_engage.outside.chatwoot.signature import sign

TOKEN, SECRET = "administrators-token", "secret-of-the-api-inbox"
ACCOUNT, INBOX = 7, 45
HOST = "chat.example"
TYPES = {"incoming": 0, "outgoing": 1}

Row = dict[str, Any]


class NotFoundError(LookupError):
    """Answered with 404."""


class RefusedError(ValueError):
    """Answered with 422."""


@dataclass
class StandIn:
    """What is in it. ``down``: it answers with 503; ``forgetful``: it does what it is asked and never answers."""

    url: str
    context: ssl.SSLContext
    contacts: list[Row] = field(default_factory=list)
    conversations: list[Row] = field(default_factory=list)
    messages: list[Row] = field(default_factory=list)
    agents: list[Row] = field(default_factory=list)
    inbox: Row = field(default_factory=dict)
    events: list[Row] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    down: bool = False
    forgetful: bool = False
    strips_source: bool = False
    before_answer: Callable[[str, str], None] | None = None

    def __post_init__(self) -> None:
        self._lock, self._last = threading.RLock(), 100
        self.reset()

    def reset(self) -> None:
        """Make it new: one inbox, two agents."""
        for rows in (self.contacts, self.conversations, self.messages, self.events, self.asked):
            rows.clear()
        self.down = self.forgetful = self.strips_source = False
        self.before_answer = None
        self.inbox = {"id": INBOX, "name": "The shop", "channel_type": "Channel::Api", "lock_to_single_conversation": False}
        self.agents[:] = [
            {"id": 1, "name": "Mia", "email": "mia@shop.example", "role": "agent"},
            {"id": 2, "name": "Outsider", "email": "outsider@elsewhere.example", "role": "agent"},
        ]

    # What agents do there.

    def reply(self, conversation: int, email: str, text: str, **more: Any) -> Row:
        """An agent writes."""
        agent = next(agent for agent in self.agents if agent["email"] == email)
        sender = {"id": agent["id"], "name": agent["name"], "email": email, "type": "user"}
        return self._add(conversation, {"content": text, "message_type": "outgoing", "sender": sender, **more})

    def assign(self, conversation: int, email: str) -> None:
        """Somebody gives it to an agent."""
        with self._lock:
            found = self._conversation(conversation)
            found["assignee"] = next(agent["id"] for agent in self.agents if agent["email"] == email)
            self._tell("conversation_updated", found)

    def resolve(self, conversation: int, status: str = "resolved") -> None:
        """An agent closes it."""
        with self._lock:
            found = self._conversation(conversation)
            found["status"] = status
            self._tell("conversation_status_changed", found)

    # What we ask.

    def answer(self, method: str, path: str, query: dict[str, str], data: Row) -> Any:
        """Return what the API says."""
        with self._lock:
            for (verb, pattern), found in _ROUTES.items():
                match = re.fullmatch(pattern, path)
                if verb == method and match:
                    return found(self, *(int(number) for number in match.groups()), query=query, data=data)
        raise NotFoundError(path)

    def _next(self) -> int:
        self._last += 1
        return self._last

    def search(self, *, query: Row, data: Row) -> Any:
        found = [row for row in self.contacts if query["q"] in str(row["identifier"])]
        return {"meta": {"count": len(found)}, "payload": [_contact(row) for row in found]}

    def create_contact(self, *, query: Row, data: Row) -> Any:
        if data["inbox_id"] != INBOX:
            raise NotFoundError("inbox")
        if any(row["identifier"] == data["identifier"] for row in self.contacts):
            raise RefusedError("Identifier has already been taken")
        row = {"id": self._next(), "name": data["name"], "identifier": data["identifier"], "email": data.get("email")}
        self.contacts.append({**row, "source_id": f"source-{row['id']}"})
        made = self.contacts[-1]
        return {"payload": {"contact": _contact(made), "contact_inbox": {"inbox": self.inbox, "source_id": made["source_id"]}}}

    def contact_conversations(self, pk: int, *, query: Row, data: Row) -> Any:
        self._contact(pk)
        return {"payload": [self._shown(row) for row in self.conversations if row["contact_id"] == pk]}

    def delete_contact(self, pk: int, *, query: Row, data: Row) -> Any:
        self.contacts.remove(self._contact(pk))
        self.conversations[:] = [row for row in self.conversations if row["contact_id"] != pk]
        return None

    def create_conversation(self, *, query: Row, data: Row) -> Any:
        contact = self._contact(data["contact_id"])
        if data["inbox_id"] != INBOX or data.get("source_id", contact["source_id"]) != contact["source_id"]:
            raise NotFoundError("inbox")
        if self.inbox["lock_to_single_conversation"]:
            for row in self.conversations:
                if row["contact_id"] == contact["id"]:
                    return self._shown(row)
        row = {"id": self._next(), "contact_id": contact["id"], "status": data.get("status", "open"), "assignee": None}
        self.conversations.append({**row, "custom_attributes": data["custom_attributes"]})
        self._tell("conversation_created", self.conversations[-1])
        return self._shown(self.conversations[-1])

    def show_conversation(self, pk: int, *, query: Row, data: Row) -> Any:
        return self._shown(self._conversation(pk))

    def delete_conversation(self, pk: int, *, query: Row, data: Row) -> Any:
        self.conversations.remove(self._conversation(pk))
        self.messages[:] = [row for row in self.messages if row["conversation_id"] != pk]
        return None

    def list_messages(self, pk: int, *, query: Row, data: Row) -> Any:
        rows = [row for row in self.messages if row["conversation_id"] == self._conversation(pk)["id"]]
        if query.get("after"):
            rows = [row for row in rows if row["id"] > int(query["after"])][:100]
        elif query.get("before"):
            rows = [row for row in rows if row["id"] < int(query["before"])][-20:]
        else:
            rows = rows[-20:]
        return {"meta": {}, "payload": [_message(row) for row in rows]}

    def create_message(self, pk: int, *, query: Row, data: Row) -> Any:
        sender = {"id": 99, "name": "Integration", "email": "admin@shop.example", "type": "user"}
        own = {name: data.get(name) for name in ("content", "message_type", "private", "source_id", "content_attributes")}
        if self.strips_source:
            own["source_id"] = None
        return _message(self._add(pk, {**own, **({"sender": sender} if data["message_type"] == "outgoing" else {})}))

    def toggle_status(self, pk: int, *, query: Row, data: Row) -> Any:
        self.resolve(pk, data["status"])
        return {"meta": {}, "payload": {"success": True, "current_status": data["status"], "conversation_id": pk}}

    def create_assignment(self, pk: int, *, query: Row, data: Row) -> Any:
        agent = next(row for row in self.agents if row["id"] == data["assignee_id"])
        self.assign(pk, agent["email"])
        return agent

    def show_inbox(self, pk: int, *, query: Row, data: Row) -> Any:
        if pk != INBOX:
            raise NotFoundError("inbox")
        return self.inbox

    def list_agents(self, *, query: Row, data: Row) -> Any:
        return self.agents

    def _add(self, conversation: int, message: Row) -> Row:
        with self._lock:
            found = self._conversation(conversation)
            if message["message_type"] == "incoming":
                found["status"] = "open"  # as there: what the contact writes opens it again
            row = {"private": False, "source_id": None, "content_attributes": {}, "attachments": [], "sender": None, **message}
            row |= {"id": self._next(), "conversation_id": conversation, "created_at": 0}
            row["private"] = bool(row["private"])
            self.messages.append(row)
            told = {**row, "conversation": self._shown(found), "inbox": self.inbox, "account": {"id": ACCOUNT}}
            self.events.append({"event": "message_created", **told})
            return row

    def _tell(self, event: str, conversation: Row) -> None:
        account = {"id": ACCOUNT, "name": "Shop"}
        self.events.append({"event": event, **self._shown(conversation), "account": account, "number": self._next()})

    def _shown(self, row: Row) -> Row:
        assignee = next((agent for agent in self.agents if agent["id"] == row["assignee"]), None)
        meta = {"sender": {"id": row["contact_id"]}, **({"assignee": assignee} if assignee else {})}
        return {name: row[name] for name in ("id", "status", "custom_attributes")} | {"inbox_id": INBOX, "meta": meta}

    def _contact(self, pk: int) -> Row:
        return _one(self.contacts, pk)

    def _conversation(self, pk: int) -> Row:
        return _one(self.conversations, pk)

    # What it tells us.

    def take_events(self) -> list[bytes]:
        """Return the bodies of the requests that it would send now, in order."""
        with self._lock:
            bodies = [json.dumps(event).encode() for event in self.events]
            self.events.clear()
        return bodies

    def send_events(self, address: str) -> list[int]:
        """Send them to ``address`` as it does, and return what was answered."""
        answers = []
        for body in self.take_events():
            request = Request(address, body, headers=signed(body, at=datetime.now(tz=UTC)))  # noqa: S310 - our own shop
            with urlopen(request, timeout=10) as answer:  # noqa: S310 - the same
                answers.append(answer.status)
        return answers

    def texts(self, **wanted: Any) -> list[str]:
        """Return the texts of the messages with these values, in order."""
        return [row["content"] for row in self.messages if all(row[name] == value for name, value in wanted.items())]


_ROUTES: dict[tuple[str, str], Callable[..., Any]] = {
    ("GET", "contacts/search"): StandIn.search,
    ("POST", "contacts"): StandIn.create_contact,
    ("GET", r"contacts/(\d+)/conversations"): StandIn.contact_conversations,
    ("DELETE", r"contacts/(\d+)"): StandIn.delete_contact,
    ("POST", "conversations"): StandIn.create_conversation,
    ("GET", r"conversations/(\d+)"): StandIn.show_conversation,
    ("DELETE", r"conversations/(\d+)"): StandIn.delete_conversation,
    ("GET", r"conversations/(\d+)/messages"): StandIn.list_messages,
    ("POST", r"conversations/(\d+)/messages"): StandIn.create_message,
    ("POST", r"conversations/(\d+)/toggle_status"): StandIn.toggle_status,
    ("POST", r"conversations/(\d+)/assignments"): StandIn.create_assignment,
    ("GET", r"inboxes/(\d+)"): StandIn.show_inbox,
    ("GET", "agents"): StandIn.list_agents,
}


def _one(rows: list[Row], pk: int) -> Row:
    for row in rows:
        if row["id"] == pk:
            return row
    raise NotFoundError(str(pk))


def _contact(row: Row) -> Row:
    inboxes = [{"source_id": row["source_id"], "inbox": {"id": INBOX}}]
    return {name: row[name] for name in ("id", "name", "identifier", "email")} | {"contact_inboxes": inboxes}


def _message(row: Row) -> Row:
    """Return a message as the API lists it: its type is a number, and the sender has no address."""
    sender = {name: value for name, value in row["sender"].items() if name != "email"} if row["sender"] else None
    shown = {name: value for name, value in row.items() if name not in {"sender", "message_type"}}
    return {**shown, "message_type": TYPES[row["message_type"]], **({"sender": sender} if sender else {})}


def signed(body: bytes, *, at: datetime, secret: str = SECRET) -> dict[str, str]:
    """Return the headers with which it sends ``body``."""
    return sign(secret, body, at=at) | {"content-type": "application/json"}


def make_certificate(folder: Path, name: str = f"DNS:{HOST}") -> tuple[str, str] | None:
    """Return key and certificate for ``name``; ``None`` where there is no openssl."""
    openssl = shutil.which("openssl")
    if openssl is None:
        return None
    key, certificate = str(folder / "key.pem"), str(folder / "cert.pem")
    made = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=stand-in"]
    made += ["-addext", f"subjectAltName={name}", "-keyout", key, "-out", certificate]
    subprocess.run(made, check=True, capture_output=True)
    return key, certificate


@contextmanager
def running(key: str, certificate: str, host: str = HOST) -> Iterator[StandIn]:
    """Run one in a thread within the block."""

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            data = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
            parts = urlsplit(self.path)
            root = f"/api/v1/accounts/{ACCOUNT}/"
            path, query = parts.path.removeprefix(root), dict(parse_qsl(parts.query))
            found.asked.append((self.command, path))
            if found.down:
                self._say(503, {"error": "down"})
                return
            if self.headers.get("api_access_token") != TOKEN or not parts.path.startswith(root):
                self._say(401, {"error": "Invalid Access Token"})
                return
            if found.before_answer is not None:
                found.before_answer(self.command, path)
            try:
                answer = found.answer(self.command, path, query, data)
            except NotFoundError:
                self._say(404, {"error": "Resource could not be found"})
            except RefusedError as error:
                self._say(422, {"message": str(error)})
            else:
                if found.forgetful and self.command == "POST":
                    self.close_connection = True
                    self.connection.close()
                    return
                self._say(200, answer)

        do_GET = do_POST = do_DELETE = _do  # noqa: N815 - as http.server calls them

        def _say(self, status: int, data: Any) -> None:
            body = b"" if data is None else json.dumps(data).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *args: Any) -> None:
            pass

    server = Quiet(("127.0.0.1", 0), Handler)
    inside = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    inside.load_cert_chain(certificate, key)
    server.socket = inside.wrap_socket(server.socket, server_side=True)
    trusting = ssl.create_default_context(cafile=certificate)
    found = StandIn(url=f"https://{host}:{server.server_port}", context=trusting)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
