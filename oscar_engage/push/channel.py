"""Where do our processes meet? The name of the channel: each shop's own, also where several share one Redis."""

from functools import lru_cache

from django.core.signals import setting_changed
from django.utils.crypto import salted_hmac


@lru_cache(maxsize=1)
def channel_name() -> str:
    """Return the channel's name, a word that PostgreSQL and Redis take alike."""
    return f"engage_{salted_hmac('oscar_engage.push', 'channel', algorithm='sha256').hexdigest()[:16]}"


def _forget(*, setting: str, **kwargs: object) -> None:
    if setting == "SECRET_KEY":
        channel_name.cache_clear()


setting_changed.connect(_forget, dispatch_uid="engage-push-channel")
