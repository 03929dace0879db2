"""Where does the outside desk tell us something? At one address of the shop."""

from django.urls import reverse

from oscar_engage.desk.link import shop_address


def callback_address() -> str:
    """Return the address to type in there."""
    return f"{shop_address()}{reverse('engage:outside-desk')}"
