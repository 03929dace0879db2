"""Is the shop set up so that we can work? System checks that say what to type; ``python manage.py check`` runs them."""

from collections.abc import Callable, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DEFAULT_DB_ALIAS, connections, router
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string

from oscar_engage.conf import EngageSettings, InvalidSettingError, get_settings
from oscar_engage.desk.acts.registry import ACTS, RESET_MAIL
from oscar_engage.visitors.consent import ConsentLevel

MIDDLEWARE = "oscar_engage.storefront.middleware.EngageMiddleware"
ROUTER = "oscar_engage.router.EngageRouter"
DASHBOARD = "oscar_engage.dashboard.apps.EngageDashboardConfig"

READY_MADE = "oscar_engage.reminders.permission.has_opted_in"

Apps = Sequence[AppConfig] | None
Facts = Callable[[EngageSettings], list[CheckMessage]]


def _settings() -> EngageSettings | None:
    """Return the settings, or ``None`` when they are wrong: E001 says so, and says it once."""
    try:
        return get_settings()
    except (InvalidSettingError, TypeError, ValueError):
        return None


def _mounted(name: str) -> bool:
    try:
        reverse(name)
    except NoReverseMatch:
        return False
    return True


def _importable(path: str) -> Any | None:
    """Return what ``path`` names, or ``None`` when importing it fails in whatever way the shop's module can fail."""
    try:
        return import_string(path)
    except Exception:  # noqa: BLE001 - the shop's module runs here; a check reports, it does not crash
        return None


@register("oscar_engage")
def check_settings(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E001: ``OSCAR_ENGAGE`` has an unknown key or a value we cannot use."""
    try:
        get_settings()
    except (InvalidSettingError, TypeError, ValueError) as error:
        return [
            Error(
                f"The setting OSCAR_ENGAGE cannot be used: {error}",
                hint="docs/settings.md lists every key with its meaning and default.",
                id="oscar_engage.E001",
            )
        ]
    return []


@register("oscar_engage")
def check_consent(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E002: the consent callable cannot be imported. W004: it is the default, so nothing proactive ever shows."""
    settings = _settings()
    if settings is None:
        return []
    if not callable(_importable(settings.consent)):
        return [
            Error(
                f"OSCAR_ENGAGE['CONSENT'] names {settings.consent!r}, which cannot be imported or called.",
                hint="Name a callable(request) -> ConsentLevel by its dotted path, such as 'myshop.consent.consent_level'.",
                id="oscar_engage.E002",
            )
        ]
    if settings.consent == EngageSettings().consent:
        return [
            Warning(
                "OSCAR_ENGAGE['CONSENT'] is the default, no consent from anybody: nothing proactive is ever shown.",
                hint="Set OSCAR_ENGAGE = {'CONSENT': 'myshop.consent.consent_level'}; README.md shows such a callable.",
                id="oscar_engage.W004",
            )
        ]
    return []


@register("oscar_engage")
def check_consent_groups(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E007: ``CONSENT_GROUPS`` gives a word that is no level of consent."""
    settings = _settings()
    levels = ConsentLevel.__members__
    wrong = sorted({level for _group, level in settings.consent_groups if level.upper() not in levels}) if settings else []
    return [
        Error(
            f"OSCAR_ENGAGE['CONSENT_GROUPS'] names the level {level!r}, which there is not.",
            hint=f"Use one of: {', '.join(levels)}.",
            id="oscar_engage.E007",
        )
        for level in wrong
    ]


@register("oscar_engage")
def check_availability(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E003: ``AVAILABILITY`` does not name a class with ``free_agents``."""
    settings = _settings()
    if settings is None or hasattr(_importable(settings.availability), "free_agents"):
        return []
    return [
        Error(
            f"OSCAR_ENGAGE['AVAILABILITY'] names {settings.availability!r}, which is no class with a method free_agents.",
            hint="Name a class as in oscar_engage.decisions.ports.Availability, or leave the key out.",
            id="oscar_engage.E003",
        )
    ]


@register("oscar_engage")
def check_shop(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E009: ``SHOP`` does not name a class with its four methods, or ``COUNTRY`` or ``DELIVERY`` no callable."""
    settings = _settings()
    if settings is None:
        return []
    found: list[CheckMessage] = []
    named = _importable(settings.shop)
    if not all(hasattr(named, method) for method in ("product", "categories", "customer", "country")):
        found.append(
            Error(
                f"OSCAR_ENGAGE['SHOP'] names {settings.shop!r}, which is no class with what rules ask of a shop.",
                hint="Name a class as in oscar_engage.rules.ports.Shop, or leave the key out.",
                id="oscar_engage.E009",
            )
        )
    asked = (("COUNTRY", settings.country, "request"), ("DELIVERY", settings.delivery, "product_id"))
    return found + [
        Error(
            f"OSCAR_ENGAGE[{key!r}] names {path!r}, which cannot be imported or called.",
            hint=f"Name a callable({argument}) -> str by its dotted path, such as 'myshop.engage.{key.lower()}'.",
            id="oscar_engage.E009",
        )
        for key, path, argument in asked
        if path and not callable(_importable(path))
    ]


@register("oscar_engage")
def check_acts_off(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E014: ``ACTS_OFF`` names no act, so that something is on which the shop believes to be off."""
    settings = _settings()
    known = (*ACTS.names(), RESET_MAIL)
    return [
        Error(
            f"OSCAR_ENGAGE['ACTS_OFF'] names {name!r}, which is no act.",
            hint=f"Write a list of some of {', '.join(known)}.",
            id="oscar_engage.E014",
        )
        for name in (settings.acts_off if settings else ())
        if name not in known
    ]


@register("oscar_engage")
def check_mail_permission(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E008: ``MAIL_PERMISSION`` cannot be imported. W012: mails about baskets are on, and nobody is ever asked for them."""
    settings = _settings()
    if settings is None:
        return []
    if not callable(_importable(settings.mail_permission)):
        return [
            Error(
                f"OSCAR_ENGAGE['MAIL_PERMISSION'] names {settings.mail_permission!r}, which cannot be imported or called.",
                hint=f"Name a callable(customer) -> bool by its dotted path, such as {READY_MADE!r}.",
                id="oscar_engage.E008",
            )
        ]
    if settings.abandoned_mail_minutes and settings.mail_permission == EngageSettings().mail_permission:
        return [
            Warning(
                "OSCAR_ENGAGE['ABANDONED_MAIL_MINUTES'] is set, but MAIL_PERMISSION is the default: no mail is ever sent.",
                hint=f"Set 'MAIL_PERMISSION': {READY_MADE!r}; docs/abandoned-baskets.md says what comes with it.",
                id="oscar_engage.W012",
            )
        ]
    return []


@register(Tags.urls)
def check_urls(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E004: the shopper's addresses are not mounted."""
    if _mounted("engage:beat"):
        return []
    return [
        Error(
            "The addresses of oscar_engage are not mounted: the browser has nothing to talk to.",
            hint='Add to urlpatterns, before Oscar\'s: path("engage/", include("oscar_engage.storefront.urls")).',
            id="oscar_engage.E004",
        )
    ]


@register("oscar_engage")
def check_database_alias(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E005: ``DATABASE`` is no alias. W006: each request opens a connection, which makes a poll five times as dear."""
    settings = _settings()
    if settings is None:
        return []
    if settings.database not in connections.settings:
        return [
            Error(
                f"OSCAR_ENGAGE['DATABASE'] is {settings.database!r}, which is not in DATABASES.",
                hint=f"Use one of: {', '.join(sorted(connections.settings))}.",
                id="oscar_engage.E005",
            )
        ]
    connection = connections[settings.database]
    pooled = bool(connection.settings_dict["OPTIONS"].get("pool"))
    if connection.vendor == "postgresql" and connection.settings_dict["CONN_MAX_AGE"] == 0 and not pooled:
        return [
            Warning(
                f"DATABASES[{settings.database!r}] opens a new connection for every request; each beat pays for it.",
                hint="Set 'CONN_MAX_AGE': 60 and 'CONN_HEALTH_CHECKS': True, or use a pool.",
                id="oscar_engage.W006",
            )
        ]
    return []


@register("oscar_engage")
def check_router(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E006: ``DATABASE`` is not the shop's, and no router leads there. W009: each request of the shop would open it."""
    settings = _settings()
    if settings is None or settings.database == DEFAULT_DB_ALIAS or settings.database not in connections.settings:
        return []
    found: list[CheckMessage] = []
    if router.db_for_write(apps.get_model("oscar_engage", "Visitor")) != settings.database:
        found.append(
            Error(
                f"OSCAR_ENGAGE['DATABASE'] is {settings.database!r}, but no router sends our tables there.",
                hint=f'Add to DATABASE_ROUTERS: "{ROUTER}".',
                id="oscar_engage.E006",
            )
        )
    if connections[settings.database].settings_dict["ATOMIC_REQUESTS"]:
        found.append(
            Warning(
                f"DATABASES[{settings.database!r}] has ATOMIC_REQUESTS: every page of the shop waits for our database.",
                hint="Leave ATOMIC_REQUESTS out there; we open our own transactions.",
                id="oscar_engage.W009",
            )
        )
    return found


@register("oscar_engage")
def check_middleware(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """W001: our middleware is missing. W002: it is not the first one."""
    middleware = list(django_settings.MIDDLEWARE)
    if MIDDLEWARE not in middleware:
        return [
            Warning(
                "The middleware of oscar_engage is missing: nothing is sensed and nothing is shown.",
                hint=f'Put "{MIDDLEWARE}" first in MIDDLEWARE.',
                id="oscar_engage.W001",
            )
        ]
    if middleware[0] != MIDDLEWARE:
        return [
            Warning(
                "The middleware of oscar_engage is not the first: its requests pass through sessions and baskets needlessly.",
                hint=f'Move "{MIDDLEWARE}" to the top of MIDDLEWARE.',
                id="oscar_engage.W002",
            )
        ]
    return []


@register(Tags.urls)
def check_dashboard(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """W003: there is no dashboard for rules and answers, or it is not mounted."""
    if not apps.is_installed("oscar_engage.dashboard"):
        return [
            Warning(
                "The dashboard of oscar_engage is not installed: nobody can write rules or answer shoppers.",
                hint=f'Add "{DASHBOARD}" to INSTALLED_APPS.',
                id="oscar_engage.W003",
            )
        ]
    if not _mounted("engage_dashboard:engage-rules"):
        return [
            Warning(
                "The dashboard of oscar_engage is installed but not mounted.",
                hint='Add to urlpatterns, before Oscar\'s: path("dashboard/engage/", '
                'apps.get_app_config("engage_dashboard").urls).',
                id="oscar_engage.W003",
            )
        ]
    return []


@register("oscar_engage")
def check_htmx(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """W005: the browser could not load htmx."""
    if apps.is_installed("django_htmx"):
        return []
    return [
        Warning(
            "django_htmx is not in INSTALLED_APPS: without its static file, forms inside a page fall back to whole pages.",
            hint='Add "django_htmx" to INSTALLED_APPS (it was installed together with oscar_engage).',
            id="oscar_engage.W005",
        )
    ]


@register("oscar_engage")
def check_worker(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """W007: no background worker is configured, so somebody has to run ``engage_tick``."""
    if getattr(django_settings, "HUEY", None) or getattr(django_settings, "TASKS", None):
        return []
    return [
        Warning(
            "Neither HUEY nor TASKS is set: mails, orders and old signals are only dealt with when engage_tick runs.",
            hint="Run `python manage.py engage_tick` from cron every minute and add 'oscar_engage.W007' to "
            "SILENCED_SYSTEM_CHECKS, or set up a worker: docs/operations.md.",
            id="oscar_engage.W007",
        )
    ]


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


@register("oscar_engage")
def check_mail_timeout(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """W011: a mail server that accepts and never answers would hold the worker for ever."""
    is_smtp = django_settings.EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend"
    if not is_smtp or django_settings.EMAIL_TIMEOUT is not None:
        return []
    return [
        Warning(
            "EMAIL_TIMEOUT is not set: a mail server that hangs holds the worker, and all its other jobs, for ever.",
            hint="Set EMAIL_TIMEOUT = 20 (seconds).",
            id="oscar_engage.W011",
        )
    ]


@register(Tags.database)
def check_tables(app_configs: Apps, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """W008: our tables are not all there. Runs only where Django checks databases (``check --database``, ``migrate``)."""
    settings = _settings()
    if settings is None or settings.database not in (databases or ()):
        return []
    present = set(connections[settings.database].introspection.table_names())
    missing = [model._meta.db_table for model in apps.get_app_config("oscar_engage").get_models()]
    missing = sorted(set(missing) - present)
    if not missing:
        return []
    return [
        Warning(
            f"{len(missing)} tables of oscar_engage are not in the database {settings.database!r} yet, such as {missing[0]}.",
            hint="Type: python manage.py migrate (if that is what you are doing, all is well).",
            id="oscar_engage.W008",
        )
    ]
