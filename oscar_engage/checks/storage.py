"""Are our tables there, and is the way to them short?"""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DEFAULT_DB_ALIAS, connections, router

from oscar_engage.checks.given import Apps, settings_or_none
from oscar_engage.statements.versions import read_versions

ROUTER = "oscar_engage.router.EngageRouter"


@register("oscar_engage")
def check_database_alias(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E005: ``DATABASE`` is no alias. W006: each request opens a connection, which makes a poll five times as dear."""
    settings = settings_or_none()
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
    settings = settings_or_none()
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


@register(Tags.database)
def check_tables(app_configs: Apps, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """W008: our tables are not all there, or of another version than the code.

    Runs only where Django checks databases (``check --database``, ``migrate``).
    """
    settings = settings_or_none()
    if settings is None or settings.database not in (databases or ()):
        return []
    present = set(connections[settings.database].introspection.table_names())
    missing = [model._meta.db_table for model in apps.get_app_config("oscar_engage").get_models()]
    missing = sorted(set(missing) - present)
    if not missing:
        return _compare(settings.database)
    return [
        Warning(
            f"{len(missing)} tables of oscar_engage are not in the database {settings.database!r} yet, such as {missing[0]}.",
            hint="Type: python manage.py migrate (if that is what you are doing, all is well).",
            id="oscar_engage.W008",
        )
    ]


def _compare(database: str) -> list[CheckMessage]:
    versions = read_versions(connections[database])
    if versions.missing:
        what, hint = f"older than the code (the next is {versions.missing[0]})", "Type: python manage.py migrate"
    elif versions.unknown:
        what, hint = f"newer than the code (by {versions.unknown[-1]})", "Install the version that they were made by"
    else:
        return []
    return [
        Warning(
            f"The tables of oscar_engage in the database {database!r} are {what}.",
            hint=f"{hint} (if that is what you are doing, all is well).",
            id="oscar_engage.W008",
        )
    ]
