"""The adapter: each verb of the seam by the requests of Chatwoot's API.

Nobody becomes a contact that the shop has there by typing its address: a contact of ours is known by a keyed hash, and has no
address; what was typed stands in a private note, and agents merge contacts when they are sure.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from oscar_engage.outside.chatwoot.client import Client, RefusedError
from oscar_engage.outside.chatwoot.read import (
    KEY,
    MARK,
    id_of,
    key_of,
    mark_of,
    payload_of,
    read_event,
    read_said,
    read_somebody,
    rows_of,
)
from oscar_engage.outside.chatwoot.signature import is_genuine
from oscar_engage.outside.port import (
    Case,
    ForeignError,
    GoneError,
    Greeting,
    Heard,
    OutsideError,
    Place,
    There,
    UnreadableError,
    Words,
)

_PAGE, _MOST_PAGES = 100, 5
"""Messages that Chatwoot gives at once after an id, and how often we ask for more."""

_PAGES_BACK = 5
"""Pages of the latest messages (of twenty) in which we look for one of our own."""


class Chatwoot:
    """A Chatwoot, one account and one inbox of it. ``options``: the setting ``OUTSIDE_DESK``."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        """Read the ``options``; nothing is asked."""
        self._base = str(options["URL"]).rstrip("/")
        self._account, self._inbox = int(options["ACCOUNT"]), int(options["INBOX"])
        self._secret = str(options["SECRET"])
        self._api = Client(self._base, self._account, str(options["TOKEN"]), allows_private=bool(options.get("PRIVATE", False)))
        self.name = f"chatwoot {urlsplit(self._base).netloc} {self._account}/{self._inbox}"[:120]

    @staticmethod
    def check(options: Mapping[str, Any]) -> Iterator[str]:
        """Give what is missing in ``options``, for the system check."""
        if not str(options.get("URL", "")).startswith("https://"):
            yield "URL is the address of the Chatwoot and begins with https://"
        for name in ("ACCOUNT", "INBOX"):
            if not str(options.get(name, "")).isdigit():
                yield f"{name} is a number, which stands in the address of its page there"
        for name, what in (("TOKEN", "access token of an administrator's profile"), ("SECRET", "secret of the API inbox")):
            if not options.get(name):
                yield f"{name} is the {what}"

    def open(self, case: Case, /, *, is_repeat: bool) -> Place:
        """Open a conversation with the contact for this shopper, a new one if there is none."""
        with _understood():
            contact, source = self._contact(case)
            if is_repeat:
                for row in rows_of(self._api.get(f"contacts/{contact}/conversations")):
                    if key_of(row) == case.key:
                        return Place(id_of(row), contact)
            attributes = {KEY: case.key, **{f"engage_{name}": value for name, value in case.facts.items()}}
            asked = {"inbox_id": self._inbox, "contact_id": int(contact), "custom_attributes": attributes, "status": "open"}
            made = self._api.post("conversations", {**asked, **({"source_id": source} if source else {})})
            if key_of(made) not in {case.key, ""}:
                raise OutsideError("the inbox keeps one conversation for each contact")
            return Place(id_of(made), contact)

    def _contact(self, case: Case) -> tuple[str, str]:
        """Return the id of the shopper's contact, and the name of its connection with our inbox."""
        found = self._find_contact(case.person)
        if found is not None:
            return found
        name = case.name or case.reference
        try:
            asked = {"inbox_id": self._inbox, "name": name, "identifier": case.person}
            made = payload_of(self._api.post("contacts", asked))
        except RefusedError:  # somebody else made it just now
            found = self._find_contact(case.person)
            if found is None:
                raise
            return found
        return id_of(made.get("contact")), str((made.get("contact_inbox") or {}).get("source_id") or "")

    def _find_contact(self, person: str) -> tuple[str, str] | None:
        for row in rows_of(self._api.get("contacts/search", q=person)):
            if row.get("identifier") == person:
                inboxes = [one for one in row.get("contact_inboxes") or () if isinstance(one, Mapping)]
                mine = [one for one in inboxes if (one.get("inbox") or {}).get("id") == self._inbox]
                return id_of(row), str(mine[0].get("source_id") or "") if mine else ""
        return None

    def say(self, place: Place, words: Words, /, *, is_repeat: bool) -> str:
        """Write a message: the shopper's comes in, an agent's goes out, a note is private."""
        with _understood():
            if is_repeat:
                found = self._find_message(place, words.key)
                if found:
                    return found
            text = f"{words.name}:\n{words.text}" if words.author == "agent" and words.name else words.text
            sent = {
                "content": text,
                "message_type": "incoming" if words.author == "shopper" else "outgoing",
                "private": words.author == "note",
                "source_id": f"{MARK}{words.key}",
                "content_attributes": {KEY: words.key},
            }
            return id_of(self._api.post(f"conversations/{_number(place.conversation)}/messages", sent))

    def _find_message(self, place: Place, key: str) -> str:
        before: dict[str, str] = {}
        for _page in range(_PAGES_BACK):
            rows = rows_of(self._api.get(f"conversations/{_number(place.conversation)}/messages", **before))
            for row in rows:
                if mark_of(row) == key:
                    return id_of(row)
            if not rows:
                break
            before = {"before": min((id_of(row) for row in rows), key=int)}
        return ""

    def assign(self, place: Place, email: str, /) -> bool:
        """Give it to the agent with this address."""
        with _understood():
            for row in self._agents if email else ():
                if str(row.get("email", "")).lower() == email.lower():
                    where = f"conversations/{_number(place.conversation)}/assignments"
                    self._api.post(where, {"assignee_id": int(id_of(row))})
                    return True
        return False

    def close(self, place: Place, /) -> None:
        """Mark it as resolved."""
        self._api.post(f"conversations/{_number(place.conversation)}/toggle_status", {"status": "resolved"})

    def look(self, place: Place, cursor: str, /) -> There:
        """Ask for the conversation, then for the messages after the id ``cursor``."""
        with _understood():
            where = f"conversations/{_number(place.conversation)}"
            stands = self._api.get(where)  # first: so what was said before it was closed is among the messages
            rows = list(self._messages_after(where, cursor or "0"))
            emails = {int(id_of(row)): str(row.get("email") or "") for row in self._agents} if rows else {}
            said = [found for row in rows if (found := read_said(row, base=self._base, emails=emails))]
            return There(
                is_closed=stands.get("status") == "resolved" and len(rows) < _PAGE * _MOST_PAGES,
                assignee=read_somebody((stands.get("meta") or {}).get("assignee")),
                said=said,
                cursor=max((id_of(row) for row in rows), key=int, default=cursor),
            )

    def _messages_after(self, where: str, cursor: str) -> Iterator[Mapping[str, Any]]:
        for _page in range(_MOST_PAGES):
            rows = rows_of(self._api.get(f"{where}/messages", after=cursor))
            yield from rows
            if len(rows) < _PAGE:
                return
            cursor = max((id_of(row) for row in rows), key=int)

    def forget(self, place: Place, /) -> None:
        """Delete the conversation; and the contact, if it has no other."""
        with _understood():
            self._api.delete(f"conversations/{_number(place.conversation)}")
            if not place.contact:
                return
            try:
                left = rows_of(self._api.get(f"contacts/{_number(place.contact)}/conversations"))
            except GoneError:
                return
            if not [row for row in left if str(row.get("id")) != place.conversation]:
                self._api.delete(f"contacts/{_number(place.contact)}")

    def greet(self, callback: str, /) -> Greeting:
        """Ask for the inbox and the agents, and say what is not right."""
        with _understood():
            inbox = payload_of(self._api.get(f"inboxes/{self._inbox}"))
            if inbox.get("id") != self._inbox:
                raise OutsideError("there is no such inbox")
            agents = [found for row in self._agents if (found := read_somebody(row))]
            return Greeting(name=str(inbox.get("name") or ""), agents=agents, complaints=list(_complaints(inbox, callback)))

    @cached_property
    def _agents(self) -> Sequence[Mapping[str, Any]]:
        return rows_of(self._api.get("agents"))

    def link(self, place: Place, /) -> str:
        """Return the conversation's page there."""
        return f"{self._base}/app/accounts/{self._account}/conversations/{place.conversation}"

    def hear(self, headers: Mapping[str, str], body: bytes, /, *, now: datetime) -> Sequence[Heard]:
        """Check the signature of the inbox, and read an event."""
        if not is_genuine(self._secret, headers, body, now=now):
            raise ForeignError("signature")
        try:
            told = json.loads(body)
        except (ValueError, RecursionError):
            raise UnreadableError("no JSON") from None
        return read_event(told, account=self._account, inbox=self._inbox, base=self._base)


def _complaints(inbox: Mapping[str, Any], callback: str) -> Iterator[str]:
    if inbox.get("channel_type") not in {"Channel::Api", None}:
        yield _("The inbox is not of the kind “API”.")
    address = inbox.get("webhook_url") or inbox.get("callback_webhook_url")
    if address != callback:
        yield _("The inbox tells another address: type %(address)s as its webhook URL.") % {"address": callback}
    if inbox.get("lock_to_single_conversation"):
        yield _("The inbox keeps one conversation for each contact: turn that off there, in its settings.")


def _number(text: str) -> str:
    """Return an id for an address; anything but digits would be another address."""
    if not (text.isascii() and text.isdigit()):
        raise GoneError("no number")
    return text


@contextmanager
def _understood() -> Iterator[None]:
    """Have an answer that is not as documented count as a failed try."""
    try:
        yield
    except UnreadableError as error:
        raise OutsideError(f"an answer without what is documented: {error}") from None
    except (AttributeError, TypeError) as error:
        raise OutsideError(f"an answer of another shape: {type(error).__name__}") from None
