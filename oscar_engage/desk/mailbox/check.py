"""Is mail set up so that it can come in? System checks that say what to type; importing this registers them."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from oscar_engage.conf import EngageSettings, InvalidSettingError, get_settings
from oscar_engage.desk.mailbox.ports import is_port
from oscar_engage.desk.mailbox.token import LONGEST_LOCAL_PART, TOKEN_LENGTH

LONGEST_NAME = LONGEST_LOCAL_PART - TOKEN_LENGTH - 1
"""Characters before the @ of an address that carries a token after a plus."""


@register("oscar_engage")
def check_mail(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """E012: ``AUTOMATIC_ANSWER`` is no class with ``answer``. E013: ``REPLY_ADDRESS`` cannot carry a token."""
    try:
        settings = get_settings()
    except (InvalidSettingError, TypeError, ValueError):
        return []  # E001 says so
    return [*_check_port(settings), *_check_address(settings)]


def _check_port(settings: EngageSettings) -> list[CheckMessage]:
    if is_port(settings.automatic_answer):
        return []
    return [
        Error(
            f"OSCAR_ENGAGE['AUTOMATIC_ANSWER'] names {settings.automatic_answer!r}, which is no class with an answer.",
            hint="Name a class as in oscar_engage.desk.mailbox.ports.AutomaticAnswer, or leave the key out.",
            id="oscar_engage.E012",
        )
    ]


def _check_address(settings: EngageSettings) -> list[CheckMessage]:
    local, _at, domain = settings.reply_address.rpartition("@")
    if not settings.reply_address or (0 < len(local) <= LONGEST_NAME and domain and "+" not in local):
        return []
    return [
        Error(
            f"OSCAR_ENGAGE['REPLY_ADDRESS'] is {settings.reply_address!r}: no address that we can add a token to.",
            hint=f"Use an address with at most {LONGEST_NAME} characters before the @, such as answers@shop.example.",
            id="oscar_engage.E013",
        )
    ]
