"""Behind any cache of pages, everybody gets the same bytes, and three visitors stay three."""

import json
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from oscar_engage.models import SignalRecord, Visitor
from oscar_engage.visitors.token import COOKIE_NAME
from tests.storefront.beats import TEXT, URL, body, shopper, signal

pytestmark = pytest.mark.django_db

ENGAGE = "oscar_engage.storefront.middleware.EngageMiddleware"
SHOP = ["django.middleware.locale.LocaleMiddleware", "django.middleware.csrf.CsrfViewMiddleware"]
"""Those of a shop that caches its pages for all; Oscar's basket says of each page that it depends on the cookies."""
UPDATE, FETCH = "django.middleware.cache.UpdateCacheMiddleware", "django.middleware.cache.FetchFromCacheMiddleware"
CONDITIONAL = "django.middleware.http.ConditionalGetMiddleware"
LOCAL = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "page-caches"}}
ORDERS = {
    "page cache within us": [ENGAGE, UPDATE, *SHOP, FETCH],
    "page cache around us": [UPDATE, FETCH, ENGAGE, *SHOP],
    "etags within us": [ENGAGE, CONDITIONAL, *SHOP],
    "etags around us": [CONDITIONAL, ENGAGE, *SHOP],
    "both within us": [ENGAGE, UPDATE, CONDITIONAL, *SHOP, FETCH],
    "both around us": [UPDATE, CONDITIONAL, FETCH, ENGAGE, *SHOP],
}
PAGES = ("/plain/", "/plain-by-hand/")
TAGGED = [
    (order, path)
    for order in ORDERS
    for path in PAGES
    # A view's own response that has its ETag before it comes to us stays the bytes that the tag stands for.
    if path == "/plain/" or order not in {"etags within us", "both within us"}
]


@pytest.fixture(autouse=True)
def _shop(settings: Any) -> None:
    settings.ROOT_URLCONF, settings.CACHES = "tests.attacks.urls_cached", LOCAL
    settings.MIDDLEWARE = [ENGAGE, *SHOP]
    cache.clear()


def beat_of(client: Client, html: str) -> Any:
    """Send the first beat of a page as our script does: with what the page says of itself."""
    page = html.partition('data-engage-page="')[2].partition('"')[0]
    assert page
    beat = {**json.loads(body(signal())), "page": unescape(page)}
    return client.post(URL, json.dumps(beat), content_type=TEXT, headers={"Sec-Fetch-Site": "same-origin"})


@pytest.mark.attack("K01", "C07")
@pytest.mark.parametrize(("order", "path"), TAGGED)
def test_page__behind_a_cache__is_the_same_for_three_visitors_who_stay_three(order: str, path: str, settings: Any) -> None:
    settings.MIDDLEWARE = ORDERS[order]
    ann, bob, cy = people = [shopper() for _person in range(3)]

    pages = [client.get(path) for client in (*people, *people)]
    for client, page in zip(people, pages, strict=False):
        assert beat_of(client, page.content.decode()).status_code == 204
    pages += [client.get(path) for client in people]

    assert {page.content for page in pages} == {pages[0].content}
    assert pages[0].content.count(b"data-engage-beat") == 1
    assert {page.get("ETag") for page in pages} == {pages[0].get("ETag")}
    assert not [page for page in pages if page.cookies or "Cookie" in page.get("Vary", "")]
    assert len({client.cookies[COOKIE_NAME].value for client in (ann, bob, cy)}) == 3
    assert Visitor.objects.count() == SignalRecord.objects.filter(kind="page.viewed").count() == 3


@pytest.mark.attack("K01")
@pytest.mark.parametrize(("order", "path"), [(order, path) for order, path in TAGGED if "page cache" not in order])
def test_page__that_the_browser_has__is_not_sent_again(order: str, path: str, settings: Any) -> None:
    settings.MIDDLEWARE = ORDERS[order]
    first, client = Client().get(path), shopper()
    beat_of(client, first.content.decode())

    again = client.get(path, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]


class Cdn:
    """What stands before a shop and keeps what it may: no cookie set, none asked for, nothing private."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def get(self, client: Client, path: str) -> bytes:
        if path not in self.kept:
            answer = client.get(path)
            says = answer.get("Cache-Control", "")
            if not (answer.cookies or "Cookie" in answer.get("Vary", "") or "private" in says or "no-store" in says):
                self.kept[path] = answer.content
            return bytes(answer.content)
        return self.kept[path]


@pytest.mark.attack("K01", "K02")
@pytest.mark.parametrize("path", PAGES)
def test_cdn__keeps_a_page_of_the_shop_for_all__and_nothing_of_ours(path: str) -> None:
    cdn, people = Cdn(), [shopper() for _person in range(3)]

    pages = [cdn.get(client, path) for client in people]
    for client, page in zip(people, pages, strict=True):
        beat_of(client, page.decode())
    ours = [cdn.get(client, "/engage/help/?fragment=1") for client in people]

    assert len(set(pages)) == 1
    assert list(cdn.kept) == [path]
    assert Visitor.objects.count() == 3
    assert all(b"engage-panel" in panel for panel in ours)
