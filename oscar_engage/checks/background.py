"""Does work in the background get done?"""

from typing import Any

from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Warning, register

from oscar_engage.checks.given import Apps


@register("oscar_engage")
def check_worker(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """W007: no background worker is configured, so somebody has to run ``engage_tick``."""
    if getattr(django_settings, "HUEY", None) or _has_task_backend():
        return []
    return [
        Warning(
            "Neither HUEY nor TASKS is set: mails, orders and old signals are only dealt with when engage_tick runs.",
            hint="Run `python manage.py engage_tick` from cron every minute and add 'oscar_engage.W007' to "
            "SILENCED_SYSTEM_CHECKS, or set up a worker: docs/operations.md.",
            id="oscar_engage.W007",
        )
    ]


def _has_task_backend() -> bool:
    """Whether ``TASKS`` names a backend that runs tasks elsewhere. From Django 6 on it is always set: to one that does not."""
    backends = (getattr(django_settings, "TASKS", None) or {}).values()
    return any(not str(one.get("BACKEND", "")).endswith(_NOT_ELSEWHERE) for one in backends)


_NOT_ELSEWHERE = (".ImmediateBackend", ".DummyBackend")


@register("oscar_engage", deploy=True)
def check_queue(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """W010: huey unpickles what it finds in Redis, unsigned: whoever can write there runs code in the worker."""
    huey = getattr(django_settings, "HUEY", None)
    serializer = huey.get("serializer") if isinstance(huey, dict) else getattr(huey, "serializer", None)
    is_signed = "Signed" in type(serializer).__name__  # by its name: only tasks.py imports huey
    if is_signed or not _is_redis_over_the_network(huey):
        return []
    return [
        Warning(
            "HUEY takes pickled messages from Redis without a signature: who can write there runs code in the worker.",
            hint='Add to HUEY: "serializer": huey.serializer.SignedSerializer(secret=SECRET_KEY), or use a local socket.',
            id="oscar_engage.W010",
        )
    ]


def _is_redis_over_the_network(huey: Any) -> bool:
    if huey is None:
        return False
    if not isinstance(huey, dict):
        return "Redis" in type(huey).__name__
    connection = huey.get("connection") or {}
    address = str(huey.get("url") or connection.get("url") or "")
    is_local = bool(connection.get("unix_socket_path")) or address.startswith("unix:")
    return "Redis" in str(huey.get("huey_class", "huey.RedisHuey")) and not is_local
