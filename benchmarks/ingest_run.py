"""Measures what taking signals costs, in this process, in pairs with what it is compared with; prints it as JSON.

PostgreSQL only: the bars speak of it. ``BENCHMARK_SIGNALS`` is how many signals the large log holds.
"""

import json

import django


def main() -> None:
    """Make the shop's tables, measure, and remove them."""
    django.setup()
    from django.db import connection

    from benchmarks.beat_run import make_rules
    from benchmarks.ingest_beats import measure_rates
    from benchmarks.ingest_large import measure_large
    from benchmarks.ingest_log import measure_growth
    from oscar_engage.testing.rules import rules_at_once
    from tests.storefront.journeys import stock_shop

    name = str(connection.settings_dict["NAME"])
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        growth = measure_growth()
        make_rules()
        product = stock_shop().get_absolute_url()
        with rules_at_once():
            print(json.dumps({"growth": growth, **measure_rates(product), **measure_large()}))
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    main()
