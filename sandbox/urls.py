"""URLs of the sandbox shop: ours first, then Oscar, Wagtail's pages last."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from sandbox.bank.views import BankView
from sandbox.consent import ConsentView
from sandbox.demobar.views import DemoBarView, FreshVisitorView
from sandbox.home import HomeView, InformationView

# Oscar's app configs carry their URLs, which Django's type does not know.
shop: Any = apps.get_app_config("oscar")
engage_dashboard: Any = apps.get_app_config("engage_dashboard")

urlpatterns: list[URLPattern | URLResolver] = [
    path("engage/", include("oscar_engage.storefront.urls")),
    path("dashboard/engage/", engage_dashboard.urls),
    path("", HomeView.as_view(), name="home"),
    path("information/<slug:topic>/", InformationView.as_view(), name="information"),
    path("cookies/", ConsentView.as_view(), name="consent"),
    path("bank/<str:token>/", BankView.as_view(), name="bank"),
    path("demobar/", DemoBarView.as_view(), name="demobar"),
    path("demobar/fresh-visitor/", FreshVisitorView.as_view(), name="demobar-fresh-visitor"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    # A shop would leave this to its web server; a sandbox has none.
    path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}),
    path("", include(shop.urls[0])),
    path("", include(wagtail_urls)),
]
