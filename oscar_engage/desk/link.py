"""How does a shopper without our cookie reach an answer? By a signed address that opens one conversation and ends."""

from datetime import timedelta
from urllib.parse import urlencode

from django.apps import apps
from django.core import signing
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from oscar_engage.conf import get_settings
from oscar_engage.desk.models import Conversation

_SALT = "oscar_engage.answer"

VALID_FOR = timedelta(days=14)
"""How long a mailed link opens its answer."""


class ExpiredLinkError(ValueError):
    """The link was good, but it is too old or what it led to is gone."""


class InvalidLinkError(ValueError):
    """We did not sign this link."""


def answer_url(conversation: Conversation) -> str:
    """Return the full address of the conversation's answer, for a mail; its host never comes from a request."""
    query = urlencode({"token": signing.dumps(conversation.public_id, salt=_SALT)})  # a query: no sensor keeps those
    return f"{shop_address()}{reverse('engage:answer')}?{query}"


def access_conversation_by_link(token: str) -> Conversation:
    """Return the conversation that ``token`` opens or raise :class:`ExpiredLinkError` or :class:`InvalidLinkError`."""
    try:
        public_id = signing.loads(token, salt=_SALT, max_age=VALID_FOR)
        return Conversation.objects.select_related("agent").get(public_id=public_id)
    except (signing.SignatureExpired, Conversation.DoesNotExist) as error:
        raise ExpiredLinkError from error
    except signing.BadSignature as error:
        raise InvalidLinkError from error


def shop_address() -> str:
    """Return scheme and host of the shop without a slash at the end: ``SITE_URL``, else https and the current ``Site``."""
    configured = get_settings().site_url
    if configured:
        return configured.rstrip("/")
    if not apps.is_installed("django.contrib.sites"):
        raise ImproperlyConfigured("Set OSCAR_ENGAGE['SITE_URL'], such as https://shop.example: mails carry links.")
    return f"https://{apps.get_model('sites', 'Site').objects.get_current().domain}"
