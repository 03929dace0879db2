"""The fork of Oscar's shipping app."""

from oscar.apps.shipping import apps


class ShippingConfig(apps.ShippingConfig):
    """Oscar's shipping app under our name."""

    name = "sandbox.shipping"
