"""How is a view described? By what it says of itself: what it asks for, what it answers, which parameters it takes."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter


class DescribedSchema(AutoSchema):
    """Reads ``asks``, ``answers`` and ``takes`` of a view, by method, so that no setting of the shop's has a say in it."""

    def get_request_serializer(self) -> Any:
        """Return what the body is."""
        return getattr(self.view, "asks", {}).get(self.method)

    def get_response_serializers(self) -> Any:
        """Return what is answered."""
        told = getattr(self.view, "answers", {})
        return told[self.method] if self.method in told else super().get_response_serializers()

    def get_override_parameters(self) -> Any:
        """Return the query: names of texts, or a serializer."""
        taken = getattr(self.view, "takes", {}).get(self.method, ())
        return [OpenApiParameter(one, str) if isinstance(one, str) else one for one in taken]

    def get_description(self) -> str:
        """Return what the method says of itself."""
        found = getattr(self.view, (self.method or "").lower(), None)
        return (found.__doc__ if found and found.__doc__ else super().get_description()) or ""
