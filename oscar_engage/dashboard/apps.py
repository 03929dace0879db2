"""The dashboard app: mounts our pages inside Oscar's own dashboard, with Oscar's own permissions."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from oscar.core.application import OscarDashboardConfig


class EngageDashboardConfig(OscarDashboardConfig):
    """``path("dashboard/engage/", apps.get_app_config("engage_dashboard").urls)``."""

    name = "oscar_engage.dashboard"
    label = "engage_dashboard"
    default = True  # so that "oscar_engage.dashboard" names it, too: the module knows Oscar's as well
    namespace = "engage_dashboard"
    verbose_name = _("Engage")
    default_permissions = ["is_superuser"]

    def configure_permissions(self) -> None:
        """Say who may open what; a URL name that nobody listed is for superusers only."""
        from oscar_engage.dashboard.access import permissions_map  # noqa: PLC0415 - needs loaded models

        self.permissions_map = permissions_map()

    def ready(self) -> None:
        """Set the permissions, add our entry to the menu, note who is given a role, and have the desk's polls served fast."""
        from oscar_engage.dashboard.desk.fast import serve_news_fast  # noqa: PLC0415 - needs loaded models
        from oscar_engage.dashboard.navigation import append_navigation  # noqa: PLC0415 - the same
        from oscar_engage.dashboard.sharing import talk as of_pages  # noqa: F401, PLC0415 - registers
        from oscar_engage.dashboard.sharing.wire import serve_talk_fast  # noqa: PLC0415 - the same
        from oscar_engage.dashboard.trail import roles  # noqa: PLC0415 - the same
        from oscar_engage.dashboard.voices import talk as of_voices  # noqa: F401, PLC0415 - registers
        from oscar_engage.storefront.fastpath import serve_fast_too  # noqa: PLC0415 - the same

        self.configure_permissions()
        append_navigation()
        roles.connect()
        serve_fast_too(serve_news_fast, module="desk")
        serve_fast_too(serve_talk_fast, module="chat")

    def get_urls(self) -> list[Any]:
        """Return fresh URL patterns, each behind its permissions and kept by no cache.

        Oscar's decorating changes the patterns it is given.
        """
        from oscar_engage.dashboard.fragment import refuse_strangers  # noqa: PLC0415 - as the next one
        from oscar_engage.dashboard.urls import build_urls  # noqa: PLC0415 - needs loaded models
        from oscar_engage.modules import guarded  # noqa: PLC0415 - as the first one

        patterns: list[Any] = self.post_process_urls(guarded("pages", build_urls()))
        for pattern in patterns:
            pattern.callback = cache_control(private=True, no_store=True)(refuse_strangers(pattern.callback))
        return patterns
