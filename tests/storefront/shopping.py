"""A shopper's browser for the tests of our own pages."""

import uuid
from html.parser import HTMLParser
from typing import Any, Protocol

from django.test import Client

from oscar_engage.desk.models import Conversation

FRAGMENT = {"HX-Request": "true"}


class HasContent(Protocol):
    """An answer, Django's or the test client's."""

    content: bytes


class Form(HTMLParser):
    """The fields of the first form of ours in a page, with what they hold."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.action = ""
        self._is_inside = False
        self._textarea = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form" and "engage-form" in (given.get("class") or "") and not self.action:
            self.action, self._is_inside = given["action"] or "", True
        if self._is_inside and given.get("name") and tag in {"input", "textarea"}:
            self.fields[given["name"] or ""] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_inside = False


def text_of(response: HasContent) -> str:
    return response.content.decode()


def submit(client: Client, page: HasContent, *, headers: dict[str, str] | None = None, **typed: str) -> Any:
    """Fill in the form of ``page`` and send it."""
    form = Form(text_of(page))
    return client.post(form.action, {**form.fields, **typed}, headers=headers or {})


def ask(client: Client, kind: str = "note", **typed: str) -> Conversation:
    """Leave a note or begin a chat in ``client``'s browser."""
    field = "question" if kind == "note" else "message"
    form = Form(text_of(client.get(f"/engage/{kind}/new/")))
    client.post(form.action, {**form.fields, field: "Do you ship to Malta?", **typed})
    return Conversation.objects.latest("pk")


def new_id() -> str:
    return str(uuid.uuid4())
