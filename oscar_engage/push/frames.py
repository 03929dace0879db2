"""How does a stream read? Server-sent events: a greeting, wakes, signs of life; nothing that was said is ever among them."""

import json

from oscar_engage.core.pushing import Wake

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"private, no-store"),
    (b"x-accel-buffering", b"no"),
]

BEAT = b"event: beat\ndata: 1\n\n"
"""A sign of life. No comment, because a browser's script must see it to tell a stream from a dead one."""


def write_hello(seqs: dict[str, int], *, retry_ms: int) -> bytes:
    """Return the first event: where each conversation stands, and when to come back after a break (milliseconds)."""
    return f"retry: {retry_ms}\nevent: hello\ndata: {json.dumps(seqs)}\n\n".encode()


def write_wake(wake: Wake) -> bytes:
    """Return the event that a conversation has moved; an empty id says that many have."""
    return f"event: wake\ndata: {json.dumps({'conversation': wake.conversation, 'seq': wake.seq})}\n\n".encode()
