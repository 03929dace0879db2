"""In which database are our tables? One line in ``DATABASE_ROUTERS``, for shops that keep them apart from their own."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, router
from django.db.models import Model

from oscar_engage.conf import get_settings

APP_LABEL = "oscar_engage"


class EngageRouter:
    """``DATABASE_ROUTERS = ["oscar_engage.router.EngageRouter"]``: our tables are read, written and migrated at ``DATABASE``.

    Everything else stays where the shop has it. A database of our own gets none of the shop's tables; where it has others
    besides ours, the router that says so comes first in the list.
    """

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        """Return our alias for our models. The shop's, reached from a row of ours, is asked for as if from nowhere."""
        if _is_ours(model):
            return get_settings().database
        return router.db_for_read(model) if _is_ours(type(hints.get("instance"))) else None

    def db_for_write(self, model: type[Model], **hints: Any) -> str | None:
        """Return the alias as for reading."""
        if _is_ours(model):
            return get_settings().database
        return router.db_for_write(model) if _is_ours(type(hints.get("instance"))) else None

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool | None:
        """Allow a row of ours to name a row of the shop's: such columns carry no constraint."""
        return True if _is_ours(type(one)) or _is_ours(type(other)) else None

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        """Let our tables be made at our alias alone, and nothing else there unless it is the shop's own database."""
        alias = get_settings().database
        if app_label == APP_LABEL:
            return db == alias
        return False if db == alias != DEFAULT_DB_ALIAS else None


def _is_ours(model: type) -> bool:
    return bool(getattr(getattr(model, "_meta", None), "app_label", None) == APP_LABEL)
