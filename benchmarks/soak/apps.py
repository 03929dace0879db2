"""The soak as an app: workers find its work by it."""

from django.apps import AppConfig


class SoakConfig(AppConfig):
    """Registers the job kind in every process, the workers' too."""

    name = "benchmarks.soak"
    label = "soak"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import what registers itself."""
        from benchmarks.soak import work  # noqa: F401 - registers the job kind
