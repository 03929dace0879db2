"""The app of the help centre: joins itself to the pages, the dashboard and the answers when Django starts."""

from typing import Any

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _

NEEDED = ("wagtail.search", "wagtail", "modelcluster", "taggit")
"""What has to be in ``INSTALLED_APPS`` beside it."""


def missing_apps() -> tuple[str, ...]:
    """Return what is needed and not installed."""
    installed = {config.name for config in apps.get_app_configs()}
    return tuple(name for name in NEEDED if name not in installed)


class HelpCenterConfig(AppConfig):
    """``INSTALLED_APPS += ["oscar_engage.helpcenter.apps.HelpCenterConfig", …]``."""

    name = "oscar_engage.helpcenter"
    label = "engage_helpcenter"
    verbose_name = _("Help centre")
    default_auto_field = "django.db.models.BigAutoField"
    default = True

    def import_models(self) -> None:
        """Leave the models alone where Wagtail is not installed: they could not be loaded, and a check says it better."""
        if missing_apps():
            self.models: dict[str, Any] = {}
        else:
            super().import_models()

    def ready(self) -> None:
        """Register the check, and everything else where it can work."""
        from oscar_engage.helpcenter import checks  # noqa: F401, PLC0415 - importing it registers it, once the apps are loaded

        if not missing_apps():
            from oscar_engage.helpcenter.join import join  # noqa: PLC0415 - needs loaded models

            join()
