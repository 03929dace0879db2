"""The app: puts the parts together when Django starts."""

from django.utils.translation import gettext_lazy as _
from oscar.core.application import OscarConfig


class EngageConfig(OscarConfig):
    """``INSTALLED_APPS += ["oscar_engage.apps.EngageConfig", …]``."""

    name = "oscar_engage"
    label = "oscar_engage"
    verbose_name = _("Engage")
    default_auto_field = "django.db.models.BigAutoField"
    default = True

    def ready(self) -> None:
        """Connect the sources and register what each package offers; nothing here touches a database or a broker."""
        super().ready()
