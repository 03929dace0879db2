"""Are a relay's credentials those that coturn takes, and do they end by themselves?"""

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any

from oscar_engage.conf import get_settings
from oscar_engage.voices.servers import servers_for
from oscar_engage.voices.turn import ice_servers

NOW = datetime(2026, 5, 4, 10, 2, tzinfo=UTC)
SECRET = "a-secret-of-sixteen-letters"
TURN = {"URLS": ["stun:turn.shop.example", "turn:turn.shop.example:3478?transport=udp"], "SECRET": SECRET}


def test_credentials__name_says_until_when__password_is_its_hmac() -> None:
    mirror, relay = ice_servers(TURN, opaque_id="abc", now=NOW)
    assert mirror == {"urls": ["stun:turn.shop.example"]}
    assert relay["username"] == f"{int(NOW.timestamp()) + 7200}:abc"
    digest = hmac.new(SECRET.encode(), relay["username"].encode(), hashlib.sha1).digest()
    assert base64.b64decode(relay["credential"]) == digest


def test_no_relay__no_servers() -> None:
    assert ice_servers({}, opaque_id="abc", now=NOW) == []


def test_name__tells_nothing_of_the_session(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"VOICES": True, "VOICES_TURN": TURN}
    assert dict(get_settings().voices_turn)["SECRET"] == SECRET
    relay = servers_for("public-id-of-a-session", now=NOW)[-1]
    assert "public-id" not in relay["username"]
    assert SECRET not in str(relay)
