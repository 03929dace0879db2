"""The dashboard app: mounts our pages inside Oscar's own dashboard, with Oscar's own permissions."""

from django.utils.translation import gettext_lazy as _
from oscar.core.application import OscarDashboardConfig


class EngageDashboardConfig(OscarDashboardConfig):
    """``path("dashboard/engage/", apps.get_app_config("engage_dashboard").urls)``."""

    name = "oscar_engage.dashboard"
    label = "engage_dashboard"
    namespace = "engage_dashboard"
    verbose_name = _("Engage")
    default_permissions = ["is_superuser"]
