"""The browsers of the chats' measurement: requests over kept connections, and streams; plain sockets, to cost little."""

import asyncio
import json
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlencode

from benchmarks.chat_people import CSRF, Chat


@dataclass
class Line:
    """A kept connection to the shop; one request at a time."""

    port: int
    _reader: asyncio.StreamReader | None = None
    _writer: asyncio.StreamWriter | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def ask(self, method: str, path: str, cookie: str, fields: dict[str, str] | None = None) -> tuple[int, bytes]:
        """Return status and body of the answer."""
        body = urlencode(fields or {}).encode()
        csrf = f"; csrftoken={CSRF}" if fields else ""
        posted = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n" if fields else ""
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}{csrf}\r\nHX-Request: true\r\n"
            f"X-Engage-Fragment: 1\r\n{posted}\r\n"
        )
        async with self._turn:
            return await self._exchange(head.encode() + body)

    async def _exchange(self, request: bytes) -> tuple[int, bytes]:
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
        self._writer.write(request)
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = head.partition("content-length: ")[2].partition("\r\n")[0]
        if "transfer-encoding: chunked" in head:
            body = await _read_chunks(self._reader)
        else:
            body = await self._reader.readexactly(int(length)) if length else b""
        if "connection: close" in head:
            await self.close()
        return int(head.split(" ", 2)[1]), body

    async def close(self) -> None:
        """Hang up."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int(await reader.readline(), 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readline()
    return body


def poll_path(chat: Chat, after: int) -> str:
    """Return the address of the chat's poll."""
    return f"/engage/chat/{chat.public_id}/events/?after={after}"


async def post(line: Line, chat: Chat, body: str, *, by_agent: bool, after: int) -> tuple[int, bytes]:
    """Write a message as the browser of the shopper, or of the agent, does that knows ``after``; return status and answer."""
    fields = {"body": body, "client_id": str(uuid.uuid4()), "csrfmiddlewaretoken": CSRF, "after": str(after)}
    if by_agent:
        path, cookie = f"/dashboard/engage/desk/{chat.public_id}/reply/", chat.agent_cookie
    else:
        path, cookie = f"/engage/chat/{chat.public_id}/messages/", chat.shopper_cookie
    return await line.ask("POST", path, cookie, fields)


async def talk(port: int, chats: list[Chat], *, seconds: float, poll_every: float, say_every: float) -> Counter[str]:
    """Have every chat polled and talked in, evenly spread over ``seconds``; return how many there were of each answer."""
    lines = [Line(port) for _number in range(40)]
    found: Counter[str] = Counter()
    began = time.monotonic() + 0.5
    seqs = dict.fromkeys(range(len(chats)), 1)

    async def live(number: int, chat: Chat) -> None:
        line, said = lines[number % len(lines)], 0
        next_poll = began + poll_every * number / len(chats)
        next_word = began + say_every * ((number * 7919) % len(chats)) / len(chats)
        while min(next_poll, next_word) < began + seconds:
            await asyncio.sleep(max(0.0, min(next_poll, next_word) - time.monotonic()))
            if next_word < next_poll:
                by_agent = (number + said) % 2 == 0
                said += 1
                next_word += say_every
                known = seqs[number]
                status, answer = await post(line, chat, f"Words {said}", by_agent=by_agent, after=known)
                found[f"{'agent' if by_agent else 'shopper'} {status}"] += 1
                if not by_agent:  # the shopper's script puts what it is answered into the chat
                    seqs[number] = max(seqs[number], known + answer.count(b"data-seq="))
            else:
                next_poll += poll_every
                status, answer = await line.ask("GET", poll_path(chat, seqs[number]), chat.shopper_cookie)
                seqs[number] += answer.count(b"data-seq=")
                found[f"poll {status}"] += 1

    await asyncio.gather(*(live(number, chat) for number, chat in enumerate(chats)))
    for line in lines:
        await line.close()
    return found


@dataclass
class Ear:
    """A stream that is open, and when each message's wake came."""

    chat: Chat
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    came: dict[int, float] = field(default_factory=dict)
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    async def open(cls, port: int, chat: Chat) -> "Ear":
        """Open the stream and read its greeting; raises ``RuntimeError`` when it is refused."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=4096)
        writer.write(
            f"GET /engage-push/{chat.public_id}/ HTTP/1.1\r\nHost: x\r\nCookie: {chat.shopper_cookie}\r\n\r\n".encode()
        )
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head.split(b"\r\n")[0]:
            raise RuntimeError(f"A stream was refused: {head!r}")
        ear = cls(chat, reader, writer)
        while not (await reader.readline()).startswith(b"event: hello"):
            pass
        return ear

    async def listen(self) -> None:
        """Note wakes until the stream ends."""
        is_wake = False
        while line := await self.reader.readline():
            if line.startswith(b"event: "):
                is_wake = line.startswith(b"event: wake")
            elif line.startswith(b"data: ") and is_wake:
                self.came.setdefault(json.loads(line[6:])["seq"], time.monotonic())
                self.moved.set()

    async def hear(self, seq: int, *, seconds: float = 10.0) -> float:
        """Return when the wake of message ``seq`` came; raises ``TimeoutError`` when it does not."""
        async with asyncio.timeout(seconds):
            while seq not in self.came:
                self.moved.clear()
                await self.moved.wait()
        return self.came[seq]
