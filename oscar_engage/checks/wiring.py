"""Are apps, middleware and addresses where they have to be?"""

from typing import Any

from django.apps import apps
from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from oscar_engage.checks.given import Apps, is_mounted

MIDDLEWARE = "oscar_engage.storefront.middleware.EngageMiddleware"
DASHBOARD = "oscar_engage.dashboard.apps.EngageDashboardConfig"


@register(Tags.urls)
def check_urls(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E004: the shopper's addresses are not mounted."""
    if is_mounted("engage:beat"):
        return []
    return [
        Error(
            "The addresses of oscar_engage are not mounted: the browser has nothing to talk to.",
            hint='Add to urlpatterns, before Oscar\'s: path("engage/", include("oscar_engage.storefront.urls")).',
            id="oscar_engage.E004",
        )
    ]


@register("oscar_engage")
def check_middleware(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """W001: our middleware is missing. W002: it is not the first one, or stands there twice."""
    middleware = list(django_settings.MIDDLEWARE)
    if MIDDLEWARE not in middleware:
        return [
            Warning(
                "The middleware of oscar_engage is missing: nothing is sensed and nothing is shown.",
                hint=f'Put "{MIDDLEWARE}" first in MIDDLEWARE.',
                id="oscar_engage.W001",
            )
        ]
    if middleware.count(MIDDLEWARE) > 1:
        return [
            Warning(
                f"The middleware of oscar_engage is in MIDDLEWARE {middleware.count(MIDDLEWARE)} times; once is enough.",
                hint=f'Leave one "{MIDDLEWARE}", at the top.',
                id="oscar_engage.W002",
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
    if not is_mounted("engage_dashboard:engage-rules"):
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
