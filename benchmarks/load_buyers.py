"""Somebody who buys, again and again, until told to end; prints how many orders were thanked for. The shop's own code."""

import sys
import threading
import time

import django

EVERY = 2.0  # seconds


def main() -> None:
    """Buy."""
    django.setup()
    from django.core import mail
    from django.test import Client
    from oscar.core.loading import get_model

    from tests.storefront.journeys import walk_to_order

    product = get_model("catalogue", "Product").objects.order_by("pk").first()
    get_model("partner", "StockRecord").objects.update(num_in_stock=1_000_000)
    done = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), done.set()), daemon=True).start()
    print("ready", flush=True)
    thanked = 0
    while not done.is_set():
        began = time.monotonic()
        mail.outbox = []  # type: ignore[attr-defined]  # as Django's tests have it
        client = Client(HTTP_COOKIE="consent=personalisation")
        walk_to_order(client, product)
        thanked += client.get("/checkout/thank-you/").status_code == 200  # noqa: PLR2004 - HTTP
        time.sleep(max(0.0, EVERY - (time.monotonic() - began)))
    print(thanked, flush=True)


if __name__ == "__main__":
    main()
