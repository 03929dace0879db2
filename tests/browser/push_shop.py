"""The fake shop with streams, over HTTP/1.1 as browsers meet it: six connections for all tabs, and each stream takes one."""

import queue
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from oscar_engage.core.pushing import Wake
from oscar_engage.push import frames
from tests.browser.fake_shop import FakeShop, Seen

URL = "/engage-push/"


@dataclass(eq=False)
class FakeStream:
    """One open stream; what a test puts in is sent, ``None`` ends it."""

    topics: tuple[str, ...]
    events: "queue.Queue[bytes | None]" = field(default_factory=queue.Queue)


@dataclass
class FakePush:
    """The push process: ``status`` other than 200 refuses streams; ``seqs`` is where conversations stand."""

    status: int = 200
    retry_ms: int = 300
    is_mute: bool = False
    """A proxy holds back all that is sent, though the stream stands."""

    seqs: dict[str, int] = field(default_factory=dict)
    opened: int = 0
    streams: list[FakeStream] = field(default_factory=list)

    def wake(self, conversation: str, seq: int) -> None:
        for stream in tuple(self.streams):
            if conversation in stream.topics or stream.topics == ("desk",):
                stream.events.put(frames.write_wake(Wake(conversation, seq)))

    def die(self, status: int = 502) -> None:
        """End all streams and refuse new ones, as a web server does for a process that is gone."""
        self.status = status
        for stream in tuple(self.streams):
            stream.events.put(None)


def serve_with_push(shop: FakeShop, push: FakePush) -> ThreadingHTTPServer:
    """Start serving ``shop``, and ``push`` below :data:`URL`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            address = urlsplit(self.path)
            if address.path.startswith(URL):
                self.stream(address.path.removeprefix(URL).strip("/"))
                return
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
            if answer.status != 204:
                self.wfile.write(content)

        def stream(self, topics: str) -> None:
            if push.status != 200:
                self.send_response(push.status)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            stream = FakeStream(tuple(topics.split(",")))
            push.streams.append(stream)
            push.opened += 1
            try:
                self.send_response(200)
                for name, value in frames.HEADERS:
                    self.send_header(name.decode(), value.decode())
                self.send_header("Connection", "close")
                self.end_headers()
                known = {topic: push.seqs.get(topic, 0) for topic in stream.topics if topic != "desk"}
                if not push.is_mute:
                    self.wfile.write(frames.write_hello(known, retry_ms=push.retry_ms))
                self.wfile.flush()
                self.relay(stream)
            finally:
                push.streams.remove(stream)
                self.close_connection = True

        def relay(self, stream: FakeStream) -> None:
            while True:
                try:
                    event = stream.events.get(timeout=0.5)
                except queue.Empty:
                    event = frames.BEAT  # also finds out that the browser has gone
                if event is None:
                    return
                self.wfile.write(b": held back\n\n" if push.is_mute else event)

        def handle(self) -> None:
            with suppress(ConnectionError):
                super().handle()

        do_GET = do_POST = answer  # noqa: N815 - the names the standard library calls

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    shop.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
