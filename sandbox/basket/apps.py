"""The fork of Oscar's basket app."""

from oscar.apps.basket import apps


class BasketConfig(apps.BasketConfig):
    """Oscar's basket app under our name."""

    name = "sandbox.basket"
