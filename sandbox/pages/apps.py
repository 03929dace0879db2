"""The app of the shop's own pages."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """``sandbox.pages``."""

    name = "sandbox.pages"
    label = "pages"
    default_auto_field = "django.db.models.BigAutoField"
