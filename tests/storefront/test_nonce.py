"""Do our scripts run under a strict content security policy, whoever sends it, and does nobody else's by our doing?"""

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
import pytest
from csp.constants import NONCE, SELF, STRICT_DYNAMIC
from django.http import HttpRequest, HttpResponse
from django.test import Client

import oscar_engage
from oscar_engage.storefront.nonce import Policy, read_policy, settle
from tests.dashboard.conftest import client_of  # noqa: F401 - a fixture
from tests.storefront.shopping import text_of

ENGAGE = "oscar_engage.storefront.middleware.EngageMiddleware"
STRICT = {"default-src": [SELF], "script-src": [NONCE, STRICT_DYNAMIC]}
HEADER = "Content-Security-Policy"
OURS = re.compile(r"<script(?P<nonce> nonce=\"[^\"]*\")? defer src=\"[^\"]*engage\.js\"")

pytestmark = pytest.mark.django_db


def policy_of(response: Any) -> str:
    said: str = response[HEADER]
    return said


def nonce_in(response: Any) -> str:
    found = re.search(r"'nonce-([^']+)'", policy_of(response))
    assert found, policy_of(response)
    return found[1]


def stand(settings: Any, *middleware: str) -> None:
    """Have ``middleware`` stand right below ours."""
    settings.MIDDLEWARE = [ENGAGE, *middleware, *(name for name in settings.MIDDLEWARE if name != ENGAGE)]


@pytest.fixture
def strict(settings: Any) -> Any:
    """django-csp with a nonce and ``'strict-dynamic'``."""
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": STRICT}
    stand(settings, "csp.middleware.CSPMiddleware")
    return settings


@pytest.mark.attack("K09")
def test_k09__strict_policy_of_django_csp__our_script_has_the_nonce_that_the_policy_names(strict: Any, product: Any) -> None:
    first, second = (Client().get(product.get_absolute_url()) for _ in range(2))

    assert nonce_in(first) != nonce_in(second)
    for page in (first, second):
        assert f'<script nonce="{nonce_in(page)}" defer src=' in text_of(page)


@pytest.mark.attack("K09")
@pytest.mark.parametrize("below", [(), ("django.middleware.gzip.GZipMiddleware",)], ids=["plain", "compressed"])
def test_k09__policy_outside_of_us__our_script_has_its_nonce(settings: Any, product: Any, below: tuple[str, ...]) -> None:
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": STRICT}
    stand(settings, *below)
    settings.MIDDLEWARE = ["csp.middleware.CSPMiddleware", *settings.MIDDLEWARE]

    page = Client().get(product.get_absolute_url())

    assert page.status_code == 200
    assert f'<script nonce="{nonce_in(page)}" defer src=' in text_of(page)


@pytest.mark.attack("K09")
def test_k09__page_compressed_inside_the_policy__has_the_nonce_all_the_same(settings: Any, product: Any) -> None:
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": STRICT}
    stand(settings, "django.middleware.gzip.GZipMiddleware", "csp.middleware.CSPMiddleware")

    page = Client(headers={"Accept-Encoding": "gzip"}).get(product.get_absolute_url())

    assert page["Content-Encoding"] == "gzip"
    assert f'<script nonce="{nonce_in(page)}" defer src=' in gzip.decompress(page.content).decode()


@pytest.mark.attack("K09")
@pytest.mark.parametrize("page", ["template", "plain"])
def test_k09__page_out_of_a_cache__is_settled_with_the_nonce_of_this_answer(strict: Any, page: str) -> None:
    strict.ROOT_URLCONF = "tests.attacks.urls_cached"
    strict.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": f"nonce-{page}"}}

    first, second = (Client().get(f"/cached/{page}/") for _ in range(2))

    assert nonce_in(first) != nonce_in(second)
    for answer in (first, second):
        assert f'<script nonce="{nonce_in(answer)}" defer src=' in text_of(answer)
        assert text_of(answer).count("<script") == 1


@pytest.mark.attack("K09")
def test_k09__page_that_has_a_tag_of_a_stranger__is_left_with_it_as_it_is() -> None:
    ours = b'<script defer src="/static/engage.js" data-engage-page="x"></script>'
    evil = b'<script src="//evil.example/x.js" defer src="/static/engage.js" data-engage-page="x"></script>'
    other = b'<script defer src="//evil.example/engage.js" data-engage-page="x"></script>'

    assert settle(evil + other, [ours], Policy(nonce="abc")) == evil + other
    assert settle(other + ours, [ours], Policy(nonce="abc")) == other + ours.replace(b"<script", b'<script nonce="abc"')


@pytest.mark.attack("K09")
def test_k09__page_for_which_nobody_made_a_nonce__comes_with_the_link_and_without_the_script(strict: Any) -> None:
    page = Client().get("/nowhere/at/all/")

    assert page.status_code == 404
    assert "nonce" not in policy_of(page)
    assert 'id="engage-help"' in text_of(page)
    assert not OURS.search(text_of(page))


@pytest.mark.attack("K09")
def test_k09__policy_without_nonce__leaves_equal_pages_equal(settings: Any, product: Any) -> None:
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"default-src": [SELF]}}
    stand(settings, "csp.middleware.CSPMiddleware")

    first, second = (Client().get(product.get_absolute_url()) for _ in range(2))

    assert first[HEADER] == "default-src 'self'"
    assert 'nonce="' not in text_of(first)
    assert OURS.search(text_of(first))
    assert OURS.findall(text_of(first)) == OURS.findall(text_of(second))


@pytest.mark.attack("K09")
@pytest.mark.parametrize("is_tagged", [True, False], ids=["etag", "no etag"])
def test_k09__page_out_of_the_cache_of_the_whole_shop__has_no_script_of_ours_with_an_old_nonce(
    settings: Any, is_tagged: bool
) -> None:
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": STRICT}
    settings.ROOT_URLCONF = "tests.attacks.urls_cached"
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": f"nonce-{is_tagged}"}
    }
    tags = ["django.middleware.http.ConditionalGetMiddleware"] if is_tagged else []
    stand(settings, "csp.middleware.CSPMiddleware", *tags, "django.middleware.cache.UpdateCacheMiddleware")
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.middleware.cache.FetchFromCacheMiddleware"]

    made, kept = (Client().get("/plain/") for _ in range(2))

    assert made.has_header("ETag") is is_tagged
    assert not kept.has_header("ETag")
    # The view was not asked, so nobody made a nonce in time, and the browser would refuse every script.
    assert "nonce" not in policy_of(kept)
    assert nonce_in(made) in text_of(made)
    assert "<script" not in text_of(kept)
    assert 'id="engage-help"' in text_of(kept)


@pytest.mark.attack("K09")
@pytest.mark.skipif(django.VERSION < (6, 0), reason="Django's own policy came with Django 6; tox runs this")
def test_k09__strict_policy_of_django_6__our_script_has_the_nonce_that_the_policy_names(settings: Any, product: Any) -> None:
    from django.utils.csp import CSP  # noqa: PLC0415 - not there before Django 6  # type: ignore[import-not-found,unused-ignore]  # Django 6

    settings.SECURE_CSP = {"default-src": [CSP.SELF], "script-src": [CSP.NONCE, CSP.STRICT_DYNAMIC]}
    stand(settings, "django.middleware.csp.ContentSecurityPolicyMiddleware")

    page = Client().get(product.get_absolute_url())

    assert f'<script nonce="{nonce_in(page)}" defer src=' in text_of(page)


class LazyNonce:
    """What Django 6 puts at ``request._csp_nonce``: made when it is first read."""

    made = ""

    def __str__(self) -> str:
        self.made = "made-up-nonce"
        return self.made

    def __bool__(self) -> bool:
        return bool(self.made)


def policy_like_django_6(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Behave as ``ContentSecurityPolicyMiddleware`` of Django 6.0 does: only a nonce that was read is in the policy."""

    def answer(request: HttpRequest) -> HttpResponse:
        nonce = request._csp_nonce = LazyNonce()  # type: ignore[attr-defined]  # Django 6's
        response = get_response(request)
        source = f"'nonce-{nonce}' " if nonce else ""
        response[HEADER] = f"default-src 'self'; script-src {source}'strict-dynamic'"
        return response

    return answer


@pytest.mark.attack("K09")
def test_k09__nonce_where_django_6_keeps_it__is_read_in_time(settings: Any, product: Any) -> None:
    settings.SECURE_CSP = {"script-src": ["<CSP_NONCE_SENTINEL>", "'strict-dynamic'"]}
    stand(settings, f"{__name__}.policy_like_django_6")

    page = Client().get(product.get_absolute_url())

    assert nonce_in(page) == "made-up-nonce"
    assert '<script nonce="made-up-nonce" defer src=' in text_of(page)


@pytest.mark.attack("K09")
@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("", Policy()),
        ("default-src 'self'", Policy()),
        ("default-src 'self'; script-src 'nonce-a1+/=' 'strict-dynamic'", Policy("a1+/=")),
        ("script-src 'strict-dynamic'", Policy(is_closed=True)),
        ("default-src 'none'", Policy(is_closed=True)),
        ("default-src 'none'; script-src 'self'", Policy()),
        ("SCRIPT-SRC 'nonce-b'; script-src-elem 'nonce-c'", Policy("c")),
        ("style-src 'nonce-d'", Policy()),
        ("script-src 'nonce-e', script-src 'strict-dynamic'", Policy("e", is_closed=True)),
    ],
)
def test_read_policy__header__says_which_nonce_and_whether_scripts_are_shut_out(policy: str, expected: Policy) -> None:
    assert read_policy(HttpResponse(headers={HEADER: policy} if policy else {})) == expected


@pytest.mark.attack("K09")
def test_k09__dashboard__every_script_of_ours_has_the_nonce(
    strict: Any,
    client_of: Callable[[str], Client],  # noqa: F811 - the fixture
) -> None:
    page = client_of("supervisor").get("/dashboard/engage/desk/")

    ours = re.findall(r'<script[^>]*src="[^"]*(?:oscar_engage|django_htmx)/[^>]*>', text_of(page))
    assert len(ours) >= 3
    assert [tag for tag in ours if f' nonce="{nonce_in(page)}"' not in tag] == []


INLINE = re.compile(r"""<script(?![^>]*\bsrc=)|<style|\sstyle=["']|\son[a-z]+=["']|javascript:|hx-on""", re.IGNORECASE)


@pytest.mark.attack("K09")
def test_k09__our_templates__have_no_inline_script_style_or_handler_and_no_script_without_a_nonce() -> None:
    root = Path(oscar_engage.__file__).parent
    found = {
        f"{path.relative_to(root)}: {hit[0]}"
        for path in root.rglob("templates/**/*.html")
        for hit in INLINE.finditer(path.read_text())
    }
    bare = {str(path) for path in root.rglob("templates/**/*.html") if "<script src" in path.read_text()}

    assert found == set()
    assert bare == set()


@pytest.mark.attack("K09")
@pytest.mark.parametrize(
    ("address", "status"),
    [("/nowhere/", 404), ("/missing/", 404), ("/refused/", 403), ("/posted/", 403), ("/broken/", 500)],
    ids=["404 of no view", "404 of a view", "403", "403 without a token", "500"],
)
def test_k09__error_pages__have_no_script_of_ours_that_the_browser_would_refuse(strict: Any, address: str, status: int) -> None:
    strict.ROOT_URLCONF = "tests.storefront.urls_errors"
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)

    page = client.post(address) if address == "/posted/" else client.get(address)

    assert page.status_code == status
    found = [one["nonce"] for one in OURS.finditer(text_of(page))]
    assert found in ([], [f' nonce="{nonce_in(page)}"'] if "nonce-" in policy_of(page) else [])


@pytest.mark.parametrize("address", ["/nowhere/", "/missing/", "/refused/", "/broken/"])
def test_error_pages__with_ours_taken_out_again__are_the_shops_own(settings: Any, address: str) -> None:
    settings.ROOT_URLCONF = "tests.storefront.urls_errors"
    ours = Client(raise_request_exception=False).get(address)
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != ENGAGE]
    plain = Client(raise_request_exception=False).get(address)
    assert ours.status_code == plain.status_code
    assert "engage" not in text_of(plain)
    # What we add stands at the end of the page and nowhere else.
    assert _without_ours(text_of(ours)) == _without_ours(text_of(plain))


def _without_ours(text: str) -> str:
    text = re.sub(r"<(script|link)[^>]*oscar_engage[^>]*>(</script>)?", "", text)
    text = re.sub(r'<div id="engage-root"[^>]*></div>|<nav class="engage-help-place".*?</nav>', "", text, flags=re.DOTALL)
    text = re.sub(r'<meta name="created"[^>]*>|csrfmiddlewaretoken" value="[^"]*"', "", text)
    return re.sub(r"\s+", " ", text)
