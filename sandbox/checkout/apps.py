"""The fork of Oscar's checkout app: one more URL, where the bank sends people back to."""

from typing import Any

from django.urls import path
from oscar.apps.checkout import apps
from oscar.core.loading import get_class


class CheckoutConfig(apps.CheckoutConfig):
    """Oscar's checkout under our name."""

    name = "sandbox.checkout"

    def ready(self) -> None:
        """Load the view for the way back from the bank beside Oscar's own."""
        super().ready()
        self.bank_return_view = get_class("checkout.views", "BankReturnView")

    def get_urls(self) -> list[Any]:
        """Oscar's checkout URLs and ``checkout:bank-return``."""
        back = path("bank-return/", self.bank_return_view.as_view(), name="bank-return")
        return [*super().get_urls(), *self.post_process_urls([back])]
