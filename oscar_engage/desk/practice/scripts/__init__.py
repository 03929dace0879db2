"""The shoppers that come with the package, each in English and German, by what their trouble is about."""

from oscar_engage.desk.practice.script import Script
from oscar_engage.desk.practice.scripts.afterwards import AFTERWARDS
from oscar_engage.desk.practice.scripts.orders import ORDERS
from oscar_engage.desk.practice.scripts.payment import PAYMENT
from oscar_engage.desk.practice.scripts.products import PRODUCTS

READY: tuple[Script, ...] = (*PRODUCTS, *ORDERS, *PAYMENT, *AFTERWARDS)
"""All of them."""
