"""Which shipping methods go to which country."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from oscar.apps.shipping import repository

from sandbox.shipping.methods import Express, Parcel, Standard

HOME = (
    Standard(charge=Decimal("4.95"), free_from=Decimal(75), days=_("2 to 4 working days")),
    Express(charge=Decimal("11.95"), days=_("the next working day")),
)
NEIGHBOURS = (
    Standard(charge=Decimal("12.50"), free_from=Decimal(200), days=_("4 to 7 working days")),
    Express(charge=Decimal("24.00"), days=_("2 working days")),
)
METHODS_BY_COUNTRY: dict[str, tuple[Parcel, ...]] = {
    "GB": HOME,
    **dict.fromkeys(["IE", "DE", "AT", "FR", "NL", "CH"], NEIGHBOURS),
}
#: Offered in the address form although nothing goes there, so that "no shipping method" can be met.
UNSERVED_COUNTRIES = ("IS",)


class Repository(repository.Repository):
    """Shipping methods by the country of the address; home rates while there is no address yet."""

    methods = HOME

    def get_available_shipping_methods(self, basket: Any, shipping_addr: Any = None, **kwargs: Any) -> tuple[Parcel, ...]:
        """The methods for this address, none where nothing ships."""
        if shipping_addr is None:
            return HOME
        return METHODS_BY_COUNTRY.get(shipping_addr.country_id, ())
