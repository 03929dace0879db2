"""Is a request signed as the Standard Webhooks specification says, and does a forged, old or altered one fail?"""

from datetime import UTC, datetime, timedelta

import pytest

from oscar_engage.webhooks.signature import MalformedSecretError, is_genuine, read_secret, sign, write_secret

# The example of the specification (github.com/standard-webhooks/standard-webhooks, its libraries' tests).
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE = "msg_p5jXN8AQM9LWM0D4loKWxJek"
BODY = b'{"test": 2432232314}'
AT = datetime.fromtimestamp(1614265330, tz=UTC)
EXPECTED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_sign__example_of_the_specification__is_met():
    assert sign([SECRET], MESSAGE, BODY, at=AT) == {
        "webhook-id": MESSAGE,
        "webhook-timestamp": "1614265330",
        "webhook-signature": EXPECTED,
    }


def test_is_genuine__own_request__is():
    assert is_genuine([SECRET], sign([SECRET], MESSAGE, BODY, at=AT), BODY, now=AT + timedelta(minutes=4))


@pytest.mark.parametrize("changed", ["webhook-id", "webhook-timestamp", "webhook-signature"])
@pytest.mark.parametrize("value", ["", "x", "1614265331", "v1,", "v1,AAAA", "٣", "9" * 13])
def test_is_genuine__changed_header__is_not(changed, value):
    headers = {**sign([SECRET], MESSAGE, BODY, at=AT), changed: value}
    assert not is_genuine([SECRET], headers, BODY, now=AT)


@pytest.mark.parametrize("minutes", [-6, 6])
def test_is_genuine__old_or_from_the_future__is_not(minutes):
    assert not is_genuine([SECRET], sign([SECRET], MESSAGE, BODY, at=AT), BODY, now=AT + timedelta(minutes=minutes))


def test_is_genuine__other_body_or_secret__is_not():
    headers = sign([SECRET], MESSAGE, BODY, at=AT)
    assert not is_genuine([SECRET], headers, BODY + b" ", now=AT)
    assert not is_genuine([write_secret(b"another key of ours")], headers, BODY, now=AT)


def test_two_secrets__either__opens():
    old, new = write_secret(b"the old key of the shop"), write_secret(b"the new key of the shop")
    headers = sign([new, old], MESSAGE, BODY, at=AT)
    assert is_genuine([old], headers, BODY, now=AT)
    assert is_genuine([new], headers, BODY, now=AT)


def test_read_secret__no_base64__is_said():
    with pytest.raises(MalformedSecretError):
        read_secret("whsec_not base64")
