"""The shopper's addresses of the help centre, below those of the storefront and in its namespace."""

from django.urls import URLPattern, path

from oscar_engage.helpcenter import views


def build_urls() -> list[URLPattern]:
    """Return new patterns for every page."""
    return [
        path("help-centre/", views.help_centre, name="help-centre"),
        path("help-centre/search/", views.search_help, name="help-search"),
        path("help-centre/topics/<slug:slug>/", views.topic, name="help-topic"),
        path("help-centre/articles/<slug:slug>/", views.article, name="help-article"),
        path("help-centre/articles/<slug:slug>/rating/", views.rate, name="help-rate"),
    ]
