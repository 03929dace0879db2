"""Who may tell us something: the outside desk alone, lately, in a size that we read, and not a thousand times?"""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.desk.models import Agent, Conversation
from oscar_engage.outside.chatwoot.read import read_event
from oscar_engage.outside.chatwoot.signature import SIGNATURE, TIMESTAMP, is_genuine, sign
from oscar_engage.outside.models import OutsideState
from oscar_engage.outside.port import UnreadableError
from oscar_engage.storefront import views_outside
from tests.outside.conftest import ADDRESS, NOW, Shop
from tests.outside.stand_in import ACCOUNT, INBOX, SECRET, StandIn, signed

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "event",
                    "id",
                    "inbox",
                    "inbox_id",
                    "account",
                    "conversation",
                    "private",
                    "message_type",
                    "content",
                    "sender",
                    "content_attributes",
                    "custom_attributes",
                    "attachments",
                    "source_id",
                    "meta",
                    "payload",
                    "engage_key",
                    "email",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


def body_of(desk: StandIn, shop: Shop, chat: Conversation) -> bytes:
    shop.work()
    desk.take_events()
    desk.reply(shop.there(chat), "outsider@elsewhere.example", "Hello")
    return desk.take_events()[-1]


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", ["secret", "old", "early", "none", "body", "timestamp", "not-a-number", "empty"])
def test_request__not_from_there__is_refused_and_changes_nothing(
    wrong: str, shop: Shop, desk: StandIn, chat: Conversation, outsider: Agent, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = body_of(desk, shop, chat)
    at = {"old": NOW - timedelta(minutes=6), "early": NOW + timedelta(minutes=8)}.get(wrong, shop.now)
    headers = signed(body, at=at, secret="another" if wrong == "secret" else SECRET)
    kind = headers.pop("content-type")
    changes = {
        "none": {},
        "timestamp": {**headers, TIMESTAMP: str(int(headers[TIMESTAMP]) + 1)},
        "not-a-number": {**headers, TIMESTAMP: "١٢٣"},
        "empty": {**headers, SIGNATURE: ""},
    }
    monkeypatch.setattr("django.utils.timezone.now", lambda: shop.now)
    sent = body + b" " if wrong == "body" else body
    answer = client.post(ADDRESS, sent, content_type=kind, headers=changes.get(wrong, headers))
    assert (answer.status_code, answer.content) == (401, b"")
    assert not chat.messages.filter(role="agent").exists()
    assert OutsideState.objects.get().refused == 1


@pytest.mark.django_db
def test_request__as_it_was_caught__is_worth_nothing_later(
    shop: Shop, desk: StandIn, chat: Conversation, outsider: Agent
) -> None:
    body, then = body_of(desk, shop, chat), shop.now
    assert shop.tell([body], at=then) == [204]
    shop.now += timedelta(minutes=4)
    assert shop.tell([body], at=then) == [204]
    assert chat.messages.filter(role="agent").count() == 1
    shop.now += timedelta(minutes=2)
    assert shop.tell([body], at=then) == [401]


@pytest.mark.django_db
def test_request__too_large_or_of_no_length__is_not_read(desk: StandIn, client: Client, outsider: Agent) -> None:
    large = b"x" * (views_outside.LARGEST_BODY + 1)
    assert client.post(ADDRESS, large, content_type="application/json").status_code == 413
    assert client.post(ADDRESS, b"{}", content_type="application/json", CONTENT_LENGTH="").status_code == 413
    assert client.post(ADDRESS, b"{}", content_type="application/json", CONTENT_LENGTH="-1").status_code == 413


@pytest.mark.django_db
def test_requests__too_many__are_not_read(desk: StandIn, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views_outside, "PER_MINUTE", 3)
    said = [client.post(ADDRESS, b"{}", content_type="application/json").status_code for _number in range(5)]
    assert said == [401, 401, 401, 429, 429]


@pytest.mark.django_db
@pytest.mark.parametrize(("body", "status"), [(b"no json", 400), (b"[]", 400), (b"[" * 5000, 400), (b"{}", 204), (b"3", 400)])
def test_request__from_there_that_is_odd__is_no_error(body: bytes, status: int, shop: Shop, desk: StandIn) -> None:
    assert shop.tell([body]) == [status]


@pytest.mark.django_db
def test_address__without_an_outside_desk__is_not_there(client: Client, settings: Any) -> None:
    assert client.post(ADDRESS, b"{}", content_type="application/json").status_code == 404


@pytest.mark.django_db
def test_address__by_another_method__says_which(desk: StandIn, client: Client) -> None:
    answer = client.get(ADDRESS)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "\u202eevil", "4111 1111 1111 1111", "a\x00b", "\u202e"])
def test_text__from_there__is_cleaned_as_any_other(
    text: str, shop: Shop, desk: StandIn, chat: Conversation, outsider: Agent
) -> None:
    shop.work()
    desk.reply(shop.there(chat), "outsider@elsewhere.example", text)
    shop.tell()
    for body in chat.messages.filter(role="agent").values_list("body", flat=True):
        assert "\x00" not in body
        assert "\u202e" not in body
        assert "4111 1111 1111 1111" not in body


@given(told=JSON)
def test_event__of_any_shape__is_read_or_refused_by_name(told: Any) -> None:
    try:
        read_event(told, account=ACCOUNT, inbox=INBOX, base="https://chat.example")
    except UnreadableError:
        return


@given(secret=st.text(min_size=1, max_size=40), body=st.binary(max_size=200), other=st.binary(max_size=200))
def test_signature__holds_for_its_body_and_no_other(secret: str, body: bytes, other: bytes) -> None:
    headers = sign(secret, body, at=NOW)
    assert is_genuine(secret, headers, body, now=NOW)
    assert is_genuine(secret, headers, other, now=NOW) is (other == body)


def test_signature__of_the_documented_example() -> None:
    """Computed by hand as the documentation says: HMAC-SHA256 of "timestamp.body", in hexadecimal, after "sha256="."""
    import hashlib  # noqa: PLC0415 - for this alone
    import hmac  # noqa: PLC0415 - the same

    body = json.dumps({"event": "message_created"}).encode()
    wanted = hmac.new(b"secret", b"1767225600." + body, hashlib.sha256).hexdigest()
    headers = {TIMESTAMP: "1767225600", SIGNATURE: f"sha256={wanted}"}
    at = NOW.fromtimestamp(1767225600, tz=NOW.tzinfo)
    assert is_genuine("secret", headers, body, now=at)
