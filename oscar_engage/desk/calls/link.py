"""Where do the links in mails about a call lead? To one call: to call it off, or to say that it is meant.

Neither logs anybody in, holds a number or an address, or does anything by itself: programs that look into mails open them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlencode

from django.core import signing
from django.urls import reverse

from oscar_engage.desk.calls.models import PhoneCall
from oscar_engage.desk.link import ExpiredLinkError, InvalidLinkError, shop_address

_CANCEL_SALT = "oscar_engage.calls.cancel"
_CONFIRM_SALT = "oscar_engage.calls.confirm"

VALID_FOR = timedelta(days=45)
"""How long a link to call off works: longer than the furthest slot is away."""

CONFIRM_WITHIN = timedelta(minutes=30)
"""How long a call waits to be confirmed; its slot is kept as long."""

_LONGEST_TOKEN = 200  # characters; ours have some 90


def cancel_url(call: PhoneCall) -> str:
    """Return the full address under which the call can be called off."""
    return _url("engage:call-cancel", signing.dumps(call.pk, salt=_CANCEL_SALT))


def confirm_url(call: PhoneCall) -> str:
    """Return the full address under which the mailbox's owner says that the call is meant."""
    return _url("engage:call-confirm", signing.dumps(call.pk, salt=_CONFIRM_SALT))


def access_to_cancel(token: str) -> PhoneCall:
    """Return the call that ``token`` calls off, or raise ``ExpiredLinkError`` or ``InvalidLinkError``."""
    with _refusing(token):
        return _find(signing.loads(token, salt=_CANCEL_SALT, max_age=VALID_FOR))


def access_to_confirm(token: str) -> PhoneCall:
    """Return the call that ``token`` confirms, or raise ``ExpiredLinkError`` or ``InvalidLinkError``."""
    with _refusing(token):
        return _find(signing.loads(token, salt=_CONFIRM_SALT, max_age=CONFIRM_WITHIN))


def _find(pk: int) -> PhoneCall:
    return PhoneCall.objects.select_related("conversation").get(pk=pk)


@contextmanager
def _refusing(token: str) -> Iterator[None]:
    if len(token) > _LONGEST_TOKEN:
        raise InvalidLinkError
    try:
        yield
    except (signing.SignatureExpired, PhoneCall.DoesNotExist) as error:
        raise ExpiredLinkError from error
    except signing.BadSignature as error:
        raise InvalidLinkError from error


def _url(name: str, token: str) -> str:
    return f"{shop_address()}{reverse(name)}?{urlencode({'token': token})}"  # a query: no sensor keeps those
