"""What does the API say of itself? Its description in OpenAPI, written from the views and checked in; a test compares."""

import json
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema

FILE = Path(__file__).resolve().parent / "openapi.json"
VERSION = "1"


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # the library is typed in part
    """How a key is sent."""

    target_class = "oscar_engage.api.access.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        """Return a bearer token."""
        return {"type": "http", "scheme": "bearer", "description": "A key from the dashboard: eng_…"}


def write_schema() -> str:
    """Return the description as text, whatever a shop's own settings of the library are."""
    from oscar_engage.api.urls import urlpatterns  # noqa: PLC0415 - it imports the views, which import this

    generator: Any = SchemaGenerator
    described: dict[str, Any] = generator(patterns=urlpatterns).get_schema(request=None, public=True)
    described["info"] = {
        "title": "django-oscar-engage",
        "version": VERSION,
        "description": "Conversations, rules and figures of the shop's help, for programs of the shop's own.",
    }
    return json.dumps(_portable(described), indent=1, sort_keys=True, default=str) + "\n"


_OF_THE_DATABASE = {"maximum", "minimum", "format"}
"""What the range of a column adds to whole numbers: other databases have other ranges, and the description is one."""


def _portable(described: Any) -> Any:
    """Return the description without what depends on the database that it is written with."""
    if isinstance(described, list):
        return [_portable(one) for one in described]
    if not isinstance(described, dict):
        return described
    dropped = _OF_THE_DATABASE if described.get("type") == "integer" else set()
    return {name: _portable(value) for name, value in described.items() if name not in dropped}


@require_safe
def show_schema(request: HttpRequest) -> HttpResponse:
    """Answer with the description; it holds nothing of the shop, so anybody may read it."""
    return HttpResponse(FILE.read_bytes(), content_type="application/vnd.oai.openapi+json")
