"""How is a place typed? A text with the known places offered; any other is taken as well, for a template may get it later."""

from typing import Any

from django import forms

from oscar_engage.dashboard.anchors.reading import known_places


class PlaceInput(forms.TextInput):
    """A text input with a ``datalist`` of the known places beside it."""

    template_name = "oscar_engage/dashboard/anchors/_place_input.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the places and the name of their list."""
        context = super().get_context(name, value, attrs)
        list_id = f"{context['widget']['attrs'].get('id', name)}-places"
        context["widget"]["attrs"]["list"] = list_id
        return {**context, "list_id": list_id, "places": known_places()}
