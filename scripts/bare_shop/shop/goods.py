"""One product that can be bought, and one person who may do everything: what a check needs of a shop."""

from django.contrib.auth import get_user_model
from oscar.core.loading import get_model


def stock() -> str:
    """Create both; return the product's address."""
    product_class = get_model("catalogue", "ProductClass").objects.create(name="Thing", track_stock=False)
    product = get_model("catalogue", "Product").objects.create(title="Kettle", product_class=product_class)
    partner = get_model("partner", "Partner").objects.create(name="Us")
    get_model("partner", "StockRecord").objects.create(product=product, partner=partner, partner_sku="k", price=10)
    get_user_model().objects.create_superuser("owner", "owner@shop.example", "kettle-of-a-check")
    return str(product.get_absolute_url())
