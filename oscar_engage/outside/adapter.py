"""Which outside desk has the shop? The one that ``OUTSIDE_DESK`` names, while its module is on; most shops have none."""

from collections.abc import Mapping
from typing import Any

from django.utils.module_loading import import_string

from oscar_engage.conf import get_settings
from oscar_engage.modules import is_on
from oscar_engage.outside.port import OutsideDesk

MODULE = "outside"


def options() -> Mapping[str, Any]:
    """Return the setting as a dictionary; empty: the shop has none."""
    return dict(get_settings().outside_desk)


def get_desk() -> OutsideDesk | None:
    """Return the shop's outside desk, or ``None`` where it has none. No query; it is cheap to build."""
    return configured_desk() if is_on(MODULE) else None


def configured_desk() -> OutsideDesk | None:
    """Return it also while its module is off: what is erased here has to go there in any case."""
    given = options()
    if not given:
        return None
    built: OutsideDesk = import_string(given["ADAPTER"])(given)
    return built
