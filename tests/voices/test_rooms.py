"""Do rooms elsewhere have names that nobody guesses, and tokens that their server takes?"""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from oscar_engage.conf import InvalidSettingError, get_settings
from oscar_engage.desk.models import Agent, Conversation, Message
from oscar_engage.desk.take import close
from oscar_engage.voices.invite import NoRoomError, can_invite, invite_to_room
from oscar_engage.voices.rooms import Jitsi, StaticLink, Wish, get_rooms
from tests.sharing.conftest import NOW

SECRET = "a-secret-of-sixteen-letters"
WISH = Wish(name="room/of two", agent_name="Ben")
AT = datetime(2026, 5, 4, 10, 2, tzinfo=UTC)


def use(settings: Any, rooms: str, room: dict[str, str]) -> None:
    settings.OSCAR_ENGAGE = {"VOICES_ROOMS": f"oscar_engage.voices.rooms.{rooms}", "VOICES_ROOM": room}


def decode(token: str) -> tuple[Any, Any]:
    """Check the signature as a Jitsi server does, and return header and claims."""
    told, _, signature = token.rpartition(".")
    mine = base64.urlsafe_b64encode(hmac.new(SECRET.encode(), told.encode(), hashlib.sha256).digest()).rstrip(b"=")
    assert mine.decode() == signature
    header, claims = (json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in told.split("."))
    return header, claims


def test_static_link__has_the_room_in_it(settings: Any) -> None:
    use(settings, "StaticLink", {"TEMPLATE": "https://meet.example/{room}?x=1"})
    assert StaticLink().make(WISH, now=AT).shopper_link == "https://meet.example/room%2Fof%20two?x=1"


def test_jitsi__without_a_secret__is_a_plain_room(settings: Any) -> None:
    use(settings, "Jitsi", {"HOST": "meet.example"})
    assert Jitsi().make(WISH, now=AT).agent_link == "https://meet.example/room%2Fof%20two"


def test_jitsi__tokens__are_for_this_room_and_end__the_agent_moderates(settings: Any) -> None:
    use(settings, "Jitsi", {"HOST": "meet.example", "APP_ID": "shop", "SECRET": SECRET})
    room = Jitsi().make(WISH, now=AT)
    header, shopper = decode(room.shopper_link.split("?jwt=")[1])
    _, agent = decode(room.agent_link.split("?jwt=")[1])
    assert header == {"alg": "HS256", "typ": "JWT"}
    assert (shopper["room"], shopper["iss"], shopper["sub"]) == ("room/of two", "shop", "meet.example")
    assert shopper["exp"] == int(AT.timestamp()) + 7200
    assert shopper["context"] == {"user": {"moderator": False}}
    assert agent["context"] == {"user": {"moderator": True, "name": "Ben"}}


@pytest.mark.django_db
def test_invitation__writes_a_link_that_is_another_each_time(settings: Any, chat: Conversation, agent: Agent) -> None:
    use(settings, "StaticLink", {"TEMPLATE": "https://meet.example/{room}"})
    assert can_invite(chat)
    links = {invite_to_room(chat, agent, now=NOW).shopper_link for _turn in range(2)}
    assert len(links) == 2
    assert all(len(link.rpartition("/")[2]) == 24 for link in links)
    assert {Message.objects.filter(body__contains=link, role="agent").count() for link in links} == {1}


@pytest.mark.django_db
def test_invitation__of_a_stranger_or_in_a_closed_chat__is_refused(
    settings: Any, chat: Conversation, make_agent: Any, agent: Agent
) -> None:
    assert get_rooms() is None
    with pytest.raises(NoRoomError):
        invite_to_room(chat, agent, now=NOW)
    use(settings, "StaticLink", {"TEMPLATE": "https://meet.example/{room}"})
    with pytest.raises(NoRoomError):
        invite_to_room(chat, make_agent("Eve"), now=NOW)
    close(chat, now=NOW)
    with pytest.raises(NoRoomError):
        invite_to_room(Conversation.objects.get(pk=chat.pk), agent, now=NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        {"VOICES_TURN": {"URLS": "turn:a", "SECRET": SECRET}},
        {"VOICES_TURN": {"URLS": ["https://turn.example"], "SECRET": SECRET}},
        {"VOICES_TURN": {"URLS": ["turn:turn.example"], "SECRET": "short"}},
        {"VOICES_TURN": {"SECRET": SECRET}},
        {"VOICES_TURN": {"URLS": ["stun:turn.example"], "USER": "x"}},
        {"VOICES_RELAY_ONLY": True},
        {"VOICES_RELAY_ONLY": True, "VOICES_TURN": {"URLS": ["stun:turn.example"]}},
        {"VOICES_ROOM": {"TEMPLATE": "http://meet.example/{room}"}},
        {"VOICES_ROOM": {"HOST": "meet.example/x"}},
        {"VOICES_ROOM": {"HOST": "meet.example", "SECRET": SECRET}},
    ],
)
def test_settings_that_cannot_work__are_refused(settings: Any, wrong: dict[str, Any]) -> None:
    settings.OSCAR_ENGAGE = wrong
    with pytest.raises(InvalidSettingError):
        get_settings()
