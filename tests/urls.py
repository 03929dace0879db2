"""The test shop's addresses, mounted as the README tells a shop to."""

from django.apps import apps
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("engage/", include("oscar_engage.storefront.urls")),
    path("dashboard/engage/", apps.get_app_config("engage_dashboard").urls),
    path("", include(apps.get_app_config("oscar").urls[0])),
]
