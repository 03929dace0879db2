"""Prices of the shop: VAT is in the price on the shelf."""
