"""What does Django tell by itself? Logins, accepted, refused and ended."""

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from oscar_engage.signals.buffer import Buffer
from oscar_engage.signals.sources.receivers import connect_listener


def connect() -> None:
    """Connect to Django's authentication."""
    connect_listener(user_logged_in, login_succeeded)
    connect_listener(user_login_failed, login_failed)
    connect_listener(user_logged_out, login_ended)


def login_succeeded(buffer: Buffer, **kwargs: object) -> None:
    """Record a login, whichever way in."""
    buffer.add("login.succeeded", {})


def login_failed(buffer: Buffer, **kwargs: object) -> None:
    """Record a refused login. The credentials are not looked at; the checkout's gateway sends no request, so none is needed."""
    buffer.add("login.failed", {})


def login_ended(buffer: Buffer, **kwargs: object) -> None:
    """Record a logout."""
    buffer.add("login.ended", {})
