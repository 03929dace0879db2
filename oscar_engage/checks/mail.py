"""Does a mail server that hangs hold nobody up for ever?"""

import warnings
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Warning, register

from oscar_engage.checks.given import Apps

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@register("oscar_engage")
def check_mail_timeout(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """W011: a mail server that accepts and never answers would hold the worker for ever."""
    return [
        Warning(
            f"{what} is not set: a mail server that hangs holds the worker, and all its other jobs, for ever.",
            hint=f"Set {what} to 20 (seconds).",
            id="oscar_engage.W011",
        )
        for what in _without_timeout()
    ]


def _without_timeout() -> Iterator[str]:
    """Yield what is missing, as the shop would type it. Since Django 6.1 there are several servers, each with options."""
    mailers: Mapping[str, Mapping[str, Any]] | None = getattr(django_settings, "MAILERS", None)
    if mailers is None:
        with warnings.catch_warnings():  # that they are deprecated Django says itself, of a shop that sets them
            warnings.simplefilter("ignore", DeprecationWarning)
            backend, timeout = django_settings.EMAIL_BACKEND, django_settings.EMAIL_TIMEOUT
        if backend == SMTP and timeout is None:
            yield "EMAIL_TIMEOUT"
        return
    for alias, mailer in mailers.items():
        if mailer.get("BACKEND", SMTP) == SMTP and mailer.get("OPTIONS", {}).get("timeout") is None:
            yield f"MAILERS[{alias!r}]['OPTIONS']['timeout']"
