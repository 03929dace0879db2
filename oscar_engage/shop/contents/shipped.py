"""The contents and values of the shop's that we ship; importing this registers them."""

from oscar_engage.shop.contents import placeholders
from oscar_engage.shop.contents.product_facts import ProductFacts
from oscar_engage.shop.contents.suggestions import Suggestions
from oscar_engage.shop.contents.voucher import OwnVoucher

__all__ = ["OwnVoucher", "ProductFacts", "Suggestions", "placeholders"]
