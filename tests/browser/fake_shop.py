"""How does our script meet a shop without one? A small server: stock markup, our files, answers a test decides on."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import django_htmx
import oscar

import oscar_engage

STATIC = [Path(module.__file__ or "").parent / "static" for module in (oscar_engage, oscar, django_htmx)]
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
#: The strictest policy we promise to work under.
POLICY = "default-src 'self'; frame-ancestors 'none'"
SNIPPET = """
<link rel="stylesheet" href="/static/oscar_engage/dist/engage.css">
<script defer src="/static/oscar_engage/dist/engage.js" data-engage-beat="/engage/beat/" data-engage-base="/engage/"
  data-engage-page="signed:facts" data-engage-kind="{kind}" data-engage-htmx="/static/django_htmx/htmx-2.min.js"
  data-engage-dialog="/static/oscar_engage/dist/dialog.js"
  data-engage-chat="/static/oscar_engage/dist/chat.js" data-engage-note="/static/oscar_engage/dist/note.js"
  data-engage-offer="/static/oscar_engage/dist/offer.js"{sensors}></script>
<div id="engage-root" data-engage-root></div><nav class="engage-help-place" aria-label="Help"><a id="engage-help"
  class="engage-help" href="/engage/help/">Help</a></nav>
"""
PAGE = """<!DOCTYPE html><html lang="en"><head><title>{title}</title><meta name="viewport" content="width=device-width">
<link rel="icon" href="/static/icon.svg"><link rel="stylesheet" href="/static/oscar/css/styles.css"></head>
<body>{body}{snippet}</body></html>"""

SHIPPING = """<header class="header container"><h1>Shipping method</h1></header><div class="container page"><div
 class="page_inner">
<p>Choose how your order travels.</p><div class="basket-title"><div class="row"><h2 class="col-sm-8 h4">Method</h2></div>
</div>
<div class="basket-items"><div class="row"><div class="col-sm-8"><h3 class="h4">Standard</h3><p>Two to four days</p></div>
<div class="col-sm-1">4.90</div><div class="col-sm-3"><form method="post" action="/en/checkout/shipping-method/">
<button type="submit" class="btn btn-lg btn-primary float-right">Select option</button></form></div></div></div>
<div class="basket-items"><div class="row"><div class="col-sm-8"><h3 class="h4">Express</h3><p>Tomorrow before noon</p></div>
<div class="col-sm-1">12.90</div><div class="col-sm-3"><form method="post" action="/en/checkout/shipping-method/">
<button type="submit" class="btn btn-lg btn-primary float-right">Select option</button></form></div></div></div>
{rest}</div></div>"""
BALLOON = """<div class="engage-balloon" data-engage-widget="balloon" data-engage-decision="{decision}"
 data-engage-anchor="{anchor}"
 popover="manual" role="dialog" aria-modal="false" aria-labelledby="engage-title-{decision}">
<p class="engage-title" id="engage-title-{decision}">Which delivery is right?</p>
<p>Express arrives tomorrow before noon. Standard is free from 50 pounds.</p>
<div class="engage-actions"><button type="button" class="engage-button" data-engage-do="accept"
 data-engage-open="note">Ask us</button>
<button type="button" class="engage-close" data-engage-do="dismiss" aria-label="Close"><span
 aria-hidden="true">&times;</span></button></div></div>"""
INVITATION = """<div class="engage-card" data-engage-widget="invitation" data-engage-decision="d-inv" role="dialog"
 aria-modal="false"
 aria-labelledby="engage-title-inv"><p class="engage-title" id="engage-title-inv">Can we help you choose?</p>
<p>Mia knows our tents and answers within a minute.</p><div class="engage-actions">
<button type="button" class="engage-button" data-engage-do="accept"
 data-engage-open="/engage/chat/new/?decision=d-inv">Start a chat</button>
<button type="button" class="engage-button-quiet" data-engage-do="dismiss">No, thank you</button></div></div>"""
NOTE_FORM = """<section class="engage-panel" data-engage-note role="dialog" aria-labelledby="engage-note-title">
<h2 class="engage-title" id="engage-note-title">Leave a note</h2>
<p class="engage-status">You will find our answer here by 15:30. You need not wait.</p>
<form class="engage-form" method="post" action="/engage/note/" hx-post="/engage/note/" hx-target="closest .engage-panel"
 hx-swap="outerHTML"
 novalidate><input type="hidden" name="csrfmiddlewaretoken" value="token">
<div class="engage-field"><label for="engage-note-question">Your question</label>
<textarea id="engage-note-question" name="question" rows="4" required></textarea></div>
<div class="engage-field"><label for="engage-note-name">Your name (optional)</label>
<input id="engage-note-name" name="name"></div>
<div class="engage-field"><label for="engage-note-email">Your e-mail address (optional)</label>
<input id="engage-note-email" type="email" name="email" aria-describedby="engage-note-email_helptext">
<p class="engage-hint" id="engage-note-email_helptext">Only to tell you that the answer is there.</p></div>
<input type="hidden" name="anchor" value="{anchor}"><input type="hidden" name="anchor_label"><input
 type="hidden" name="anchor_path">
<input type="hidden" name="page_path"><input type="hidden" name="page_title"><input
 type="hidden" name="decision" value="{decision}">
<p class="engage-pinned">Your note is about: <span data-engage-picked>the shop</span>
<button type="button" class="engage-button-quiet" data-engage-do="pick" hidden>Point at something else</button></p>
<div class="engage-actions"><button type="submit" class="engage-button">Leave the note</button></div></form></section>"""
RECEIPT = """<section class="engage-panel" data-engage-receipt role="dialog" aria-labelledby="engage-receipt-title">
<h2 class="engage-title" id="engage-receipt-title">Your question K7Q2-9FMX</h2>
<div class="engage-receipt" role="status"><p>Thank you, we have your note. Our answer will be here by 15:30.</p>
<p>Reference: <strong>K7Q2-9FMX</strong></p></div>
<ol class="engage-messages" aria-label="Messages"><li class="engage-message" data-seq="1" data-role="shopper">
<span class="engage-author">You</span> <span class="engage-text">Is it green?</span></li></ol>
<p><a class="engage-button-quiet" href="/engage/questions/">My questions</a></p></section>"""
HELP = """<section class="engage-panel" data-engage-help role="dialog" aria-labelledby="engage-help-title">
<h2 class="engage-title" id="engage-help-title">How can we help?</h2><p
 class="engage-status">Somebody is here to chat with you now.</p>
<ul class="engage-actions"><li><a class="engage-button" href="/engage/chat/new/">Chat with us</a></li>
<li><a class="engage-button" href="/engage/note/new/">Leave a note</a></li>
<li><a class="engage-button-quiet" href="/engage/questions/">My questions</a></li></ul></section>"""
MESSAGE = """<li class="engage-message" data-seq="{seq}" data-role="{role}"><span class="engage-author">Mia</span>
<span class="engage-text">{body}</span> <time class="engage-time" datetime="2026-05-04T10:00:00">10:00</time></li>"""
CHAT = """<section class="engage-panel" data-engage-chat data-engage-events="/engage/chat/abc/events/"
 data-engage-status="{status}"
 role="dialog" aria-labelledby="engage-chat-title"><h2 class="engage-title" id="engage-chat-title">Chat</h2>
<button type="button" class="engage-button-quiet" data-engage-do="minimise" aria-expanded="true"
 data-engage-restore="Open the chat">Minimise</button>
<p class="engage-status" role="status">Chat is {status}.</p>
<ol class="engage-messages" aria-label="Messages">{messages}</ol>
<form class="engage-form" method="post" action="/engage/chat/abc/messages/" hx-post="/engage/chat/abc/messages/"
 hx-target="closest .engage-panel" hx-swap="outerHTML" novalidate><input
 type="hidden" name="csrfmiddlewaretoken" value="token">
<div class="engage-field"><label for="engage-message-body">Your message</label>
<textarea id="engage-message-body" name="body" rows="2" required></textarea></div>
<input type="hidden" name="client_id" value="5f0c1c1e-7d3a-4b53-9a52-0a5fbb6f1d5c">
<div class="engage-actions"><button type="submit" class="engage-button">Send</button></div></form>
<form class="engage-end" method="post" action="/engage/chat/abc/close/"><button type="submit"
 class="engage-button-quiet">End the chat</button>
</form></section>"""


@dataclass(frozen=True)
class Answer:
    """What the fake server says to one request."""

    status: int = 204
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Seen:
    """One request the browser made; ``at`` in seconds of a monotonic clock."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: str
    at: float


@dataclass
class FakeShop:
    """The server's memory, which a test reads, and its answers, which a test sets."""

    url: str = ""
    seen: list[Seen] = field(default_factory=list)
    pages: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Callable[[Seen, int], Answer]] = field(default_factory=dict)

    def page(
        self,
        body: str,
        *,
        path: str = "/",
        kind: str = "other",
        title: str = "Shop",
        has_script: bool = True,
        sensors: dict[str, Any] | None = None,
        more: Iterable[tuple[str, str]] = (),
    ) -> str:
        """Serve ``body`` as a page of the shop at ``path`` and return its address.

        ``sensors`` is what the shop changed, ``more`` what only some pages need, as in ``storefront.more``.
        """
        changed = f" data-engage-sensors='{json.dumps(sensors)}'" if sensors else ""
        changed += f' data-engage-more="{escape(json.dumps(list(more)))}"' if more else ""
        snippet = SNIPPET.format(kind=kind, sensors=changed) if has_script else ""
        self.pages[path] = PAGE.format(title=title, body=body, snippet=snippet)
        return self.url + path

    def beat(self, answer: Callable[[dict[str, Any], int], Answer]) -> None:
        """Answer beats with ``answer(parsed body, number of the beat from 0)``."""
        self.answers["/engage/beat/"] = lambda seen, number: answer(json.loads(seen.body), number)

    def beats(self) -> list[dict[str, Any]]:
        """The bodies of all beats so far."""
        return [json.loads(seen.body) for seen in self.asked("/engage/beat/")]

    def signals(self, kind: str) -> list[dict[str, Any]]:
        """All signals of ``kind`` in all beats so far."""
        return [signal for beat in self.beats() for signal in beat["signals"] if signal["kind"] == kind]

    def asked(self, path: str) -> list[Seen]:
        """The requests for ``path`` so far."""
        return [seen for seen in self.seen if seen.path == path]

    def reply(self, seen: Seen) -> tuple[Answer, str]:
        """What to answer, and as which content type."""
        self.seen.append(seen)
        if seen.path in self.answers:
            return self.answers[seen.path](seen, len(self.asked(seen.path)) - 1), "text/html; charset=utf-8"
        if seen.path in self.pages:
            return Answer(200, self.pages[seen.path], {"Content-Security-Policy": POLICY}), "text/html; charset=utf-8"
        if seen.path == "/engage/beat/":
            return Answer(204), "text/plain"
        name = seen.path.removeprefix("/static/")
        for folder in STATIC:
            found = folder / name
            if seen.path.startswith("/static/") and found.is_file() and found.suffix in TYPES:
                return Answer(200, found.read_text()), TYPES[found.suffix]
        return Answer(204 if name.endswith("icon.svg") else 404), "text/plain"


def serve(shop: FakeShop) -> ThreadingHTTPServer:
    """Start serving ``shop`` on a free port of this machine, in a thread of its own."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            address = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            seen = Seen(self.command, address.path, parse_qs(address.query), headers, body, time.monotonic())
            answer, content_type = shop.reply(seen)
            content = answer.body.encode()
            self.send_response(answer.status)
            for name, value in {"Content-Type": content_type, "Cache-Control": "no-store", **answer.headers}.items():
                self.send_header(name, value)
            if answer.status != 204:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with suppress(BrokenPipeError, ConnectionResetError):  # the page went away meanwhile
                self.wfile.write(content)

        do_GET = do_POST = answer  # noqa: N815 - the names the standard library calls

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    shop.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def field_of(body: str, name: str) -> str:
    """The value of ``name`` in a posted form, multipart or urlencoded."""
    found = re.search(rf'name="{name}"\r\n\r\n(.*?)\r\n--', body, re.S)
    return found.group(1) if found else parse_qs(body).get(name, [""])[0]
