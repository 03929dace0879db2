"""Prints the measured pages of the shop, a name and an address a line."""

import django


def main() -> None:
    """Print them."""
    django.setup()
    from oscar.core.loading import get_model

    product = get_model("catalogue", "Product").objects.browsable().order_by("pk").first()
    category = get_model("catalogue", "Category").objects.browsable().order_by("pk").first()
    print("home /")
    print("category", category.get_absolute_url())
    print("product", product.get_absolute_url())
    print("search /search/?q=tent")
    print("basket /basket/")


if __name__ == "__main__":
    main()
