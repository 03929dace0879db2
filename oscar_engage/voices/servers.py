"""Which servers does a page of this talk get? Those of ``VOICES_TURN``, with a name that tells nobody apart."""

from datetime import datetime
from typing import Any

from django.utils.crypto import salted_hmac

from oscar_engage.conf import get_settings
from oscar_engage.voices.turn import ice_servers

_SALT = "oscar_engage.voices.relay"


def servers_for(public_id: str, *, now: datetime) -> list[dict[str, Any]]:
    """Return what ``RTCPeerConnection`` takes as ``iceServers``, with fresh credentials.

    The name in the relay's log is a keyed digest of ``public_id``: who reads it can open nothing with it.
    """
    opaque_id = salted_hmac(_SALT, public_id, algorithm="sha256").hexdigest()[:16]
    return ice_servers(dict(get_settings().voices_turn), opaque_id=opaque_id, now=now)
