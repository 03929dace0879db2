"""One address for the shop and its push process, as a web server gives them: a browser sends cookies to its own host alone."""

import asyncio
import threading
from contextlib import suppress

PUSH = b"/engage-push/"


class Front:
    """Passes each request on by its path; every answer ends its connection, so no later request goes the wrong way."""

    def __init__(self, shop: int, push: int | None) -> None:
        self.port = 0
        self._shop, self._push = shop, push
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._ready.wait(10)

    def stop(self) -> None:
        """Stop listening, and drop what is open."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1 << 20))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        while left := asyncio.all_tasks(self._loop):  # whoever is cancelled may leave others behind
            for task in left:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(Exception):
            head = await reader.readuntil(b"\r\n\r\n")
            lines = [line for line in head[:-4].split(b"\r\n") if not line.lower().startswith(b"connection:")]
            is_push = self._push is not None and lines[0].split(b" ")[1].startswith(PUSH)
            back, forth = await asyncio.open_connection("127.0.0.1", self._push if is_push else self._shop)
            forth.write(b"\r\n".join([*lines, b"Connection: close", b"", b""]))
            await asyncio.wait(
                [asyncio.ensure_future(_pump(reader, forth)), asyncio.ensure_future(_pump(back, writer))],
                return_when=asyncio.FIRST_COMPLETED,
            )
            try:
                await _pump(back, writer)
            finally:
                forth.close()
        writer.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(Exception):
        while piece := await reader.read(1 << 16):
            writer.write(piece)
            await writer.drain()
