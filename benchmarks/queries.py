"""Prints, for each page, the queries before the last byte and the response's headers and cookies, as JSON."""

import json
import os

import django

from benchmarks.shop import paths

UNLIKE = {"content-length", "etag", "date", "server"}
"""Headers that may differ: our snippet makes the page longer."""


def main() -> None:
    """Ask every page twice (the second time with warm caches) and print what the second answer cost."""
    wanted = json.loads(os.environ["BENCHMARK_PATHS"]) if "BENCHMARK_PATHS" in os.environ else paths()
    django.setup()
    from django.core.handlers.wsgi import WSGIHandler
    from django.db import connection
    from django.test import RequestFactory
    from django.test.utils import CaptureQueriesContext

    handler = WSGIHandler()
    factory = RequestFactory()
    found = {}
    for name, path in wanted.items():
        for _turn in range(2):
            request = factory.get(path, HTTP_COOKIE="shop_consent=all")
            with CaptureQueriesContext(connection) as captured:
                response = handler.get_response(request)
                body = b"".join(response)
            response.close()
        headers = sorted(f"{key}: {value}" for key, value in response.items() if key.lower() not in UNLIKE)
        found[name] = {
            "status": response.status_code,
            "queries": len(captured),
            "headers": headers,
            "cookies": sorted(response.cookies),
            "bytes": len(body),
        }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
