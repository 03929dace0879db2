"""What a shopper's browser sees of us on the shop's own pages: our tags, and not a byte, header or query more."""

import contextlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject, empty

from oscar_engage.models import Visit
from oscar_engage.signals import Subject, record
from oscar_engage.signals.buffer import get_buffer
from oscar_engage.storefront.middleware import EngageMiddleware
from oscar_engage.visitors.token import COOKIE_NAME
from tests.storefront.beats import known_shopper, shopper
from tests.storefront.journeys import add_to_basket

pytestmark = pytest.mark.django_db

OFF = {"CONSENT": "tests.consent.consent_from_cookie", "ENABLED": False}
MAY_DIFFER = {"Content-Length", "ETag"}
SCRIPT, HELP = b"data-engage-beat", b'id="engage-help"'


def shop_pages(product: Any) -> list[str]:
    """Return the pages a shopper sees before the checkout's forms."""
    names = ["catalogue:index", "basket:summary", "checkout:index", "search:search", "customer:login"]
    return [*map(reverse, names), product.get_absolute_url()]


def headers_of(response: HttpResponse) -> dict[str, str]:
    return {name: value for name, value in response.items() if name not in MAY_DIFFER}


def without_tokens(content: bytes) -> bytes:
    """Return the lines of ``content`` without Django's CSRF token and Oscar's time of creation, which always differ."""
    changing = (b"csrfmiddlewaretoken", b'name="created"')
    return b"\n".join(line for line in content.splitlines() if not any(mark in line for mark in changing))


def snippet_in(content: bytes) -> bytes:
    start = content.index(b'<link rel="stylesheet" href="/static/oscar_engage/')
    return content[start : content.rindex(b"</body>")]


@pytest.mark.attack("C09")
def test_page__switched_on__differs_by_the_snippet_alone(product: Any) -> None:
    client = known_shopper("none")
    add_to_basket(client, product)
    for path in shop_pages(product):
        client.get(path)  # warms what Oscar keeps in the session
        ours = client.get(path)
        with override_settings(OSCAR_ENGAGE=OFF):
            bare = client.get(path)

        assert headers_of(ours) == headers_of(bare), path
        assert ours.cookies.keys() == bare.cookies.keys(), path
        assert ours.content.count(HELP) == 1, path
        stripped = ours.content.replace(snippet_in(ours.content), b"")
        assert without_tokens(stripped) == without_tokens(bare.content), path


@pytest.mark.attack("K01")
def test_page__for_two_visitors__carries_the_same_snippet(product: Any) -> None:
    one, other = known_shopper(), Client()
    add_to_basket(one, product)
    add_to_basket(other, product)

    for path in shop_pages(product):
        assert snippet_in(one.get(path).content) == snippet_in(other.get(path).content)


@pytest.mark.attack("C09")
def test_page__session_user_and_basket__are_not_read_for_us(rf: RequestFactory) -> None:
    request = rf.get("/catalogue/")
    request.COOKIES = {"consent": "personalisation", COOKIE_NAME: known_shopper().cookies[COOKIE_NAME].value}
    untouched = {name: SimpleLazyObject(lambda: pytest.fail("read")) for name in ("session", "user", "basket")}
    for name, value in untouched.items():
        setattr(request, name, value)

    def view(request: Any) -> HttpResponse:
        record(request, "checkout.started")
        return HttpResponse()

    with kept_connection():
        EngageMiddleware(view)(request).close()

    assert Visit.objects.get().state["signals"] == 3  # how the visit began, the page, the checkout
    assert all(value._wrapped is empty for value in untouched.values())


def queries_before_last_byte(client: Client, path: str) -> tuple[int, int]:
    """Return the queries until the body is out, and those after it until the server closed the response."""
    environ = client._base_environ(PATH_INFO=path.partition("?")[0], QUERY_STRING=path.partition("?")[2])
    environ["wsgi.input"] = BytesIO()
    with CaptureQueriesContext(connection) as queries, contextlib.ExitStack() as keep:
        keep.enter_context(kept_connection())
        response = WSGIHandler()(environ, lambda status, headers: None)
        b"".join(response)
        before = len(queries)
        response.close()
        return before, len(queries) - before


@contextlib.contextmanager
def kept_connection() -> Iterator[None]:
    """Keep Django from closing the test's connection at the end of a request, as its own test client does."""
    from django.core.signals import request_finished, request_started  # noqa: PLC0415
    from django.db import close_old_connections, reset_queries  # noqa: PLC0415

    request_started.disconnect(reset_queries)
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    try:
        yield
    finally:
        request_started.connect(reset_queries)
        request_started.connect(close_old_connections)
        request_finished.connect(close_old_connections)


def test_page__any_visitor__costs_no_query_before_the_last_byte(product: Any) -> None:
    client = known_shopper()
    add_to_basket(client, product)
    for path in [*shop_pages(product), reverse("search:search") + "?q=boots"]:
        client.get(path)
        ours, after = queries_before_last_byte(client, path)
        with override_settings(OSCAR_ENGAGE=OFF):
            bare, none = queries_before_last_byte(client, path)

        assert (ours, none) == (bare, 0), path
        assert after <= 12, path


def test_page__visitor_without_our_cookie__costs_no_query_at_all(product: Any) -> None:
    for path in shop_pages(product):
        assert queries_before_last_byte(Client(), path)[1] == 0, path


@pytest.mark.attack("I03")
@pytest.mark.parametrize("path", ["/checkout/payment-details/", "/checkout/preview/"])
def test_payment_page__carries_no_script_of_ours(rf: RequestFactory, path: str, product: Any) -> None:
    content = rendered(rf.get(path), "<html><body></body></html>", resolve_as=path)

    assert HELP in content
    assert b"<script" not in content
    assert b"engage-root" not in content


def test_page__header_bodies_and_dashboard__stay_as_they_are(client: Client) -> None:
    for path in ("/dashboard/", "/admin/login/", "/de/dashboard/"):
        assert SCRIPT not in client.get(path, follow=True).content


def rendered(request: Any, template: str, *, resolve_as: str = "/catalogue/", **response_kwargs: Any) -> bytes:
    """Return what the middleware makes of a page made from ``template``."""
    from django.urls import resolve  # noqa: PLC0415

    request.resolver_match = resolve(resolve_as)

    def view(request: Any) -> TemplateResponse:
        response = TemplateResponse(request, engines["django"].from_string(template), {}, **response_kwargs)
        response = middleware.process_template_response(request, response)
        return response.render()

    middleware = EngageMiddleware(view)
    return bytes(middleware(request).content)


HTML = "<html><body>ä</body><!-- </body> --></html>"


def test_snippet__stands_before_the_last_end_of_body(rf: RequestFactory) -> None:
    content = rendered(rf.get("/catalogue/"), HTML)

    before, _, after = content.rpartition(b"</body>")
    assert before.endswith(b"</nav>")
    assert after == b" --></html>"


def test_snippet__page_in_another_charset__is_encoded_like_the_page(rf: RequestFactory) -> None:
    content = rendered(rf.get("/catalogue/"), HTML, content_type="text/html; charset=utf-16")

    assert content.decode("utf-16", errors="replace").startswith("<html>")


@pytest.mark.parametrize(
    ("request_kwargs", "response_kwargs"),
    [
        ({"headers": {"HX-Request": "true"}}, {}),
        ({}, {"content_type": "application/xhtml+xml"}),
        ({}, {"content_type": "text/plain"}),
        ({}, {"content_type": "application/json"}),
        ({}, {"headers": {"Content-Encoding": "br"}}),
    ],
)
def test_snippet__odd_response__passes_untouched(
    rf: RequestFactory, request_kwargs: dict[str, Any], response_kwargs: dict[str, Any]
) -> None:
    assert rendered(rf.get("/catalogue/", **request_kwargs), HTML, **response_kwargs) == HTML.encode()


def test_snippet__head_request__passes_untouched(rf: RequestFactory) -> None:
    assert rendered(rf.head("/catalogue/"), HTML) == HTML.encode()


def test_snippet__fragment_without_body__passes_untouched(rf: RequestFactory) -> None:
    assert rendered(rf.get("/catalogue/"), "<li>one</li>") == b"<li>one</li>"


def test_snippet__written_by_the_shops_own_tag__is_not_added_again(rf: RequestFactory) -> None:
    content = rendered(rf.get("/catalogue/"), "{% load engage_tags %}<html><body>{% engage_widgets %}<p></p></body></html>")

    assert content.count(HELP) == 1
    assert content.endswith(b"<p></p></body></html>")


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse("<li>one</li>"),
        HttpResponse("<li>one</body></li>"),
        HttpResponse("<html><body></body></html>", status=500),
        HttpResponse("<html><body></body></html>", headers={"ETag": '"1"'}),
        HttpResponse("<html><body></body></html>", headers={"Content-Encoding": "br"}),
        HttpResponse("<html><body></body></html>", headers={"Content-Disposition": "attachment"}),
        HttpResponse("<html><body></body></html>", content_type="text/plain"),
        HttpResponse(status=304),
        JsonResponse({"html": "</body>"}),
        StreamingHttpResponse([b"<html><body></body></html>"]),
    ],
)
def test_middleware__response_that_is_no_plain_page__passes_untouched(rf: RequestFactory, response: Any) -> None:
    headers, content = dict(response.items()), getattr(response, "content", None)

    passed = EngageMiddleware(lambda request: response)(rf.get("/catalogue/"))

    assert passed is response
    assert dict(passed.items()) == headers
    assert getattr(passed, "content", None) == content


def test_middleware__page_that_is_no_template_response__carries_the_snippet_once(rf: RequestFactory) -> None:
    page = "\n\n <!DOCTYPE html><html><body>ä</body></html>"
    response = HttpResponse(page, headers={"Content-Length": str(len(page.encode())), "X-Shop": "yes"})
    headers = dict(response.items())

    twice = EngageMiddleware(EngageMiddleware(lambda request: response))(rf.get("/catalogue/"))

    assert twice.content.count(HELP) == twice.content.count(SCRIPT) == 1
    assert dict(twice.items()) == {**headers, "Content-Length": str(len(twice.content))}


def test_flatpage_and_unknown_address__carry_the_snippet(client: Client) -> None:
    from django.contrib.flatpages.models import FlatPage  # noqa: PLC0415

    about = FlatPage.objects.create(url="/about/", title="About us", content="Boots.", template_name="oscar/layout.html")
    about.sites.set([1])

    for path, status in (("/about/", 200), ("/nowhere/", 404)):
        response = client.get(path)
        assert (response.status_code, response.content.count(HELP)) == (status, 1), path


def test_own_page__has_no_help_link_beside_itself(client: Client) -> None:
    assert HELP not in client.get(reverse("engage:help")).content


@pytest.mark.attack("I03")
@pytest.mark.parametrize("path", ["/checkout/payment-details/", "/checkout/preview/"])
def test_payment_page__rendered_plainly__carries_no_script_of_ours(rf: RequestFactory, path: str) -> None:
    from django.urls import resolve  # noqa: PLC0415

    request = rf.get(path)
    request.resolver_match = resolve(path)

    content = EngageMiddleware(lambda request: HttpResponse("<html><body></body></html>"))(request).content

    assert HELP in content
    assert b"<script" not in content


def test_middleware__view_raises__leaves_no_request_behind(rf: RequestFactory) -> None:
    def view(request: Any) -> HttpResponse:
        assert get_buffer() is not None
        raise LookupError

    with pytest.raises(LookupError):
        EngageMiddleware(view)(rf.get("/catalogue/"))

    assert get_buffer() is None


def test_middleware__excluded_path__is_not_sensed(rf: RequestFactory) -> None:
    kept: list[Any] = []

    def view(request: Any) -> HttpResponse:
        record(request, "checkout.started")
        record(Subject(customer_id=7), "checkout.started")
        buffer = get_buffer()
        assert buffer is not None
        kept.extend(entry.about for entry in buffer.entries)
        return HttpResponse("<html><body></body></html>")

    response = EngageMiddleware(view)(rf.get("/dashboard/orders/"))

    assert kept == [Subject(customer_id=7)]
    assert HELP not in response.content


def test_middleware__switched_off_at_run_time__adds_and_senses_nothing(product: Any, settings: Any) -> None:
    settings.OSCAR_ENGAGE = OFF

    response = shopper().get(product.get_absolute_url())

    assert HELP not in response.content


@pytest.mark.parametrize("wrong", [{"NO_SUCH_SETTING": 1}, {"RETENTION_DAYS": "ninety"}, ["CONSENT"], None])
def test_middleware__unusable_settings__leave_the_shop_alone(product: Any, settings: Any, wrong: object) -> None:
    settings.OSCAR_ENGAGE = wrong

    assert Client().get(product.get_absolute_url()).status_code == 200


def test_poll__of_an_unknown_chat__is_served_before_all_other_middleware(client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        response = client.get(reverse("engage:chat-events", args=["nobody"]))

    assert response.status_code == 404
    assert not [query for query in queries if "oscar_engage_" not in query["sql"]]
    assert response["Cache-Control"] == "private, no-store"
