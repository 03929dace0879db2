"""What does a beat of ten signals cost beside a product page and a bare insert? In one process, block by block in turns."""

import gc
import json
import uuid
from typing import Any

from benchmarks.core_speed import Sample, take_sample

BLOCKS = 45  # of each side: with fewer the intervals straddle the bars
BEATS = 30  # in a block
PAGES = 5
TEN = [
    ("page.viewed", {}),
    ("page.hidden", {"seconds": 3}),
    ("page.exit_intent", {}),
    *[("page.idle", {"seconds": 30})] * 6,
    ("page.left", {"visible": 40, "idle": 12}),
]


def measure_rates(product: str) -> dict[str, Any]:
    """Return what a beat of ten signals, a product page and a bare view that inserts one row cost, block by block in turns."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import override_settings

    from benchmarks.beat_run import ask_page
    from oscar_engage.signals.counters import snapshot
    from oscar_engage.signals.models import SignalRecord
    from oscar_engage.storefront.middleware import EngageMiddleware

    shop, beats = WSGIHandler(), EngageMiddleware(refuse)
    with override_settings(MIDDLEWARE=[], ROOT_URLCONF="benchmarks.ingest_bare"):
        bare = WSGIHandler()
    cookies: dict[int, str] = {}
    send_beats(beats, cookies)
    insert(bare)
    ask_page(shop, product)
    gc.collect()
    stored = SignalRecord.objects.count()
    rounds: list[tuple[Sample, Sample, Sample]] = []
    for _block in range(BLOCKS):
        wires = [make_beat(cookies, visitor) for visitor in range(BEATS)]
        inserts = [make_insert() for _turn in range(BEATS)]
        rounds.append(
            (
                take_sample(lambda sent=wires: serve(beats, sent)),
                take_sample(lambda sent=inserts: insert_all(bare, sent)),
                take_sample(lambda: [ask_page(shop, product) for _turn in range(PAGES)]),
            )
        )
    kept = SignalRecord.objects.count() - stored
    best = min(sample.loop for samples in rounds for sample in samples)
    return {
        "beat_ms": [beat.cpu_at(best) / BEATS for beat, _insert, _page in rounds],
        "page_ms": [page.cpu_at(best) / PAGES for _beat, _insert, page in rounds],
        "page_share": [(b.cpu_at(best) / BEATS) / (p.cpu_at(best) / PAGES) for b, _insert, p in rounds],
        "beats_to_inserts": [beat.wall * best / beat.loop / (i.wall * best / i.loop) for beat, i, _page in rounds],
        "kept": kept / (BLOCKS * BEATS),
        "faults": sum(snapshot().values()),
    }


def refuse(request: Any) -> Any:
    """Stand where the shop would be: a beat never comes here."""
    raise RuntimeError(f"{request.path} was not served by the fast path")


def make_beat(cookies: dict[int, str], visitor: int) -> Any:
    """Return a beat of ten signals as the browser sends it."""
    from benchmarks import beat_run

    beat_run.KINDS["ten signals"] = (12, TEN)
    return beat_run.make_request(cookies, visitor, "ten signals")


def send_beats(middleware: Any, cookies: dict[int, str]) -> None:
    """Send one beat of each visitor and keep its cookie."""
    for visitor in range(BEATS):
        response = middleware(make_beat(cookies, visitor))
        if "engage_visitor" in response.cookies:
            cookies[visitor] = response.cookies["engage_visitor"].value
        response.close()


def serve(middleware: Any, requests: list[Any]) -> None:
    """Serve the beats as the web server would."""
    for request in requests:
        response = middleware(request)
        if response.status_code not in {200, 204}:
            raise RuntimeError(f"A beat was answered with {response.status_code}.")
        response.close()


def make_insert() -> Any:
    """Return a request for one insert."""
    from django.test import RequestFactory

    return RequestFactory().post("/", json.dumps({"word": uuid.uuid4().hex}), content_type="application/json")


def insert(bare: Any) -> None:
    """Have the bare view insert one row."""
    insert_all(bare, [make_insert()])


def insert_all(bare: Any, requests: list[Any]) -> None:
    """Have the bare view insert a row for each request."""
    from django.test import override_settings

    with override_settings(ROOT_URLCONF="benchmarks.ingest_bare"):
        for request in requests:
            response = bare.get_response(request)
            if response.status_code != 204:  # noqa: PLR2004 - HTTP's own number
                raise RuntimeError(f"The bare view answered {response.status_code}.")
            response.close()
