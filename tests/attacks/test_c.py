"""Requests across sites, cookies, sessions: nothing acts without a token, looking changes nothing, no cookie is shared."""

import ast
import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from oscar_engage.desk.link import _SALT as ANSWER_SALT
from oscar_engage.jobs.run import run_due
from oscar_engage.models import Conversation, Job
from oscar_engage.signals.counters import snapshot
from oscar_engage.signals.kinds import KINDS
from oscar_engage.storefront.open_chat import COOKIE_NAME as CHAT_COOKIE_NAME
from oscar_engage.visitors.token import COOKIE_NAME
from tests.architecture.source import calls, modules, relative, tree
from tests.attacks.addresses import all_addresses
from tests.attacks.conftest import Scene
from tests.attacks.readers import Reader
from tests.attacks.storage import changes, dump
from tests.storefront.beats import body, known_shopper, send, shopper, signal
from tests.storefront.shopping import ask, text_of
from tests.storefront.test_middleware import shop_pages

pytestmark = pytest.mark.django_db

WITHOUT_A_TOKEN = {
    "engage:beat": {204, 405},  # which commands nothing (C04)
    "engage:voice-talk": {403, 405},  # as the next
    "engage:live-talk": {403, 405},  # asks for a header instead, which no form can set
    "engage:outside-desk": {404, 405},  # the outside desk's own signature is what counts; without one set up there is nothing
    "engage:unsubscribe": {404, 405},  # a mailbox provider's click (RFC 8058): the signature in its address is what counts
}

FOREIGN = {"Origin": "https://evil.example", "Referer": "https://evil.example/", "Sec-Fetch-Site": "cross-site"}


@pytest.mark.attack("C01")
@pytest.mark.parametrize("token", [{}, {"csrfmiddlewaretoken": ""}, {"csrfmiddlewaretoken": "x" * 64}])
def test_c01__every_action__needs_a_token(token: dict[str, str], scene: Scene) -> None:
    staff = scene.client_of("superuser")
    before = dump()
    for address in all_addresses(scene):
        client = staff if address.is_dashboard else scene.shopper
        client.handler.enforce_csrf_checks = True
        for method in ("post", "put", "patch", "delete"):
            answer = getattr(client, method)(address.url, token if method == "post" else b"", headers=FOREIGN)
            expected = WITHOUT_A_TOKEN.get(address.name, {403})
            assert answer.status_code in expected, (address, method)

    assert changes(before, dump()) == {}


@pytest.mark.attack("C01")
def test_c01__shop_without_the_middleware__our_forms_still_need_a_token(settings: Any, scene: Scene) -> None:
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "csrf" not in name]
    client = Client(enforce_csrf_checks=True)
    for name in ("note", "chat", f"chat/{scene.chat.public_id}/messages", f"chat/{scene.chat.public_id}/close"):
        client.cookies[COOKIE_NAME] = scene.shopper.cookies[COOKIE_NAME].value
        assert client.post(f"/engage/{name}/", {"question": "x", "message": "x", "body": "x"}).status_code == 403, name


READING = {
    "oscar_engage.Conversation",  # its marks of what was read
    "oscar_engage.Agent",  # the desk makes the agent of whoever opens it first
    "oscar_engage.Look",  # that a colleague has it open
    "oscar_engage.AuditEntry",  # who looked at a conversation
    *("oscar_engage.SignalRecord", "oscar_engage.Visit"),  # that a shopper who agreed to it looked at the help
}
"""What looking may write."""


@pytest.mark.one_database("asks every address in every role: what they answer is a matter of views")
@pytest.mark.attack("C02")
@pytest.mark.parametrize("role", ["anonymous", "staff", "agent", "superuser", "the shopper"])
def test_c02__get_and_head__change_nothing_but_marks_of_reading(role: str, scene: Scene) -> None:
    client = scene.shopper if role == "the shopper" else scene.client_of(role)
    apps = ("oscar_engage", "auth", "order", "catalogue")
    before, seen = dump(*apps), seen_of_conversations()
    for address in all_addresses(scene):
        for query in ("", "?status=closed&presence=online&body=x&publish=1&edit=x&fragment=1&after=0"):
            client.head(address.url + query)
            client.get(address.url + query)

    assert changes(before, dump(*apps), allowed=READING) == {}
    assert seen_of_conversations() == seen
    assert not Job.objects.exclude(pk=scene.job.pk).exists()


def seen_of_conversations() -> list[tuple[Any, ...]]:
    read = {"shopper_read_seq", "agent_read_seq"}
    columns = [field.attname for field in Conversation._meta.concrete_fields if field.name not in read]
    return list(Conversation.objects.order_by("pk").values_list(*columns))


COMMANDS = ("chat.open", "chat.message", "note.open", "mail.send", "visitor.email", "consent.set", "conversation.close")


@pytest.mark.attack("C04")
def test_c04__report_that_commands__is_dropped_and_counted(mailoutbox: list[EmailMessage]) -> None:
    client = known_shopper()
    server_only = [kind.name for kind in KINDS if not kind.from_browser]
    before, refused = dump(), snapshot()
    data = {"body": "Hello", "email": "a@example.com", "order_id": 1, "product_id": 1, "query": "x", "results": 1, "total": 9}
    for kind in (*COMMANDS, *server_only):
        answer = send(client, body(signal(kind, data=data), email="a@example.com", message="Hello", consent=3))
        assert (answer.status_code, answer.content) == (204, b"")

    assert changes(before, dump()) == {}
    assert mailoutbox == []
    counted = {name: count - refused.get(name, 0) for name, count in snapshot().items()}
    assert counted["rejected:unknown_kind"] == len(COMMANDS)
    assert counted["rejected:server_only"] == len(server_only)


@pytest.mark.attack("C06")
@pytest.mark.parametrize(
    "token",
    [
        "x",
        "0" * 32,
        "0" * 32 + ":forged",
        "x" * 10_000,
        signing.Signer(salt="oscar_engage.page").sign("0" * 32),
        signing.Signer(key="other", salt="oscar_engage.visitor").sign("0" * 32),
        signing.dumps("0" * 32, salt=ANSWER_SALT),
        "\x01:\x02",
        "\xff:\xfe",
    ],
    ids=["short", "unsigned", "forged", "long", "other salt", "other key", "dated", "control", "not ascii"],  # two hold a date
)
def test_c06__forged_cookie__is_no_cookie_at_any_address(token: str, scene: Scene) -> None:
    client = Client()
    for address in all_addresses(scene):
        if not address.is_dashboard:
            client.cookies[COOKIE_NAME] = token
            answers = [client.get(address.url), client.post(address.url, {"question": "x", "message": "x"})]
            for answer in answers:
                assert answer.status_code < 500
                assert "Malta" not in text_of(answer)
                assert COOKIE_NAME not in answer.cookies or "no-store" in answer["Cache-Control"]


CACHING = {
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "attacks"}},
    "CACHE_MIDDLEWARE_SECONDS": 600,
}
CACHED = ("django.middleware.cache.UpdateCacheMiddleware", "django.middleware.cache.FetchFromCacheMiddleware")


@pytest.fixture
def page_cache(settings: Any) -> Any:
    """Cache whole pages, outside us as a proxy does."""
    settings.CACHES, settings.CACHE_MIDDLEWARE_SECONDS = CACHING["CACHES"], 600
    update, fetch = CACHED
    settings.MIDDLEWARE = [update, *settings.MIDDLEWARE, fetch]
    cache.clear()
    yield cache
    cache.clear()


@pytest.mark.attack("C07", "K01")
def test_c07__page_in_a_cache__is_the_same_for_all_and_gives_nobody_a_cookie(page_cache: Any, product: Any) -> None:
    ann, bob, new = known_shopper(), known_shopper(), Client()
    ask(ann, name="Ann")
    pages = [client.get(product.get_absolute_url()) for client in (ann, bob, new, Client())]

    assert not [name for page in pages for name in page.cookies if name == COOKIE_NAME]
    assert len({re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", page.content) for page in pages}) == 1
    assert not [page for page in pages if b"Ann" in page.content]


@pytest.mark.attack("C07")
def test_c07__page_that_can_be_cached__stays_so_and_is_served_from_there(page_cache: Any, settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.attacks.urls_cached"
    answers = [client.get("/plain/") for client in (known_shopper(), known_shopper(), Client())]

    assert len({answer.content for answer in answers}) == 1
    assert b"data-engage-beat" in answers[0].content
    assert not [answer for answer in answers if answer.cookies]


@pytest.mark.attack("C07", "K02")
def test_c07__our_own_answers__are_in_no_cache(page_cache: Any, scene: Scene) -> None:
    Conversation.objects.update(name="Ann")
    for address in all_addresses(scene):
        if not address.is_dashboard:
            scene.shopper.get(address.url)
            assert "Ann" not in text_of(Client().get(address.url)), address


@pytest.mark.attack("C08")
def test_c08__every_cookie_of_ours__is_the_one_with_its_flags() -> None:
    answers = []
    for secure in (False, True):
        fresh = shopper()
        answers += [
            (secure, fresh.post("/engage/beat/", body(signal()), content_type="text/plain", secure=secure)),
            (secure, Client().post("/engage/note/", {"question": "Hello?"}, secure=secure)),
            (secure, Client().post("/engage/chat/", {"message": "Hello?"}, secure=secure)),
        ]
    for secure, answer in answers:
        chat = answer.cookies.pop(CHAT_COOKIE_NAME, None)
        if chat is not None:
            assert (chat["httponly"], chat["samesite"], bool(chat["secure"]), chat["domain"]) == (True, "Lax", secure, "")
            assert chat["max-age"] == ""  # until the browser is closed
        assert set(answer.cookies) == {COOKIE_NAME}
        morsel = answer.cookies[COOKIE_NAME]
        assert (morsel["httponly"], morsel["samesite"], bool(morsel["secure"]), morsel["domain"]) == (True, "Lax", secure, "")
        assert 0 < morsel["max-age"] <= 396 * 24 * 3600
        assert len(morsel.OutputString()) <= 220
        assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.attack("C09")
def test_c09__public_page__makes_no_session_and_varies_as_without_us(product: Any) -> None:
    def visit(client: Client) -> list[tuple[str, str]]:
        return [(path, client.get(path).get("Vary", "")) for path in shop_pages(product)]

    with override_settings(OSCAR_ENGAGE={"CONSENT": "tests.consent.consent_from_cookie", "ENABLED": False}):
        expected, without = visit(Client()), Session.objects.count()
    Session.objects.all().delete()

    assert visit(shopper()) == expected
    assert Session.objects.count() == without


@pytest.mark.attack("C11")
@pytest.mark.parametrize(
    "forged", [{"host": "evil.example"}, {"x-forwarded-host": "evil.example", "x-forwarded-proto": "http"}]
)
@override_settings(USE_X_FORWARDED_HOST=True)
def test_c11__forged_host__is_in_no_mail(forged: dict[str, str], reader: Reader, mailoutbox: list[EmailMessage]) -> None:
    Client().post("/engage/note/", {"question": "Hello?", "email": "ann@example.com"}, headers=forged)
    reader.agent.defaults.update({f"HTTP_{name.upper().replace('-', '_')}": value for name, value in forged.items()})
    reader.reply(Conversation.objects.get(), "Yes.")
    run_due(now=timezone.now())

    [mail] = mailoutbox
    assert re.findall(r"https?://[^/]+", str(mail.body)) == ["https://example.com"]
    assert "evil" not in str(mail.message())


MADE_UP = ("simulation/world/", "learning/training/")
"""Shoppers who are none, from a seed; and drawing rows to learn from, in a process that knows no secret."""


@pytest.mark.attack("C12")
def test_c12__hashes_and_chance__are_strong_ones() -> None:
    weak = {"md5", "sha1", "crc32", "adler32", "hash", "uuid1", "uuid3", "random", "randint", "choice"}
    found = [
        f"{relative(path)}:{call.lineno} {name}"
        for path in modules()
        for name, call in calls(path)
        if name.rpartition(".")[2] in weak and not name.startswith("secrets.")
        if not relative(path).startswith(MADE_UP)
    ]
    assert found == []


@pytest.mark.attack("C12")
def test_c12__signers__have_a_salt_of_their_own() -> None:
    salts = []
    for path in modules():
        for name, call in calls(path):
            if name in {"signing.Signer", "signing.TimestampSigner", "signing.dumps", "signing.loads"}:
                given = {keyword.arg: keyword.value for keyword in call.keywords}
                assert "salt" in given, f"{relative(path)}:{call.lineno}"
                salts.append((relative(path), ast.unparse(given["salt"])))
    values = [constant(path, name) for path, name in sorted(set(salts))]

    assert len(values) == len(set(values)) == 14


def constant(module: str, name: str) -> str:
    """Return the text that ``name`` stands for in ``module``."""
    for path in modules():
        if relative(path) == module:
            for node in tree(path).body:
                if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
                    return str(ast.literal_eval(node.value))
    raise AssertionError(f"{module} has no {name}")


@pytest.mark.one_database("asks every address in every role: what they answer is a matter of views")
@pytest.mark.attack("C13")
def test_c13__pages__are_in_no_foreign_frame(settings: Any, scene: Scene) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.middleware.clickjacking.XFrameOptionsMiddleware"]
    staff = scene.client_of("superuser")
    for address in all_addresses(scene):
        client = staff if address.is_dashboard else scene.shopper
        client.handler._middleware_chain = None  # made before the setting was changed
        answer = client.get(address.url)
        if answer.content and "chat-events" not in address.name:  # list items for a script, with no button in them
            assert answer["X-Frame-Options"] == "DENY", address


@pytest.mark.one_database("asks every address in every role: what they answer is a matter of views")
@pytest.mark.attack("C14")
def test_c14__no_address__lets_another_origin_read(scene: Scene) -> None:
    staff = scene.client_of("superuser")
    asked = {**FOREIGN, "Access-Control-Request-Method": "POST"}
    for address in all_addresses(scene):
        client = staff if address.is_dashboard else scene.shopper
        for method in ("get", "post", "options"):
            answer = getattr(client, method)(address.url, headers=asked)
            assert not [name for name in answer.headers if name.lower().startswith("access-control")], address
