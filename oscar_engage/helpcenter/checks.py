"""Is everything there that the help centre needs? A system check that says what to type."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from oscar_engage.helpcenter.apps import NEEDED, missing_apps


@register("oscar_engage")
def check_wagtail(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """E017: the help centre is installed, and apps of Wagtail's that it is made of are not."""
    missing = missing_apps()
    if not missing:
        return []
    return [
        Error(
            f"The help centre is installed, and not what it is made of: {', '.join(missing)}.",
            hint=f"Add to INSTALLED_APPS: {', '.join(repr(name) for name in NEEDED)}; or take the help centre out. "
            "docs/help-centre.md shows both.",
            id="oscar_engage.E017",
        )
    ]
