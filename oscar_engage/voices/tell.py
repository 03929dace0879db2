"""What does the answer to a page in a talk hold? The same for both sides, as plain values for JSON."""

from typing import Any

from oscar_engage.sharing.models import LiveState
from oscar_engage.voices.talk import Told

NEXT_MS = 1000
"""Milliseconds after which a page asks again that has nothing to say."""

HURRY_MS = 400
"""The same until the two are connected, where nobody wakes them."""


def tell(told: Told, *, words: str) -> dict[str, Any]:
    """Return what the page of either side is told; ``words`` is the sentence for its person, empty while both talk."""
    session = told.session
    is_described = session.shopper_seq == session.agent_seq == session.generation
    is_connecting = session.state == LiveState.LIVE and not (is_described and session.joined_at)
    answer: dict[str, Any] = {
        "state": session.state,
        "words": words,
        "generation": session.generation,
        "media": list(told.media),
        "next": HURRY_MS if is_connecting else NEXT_MS,
    }
    if told.sdp:
        answer["sdp"] = told.sdp
    if told.is_other:
        answer["other"] = True
    return answer
