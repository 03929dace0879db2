"""Which places of Oscar's own templates have a name? The browser's map is ``frontend/src/anchors.js``; a test compares."""

SHIPPED_SLOTS = (
    "add-to-basket",
    "price",
    "stock",
    "description",
    "reviews",
    "search",
    "basket-lines",
    "basket-totals",
    "voucher",
    "proceed-to-checkout",
    "login",
    "delivery-address",
    "shipping-method",
    "place-order",
)
