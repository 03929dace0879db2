"""Is what we tell the shop about cookies and scripts what a real page carries and a real answer sets?"""

import base64
import hashlib
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.staticfiles import finders
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from oscar_engage.conf import get_settings
from oscar_engage.storefront.inventory import (
    BOARD,
    CONVERSATIONS,
    DASHBOARD,
    DESK,
    DESK_WITH_PUSH,
    DRAFTS,
    EDITORS,
    HTMX_PATH,
    HTMX_TRIAL,
    PICKING,
    RECORDING,
    SHARED,
    TALKING,
    WITH_A_PICKED_PLACE,
    WITH_A_VOICE,
    WITH_A_YES,
    WITH_ANSWERS,
    WITH_PUSH,
    list_scripts,
    list_stored,
)
from oscar_engage.storefront.more import list_more
from oscar_engage.storefront.sharing_page import COOKIE_NAME as LIVE
from oscar_engage.visitors.token import COOKIE_NAME
from tests.architecture.source import PACKAGE, ROOT
from tests.storefront.beats import body, send, shopper, signal
from tests.storefront.journeys import walk_to_preview
from tests.storefront.shopping import ask, text_of

pytestmark = pytest.mark.django_db
OURS = re.compile(r'(?:(?:src|href|data-engage-\w+)="|&quot;)/static/((?:oscar_engage|django_htmx)/[^"?&]+)')
OF_STAFF = (DASHBOARD, EDITORS, CONVERSATIONS, DESK, BOARD)
SELDOM = (
    *(WITH_A_PICKED_PLACE, WITH_ANSWERS),
    *(WITH_PUSH, DESK_WITH_PUSH, PICKING, DRAFTS),
    *(WITH_A_YES, RECORDING, SHARED),
    *(WITH_A_VOICE, TALKING),
)
STAFF = "oscar_engage/dashboard/"
FRONTEND = ROOT / "frontend" / "src"


def call(name: str, *args: str) -> str:
    out = io.StringIO()
    call_command(name, *args, stdout=out)
    return out.getvalue()


def paths(*, payment: bool = False, dashboard: bool = False) -> set[str]:
    """Return the files that the inventory names for such a page; those of push and previews stand in no usual page."""
    return {
        script.path
        for script in list_scripts()
        if script.pages not in SELDOM
        and (
            script.on_payment_pages
            if payment
            else (script.pages in (DASHBOARD, EDITORS, CONVERSATIONS, DESK, BOARD)) == dashboard
        )
    }


def carried(response: Any) -> set[str]:
    return set(OURS.findall(text_of(response)))


def flags(morsel: Any) -> set[str]:
    named = {"HttpOnly": morsel["httponly"], "Secure": morsel["secure"], f"SameSite={morsel['samesite']}": morsel["samesite"]}
    return {name for name, is_set in named.items() if is_set}


def test_scripts__each_page_of_a_journey__carries_what_the_list_says(product: Any) -> None:
    client = Client()
    walk_to_preview(client, product)
    pages = [reverse("catalogue:index"), product.get_absolute_url(), reverse("basket:summary"), "/engage/note/new/"]
    for address in pages:
        assert carried(client.get(address)) == paths() | {path for _selector, path in list_more()}, address


def test_scripts__pages_on_which_one_pays__carry_the_stylesheet_alone(product: Any) -> None:
    client = Client()
    walk_to_preview(client, product)
    opened = [client.get(reverse(view)) for view in get_settings().payment_views]
    assert 200 in [response.status_code for response in opened]
    for response in opened:
        assert carried(response) == (paths(payment=True) if response.status_code == 200 else set())
    assert all(script.kind == "style" for script in list_scripts() if script.on_payment_pages)


def test_scripts__dashboard__carries_what_the_list_says(client: Client) -> None:
    client.force_login(
        get_user_model().objects.create_superuser("root", "root@example.com", "x"),
        backend="oscar.apps.customer.auth_backends.EmailBackend",
    )
    pages = [client.get(f"/dashboard/engage/{page}/") for page in ("health", "rules/new", "segments/new", "desk", "board")]
    found = [carried(page) - {"django_htmx/htmx-2.min.js"} for page in pages]
    every, script = {f"{STAFF}dashboard.css"}, {f"{STAFF}dashboard.js"}
    editor, board = {"oscar_engage/dist/rules.js"}, {f"{STAFF}board.js", f"{STAFF}board.css"}
    desk = {f"{STAFF}console.js"}
    assert found == [every | script, every | editor, every | editor, every | script | desk, every | script | board]
    in_answers = {f"{STAFF}canned.js"}  # tests/dashboard/test_canned.py
    assert paths(dashboard=True) == every | script | editor | desk | board | in_answers


def test_scripts__everything_we_ship__is_listed() -> None:
    static = PACKAGE / "static"
    shipped = {str(path.relative_to(static)) for path in static.rglob("*") if path.suffix in {".js", ".css"}}
    assert shipped == {script.path for script in list_scripts() if script.path.startswith("oscar_engage/")}


@pytest.mark.attack("I03")
def test_scripts__hash_and_size__are_those_of_the_file() -> None:
    content = (PACKAGE / "static" / "oscar_engage" / "dist" / "engage.js").read_bytes()
    (engage,) = (script for script in list_scripts() if script.path.endswith("/engage.js"))

    assert engage.size == len(content)
    assert engage.integrity == f"sha384-{base64.b64encode(hashlib.sha384(content).digest()).decode()}"


def test_scripts__collected_by_the_shop__are_hashed_as_they_are_served(tmp_path: Path, settings: Any) -> None:
    settings.STATIC_ROOT = str(tmp_path)
    served = tmp_path / "oscar_engage" / "dist" / "engage.js"
    served.parent.mkdir(parents=True)
    served.write_bytes(b"minified once more")

    assert next(script.size for script in list_scripts() if script.path.endswith("/engage.js")) == 18


def test_scripts__file_missing__says_what_to_do(settings: Any) -> None:
    settings.INSTALLED_APPS = [app for app in settings.INSTALLED_APPS if app != "django_htmx"]
    from django.contrib.staticfiles.finders import get_finder  # noqa: PLC0415 - kept between tests otherwise

    get_finder.cache_clear()
    with pytest.raises(CommandError, match=r"django_htmx/htmx-2\.min\.js is not among the static files"):
        call("engage_scripts")
    get_finder.cache_clear()


def test_scripts__as_text_and_as_json__say_the_same() -> None:
    text, listed = call("engage_scripts"), json.loads(call("engage_scripts", "--json"))

    assert all(script["path"] in text and script["integrity"] in text for script in listed)
    assert "On payment pages (checkout:payment-details, checkout:preview) there is no script of ours" in text


def test_cookies__set_by_a_beat_and_by_our_forms__are_those_of_the_list() -> None:
    asking = shopper("none")
    form = asking.get("/engage/note/new/")
    ask(asking)
    answers = [send(shopper(), body(signal())), form]
    answers.append(Client().get("/engage/chat/new/"))
    ask(asking, "chat")
    found = {name: morsel for answer in answers for name, morsel in answer.cookies.items()}
    found["engage_chat"] = asking.cookies["engage_chat"]
    listed = {one.name: one for one in list_stored() if one.kind == "cookie" and one.name != LIVE}  # test_sharing.py

    assert set(found) - {"oscar_open_basket"} == set(listed)
    for name, one in listed.items():
        assert (found[name]["max-age"] or None) == one.seconds
        assert flags(found[name]) | {"Secure (on HTTPS)"} == {*one.flags, "Secure (on HTTPS)"}
    assert COOKIE_NAME in asking.cookies


def test_cookies__the_shops_own_settings__are_respected(settings: Any) -> None:
    settings.CSRF_COOKIE_HTTPONLY, settings.CSRF_COOKIE_SECURE, settings.CSRF_COOKIE_SAMESITE = True, True, None
    assert [one.flags for one in list_stored() if one.name == "csrftoken"] == [("HttpOnly", "Secure")]
    settings.CSRF_USE_SESSIONS = True
    assert "csrftoken" not in {one.name for one in list_stored()}


def test_cookies__our_scripts__keep_nothing_but_what_is_listed() -> None:
    source = "".join(path.read_text() for path in sorted(FRONTEND.glob("*.js")))
    names = set(re.findall(r'(?:session|local)Storage\.\w+\("([^"]+)"', source))
    names |= set(re.findall(r'const (?:SMALL|DRAFT|UNSENT|KEPT) = "([^"]+)"', source))
    using = {path.name for path in FRONTEND.glob("*.js") if re.search("(?:session|local)Storage", path.read_text())}

    assert names == {one.name for one in list_stored() if one.kind.endswith(" storage")} - {HTMX_PATH, HTMX_TRIAL}
    assert using == {"chat.js", "keep.js", "outbox.js", "live.js"}
    assert not re.search(r"document\.cookie|indexedDB|caches\.open", source)


def test_storage__htmx_that_our_panels_load__is_listed_but_for_the_history_that_is_off() -> None:
    source = Path(finders.find("django_htmx/htmx-2.min.js") or "").read_text()
    named = set(re.findall(r'sessionStorage\.setItem\("([^"]+)"', source)) | set(
        re.findall(r'"(htmx:sessionStorage\w+)"', source)
    )

    assert named - {"htmx-history-cache"} == {HTMX_PATH, HTMX_TRIAL}
    assert {HTMX_PATH, HTMX_TRIAL} <= {one.name for one in list_stored()}
    assert "historyEnabled: false" in (FRONTEND / "dialog.js").read_text()


def test_cookies__our_modules__set_none_elsewhere() -> None:
    setting = {str(path.relative_to(PACKAGE)) for path in PACKAGE.rglob("*.py") if "set_cookie(" in path.read_text()}
    assert setting == {"visitors/token.py", "storefront/open_chat.py", "storefront/sharing_page.py"}


def test_cookies__as_text_and_as_json__say_the_same() -> None:
    text, listed = call("engage_cookies"), json.loads(call("engage_cookies", "--json"))

    assert all(one["name"] in text and one["purpose"] in text for one in listed)
    assert all(words in text for words in ("390 days", "HttpOnly, SameSite=Lax", "until the tab is closed"))
