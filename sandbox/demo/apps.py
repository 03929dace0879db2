"""App of the demo contents; it has a command and no models."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Holds the ``load_sandbox`` command."""

    name = "sandbox.demo"
    label = "sandbox_demo"
