"""A talk of two in a shop that has it on, and what browsers say in it."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from oscar_engage.desk.models import Agent, Conversation
from oscar_engage.sharing.models import LiveSession, Side, Starter
from oscar_engage.voices.begin import agree, ask_shopper
from oscar_engage.voices.says import read_says
from oscar_engage.voices.talk import Told, hear
from tests.sharing.conftest import NOW, agent, chat, make_agent

__all__ = ["NOW", "agent", "chat", "make_agent"]

HOST = "a=candidate:1 1 udp 2113937151 192.168.7.7 51000 typ host generation 0"
RELAY = "a=candidate:2 1 udp 33562623 203.0.113.9 49200 typ relay raddr 0.0.0.0 rport 0"
SDP = "\r\n".join(
    [
        *("v=0", "o=- 46117317 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0 1 2"),
        *("m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9", "c=IN IP4 0.0.0.0", HOST, RELAY, "a=mid:0", "a=sendrecv"),
        *("m=video 9 UDP/TLS/RTP/SAVPF 96 97", "c=IN IP4 0.0.0.0", "a=mid:1"),
        *("m=video 9 UDP/TLS/RTP/SAVPF 96 97", "c=IN IP4 0.0.0.0", "a=mid:2", ""),
    ]
)
PAGES = {Side.SHOPPER: "page-of-shopper", Side.AGENT: "page-of-agent"}
Say = Callable[..., Told]


@pytest.fixture(autouse=True)
def voices_on(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {**getattr(settings, "OSCAR_ENGAGE", {}), "VOICES": True}


@pytest.fixture
def live(chat: Conversation, agent: Agent) -> LiveSession:
    """A talk to which both said yes at :data:`NOW`; no connection was tried yet."""
    return agree(ask_shopper(chat, agent, now=NOW), by=Starter.SHOPPER, now=NOW)


@pytest.fixture
def say() -> Say:
    """Say something as the page of a side, which is of a fresh session each time."""

    def one(session: LiveSession, side: Side, *, now: datetime = NOW, **said: Any) -> Told:
        fresh = LiveSession.objects.select_related("conversation", "agent").get(pk=session.pk)
        content = {"page": PAGES[side], "begins": True, **said}
        return hear(fresh, side, read_says(json.dumps(content).encode()), now=now)

    return one
