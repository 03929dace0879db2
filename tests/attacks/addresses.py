"""Every address of ours, from the URL patterns themselves: a new one is attacked from the day it is there."""

from dataclasses import dataclass

from django.apps import apps
from django.urls import URLPattern, reverse

from oscar_engage.storefront.urls import urlpatterns
from tests.attacks.conftest import Scene


@dataclass(frozen=True)
class Address:
    """One address: its name with its namespace, and where it leads in a scene."""

    name: str
    url: str

    @property
    def is_dashboard(self) -> bool:
        """Whether it belongs to the staff."""
        return self.name.startswith("engage_dashboard:")


def all_addresses(scene: Scene) -> list[Address]:
    """Return all addresses of storefront and dashboard, leading to what is in ``scene``."""
    dashboard = apps.get_app_config("engage_dashboard").urls[0]
    named = [("engage", pattern) for pattern in urlpatterns] + [("engage_dashboard", pattern) for pattern in dashboard]
    return [_address(scene, namespace, pattern) for namespace, pattern in named]


def _address(scene: Scene, namespace: str, pattern: URLPattern) -> Address:
    name = f"{namespace}:{pattern.name}"
    known = scene.arguments(name)
    kwargs = {key: value for wanted in pattern.pattern.converters for key, value in known[wanted].items()}
    return Address(name, reverse(name, kwargs=kwargs))
