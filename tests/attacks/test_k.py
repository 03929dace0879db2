"""Caches, and browsers without scripts: everybody gets the same page, and the shop works without us."""

from pathlib import PurePath
from typing import Any

import pytest
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.cache import cache
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from oscar_engage.models import Assignment, Conversation, Decision, Rule, RuleVersion, SignalRecord, Visit, Visitor
from oscar_engage.storefront.snippet import SCRIPTS
from oscar_engage.visitors.page import PageFacts
from tests.analytics.lift.figures import figures as lift_of
from tests.attacks.addresses import all_addresses
from tests.attacks.conftest import Scene
from tests.attacks.readers import Reader
from tests.storefront.beats import body, known_shopper, send, shopper, signal
from tests.storefront.journeys import walk_to_order
from tests.storefront.shopping import Form, ask, submit, text_of
from tests.storefront.test_isolation import OFF

LOCAL = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "attacks-k"}}


@pytest.mark.attack("K01")
@pytest.mark.django_db
@pytest.mark.parametrize("page", ["template", "plain"])
def test_k01__view_that_is_cached__is_one_page_for_all_with_our_tags(page: str, settings: Any) -> None:
    settings.ROOT_URLCONF, settings.CACHES = "tests.attacks.urls_cached", LOCAL
    cache.clear()
    ann, bob = known_shopper(), known_shopper()
    ask(ann, name="Ann")

    answers = [client.get(f"/cached/{page}/") for client in (ann, bob, Client(), ann)]

    assert len({answer.content for answer in answers}) == 1
    assert answers[0].content.count(b"data-engage-beat") == 1
    assert not [answer for answer in answers if answer.cookies]


FOR_ALL = {"engage:field-help"}
"""Answers that are the same for everybody, and say so to caches; see tests/storefront/test_field_help.py."""


@pytest.mark.attack("K02")
@pytest.mark.django_db
def test_k02__every_answer_of_ours__is_private_and_kept_by_nobody(scene: Scene) -> None:
    people = [(scene.client_of(role), True) for role in ("anonymous", "staff", "superuser")]
    for client, is_staff in [*people, (scene.shopper, False), (Client(), False)]:
        for address in all_addresses(scene):
            if address.is_dashboard == is_staff and address.name not in FOR_ALL:
                answers = (client.get(address.url), client.post(address.url), client.head(address.url))
                for answer in (answer for answer in answers if answer.status_code not in (403, 404)):  # Django's own, and empty
                    said = answer.get("Cache-Control", "").split(", ")
                    assert {"private", "no-store"} <= set(said), (address, answer.status_code)


@pytest.mark.attack("K02")
@pytest.mark.django_db
def test_k02__page_and_panel_of_one_address__are_told_apart_by_caches(scene: Scene) -> None:
    for address in all_addresses(scene):
        answer = scene.shopper.get(address.url)
        has_panel = not address.is_dashboard and address.name not in {*FRAGMENTS, *FOR_ALL}
        if has_panel and answer.status_code == 200:
            assert {"HX-Request", "X-Engage-Fragment", "Cookie"} <= set(answer["Vary"].split(", ")), address


FRAGMENTS = {
    *("engage:chat-events", "engage:attachment", "engage:suggest"),
    *("engage:live", "engage:live-new", "engage:voice", "engage:voice-new"),
}
"""What is never a page, whoever asks."""


class Hashed(StaticFilesStorage):
    """Names each file with a hash, as ``ManifestStaticFilesStorage`` does."""

    def url(self, name: str | None) -> str:
        path = PurePath(str(name))
        return f"/static/{path.with_stem(path.stem + '.0123456789ab')}"


@pytest.mark.attack("K02")
@pytest.mark.django_db
def test_k02__all_files_of_ours__have_hashed_names_where_the_shop_hashes(settings: Any, product: Any) -> None:
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "tests.attacks.test_k.Hashed"}}

    html = text_of(Client().get(product.get_absolute_url()))

    for path in (*SCRIPTS.values(), "oscar_engage/dist/engage.css"):
        name = PurePath(path)
        assert f"/static/{name.with_stem(name.stem + '.0123456789ab')}" in html
        assert path not in html


CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) {}/126.0 Safari/537.36"
ROBOTS = (
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 (compatible; Baiduspider/2.0)",
    "Mozilla/5.0 (compatible; YandexBot/3.0)",
    "Mozilla/5.0 (compatible; Yahoo! Slurp)",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0)",
    "DuckDuckBot/1.1",
    "GPTBot/1.2",
    "ClaudeBot/1.0",
    "CCBot/2.0",
    "Bytespider",
    "PetalBot",
    "meta-externalagent-crawler/1.1",
    "facebookexternalhit/1.1",
    "Twitterbot/1.0",
    "LinkedInBot/1.0",
    "Slackbot-LinkExpanding 1.0",
    "TelegramBot (like TwitterBot)",
    "WhatsApp/2.23",
    "SkypeUriPreview Preview/0.5",
    "Discordbot/2.0",
    "UptimeRobot/2.0 (monitor)",
    "Pingdom.com_bot_version_1.4",
    "Chrome-Lighthouse",
    "curl/8.5.0",
    "Wget/1.21",
    "python-requests/2.32",
    "Go-http-client/2.0",
    "okhttp/4.12",
    CHROME.format("HeadlessChrome"),
)
AHEAD = ({"Sec-Purpose": "prefetch"}, {"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}, {"X-Moz": "prefetch"})
PEOPLE = (CHROME.format("Chrome"), "Mozilla/5.0 (Linux; Android 9; CUBOT X19) Chrome/126.0 Mobile", "")


def counted() -> tuple[int, ...]:
    models = (Visitor, Visit, SignalRecord, Decision, Assignment)
    return tuple(model.objects.count() for model in models)


@pytest.mark.attack("K03")
@pytest.mark.django_db
@pytest.mark.parametrize("is_known", [False, True], ids=["without our cookie", "with our cookie"])
def test_k03__crawler_probe_or_prefetch__leaves_no_trace(is_known: bool, product: Any) -> None:
    client = known_shopper() if is_known else shopper()
    before = counted()

    for headers in (*({"User-Agent": agent} for agent in ROBOTS), *AHEAD):
        page = client.get(product.get_absolute_url(), headers=headers)
        client.get("/basket/", headers=headers)
        beaten = send(client, body(signal()), **{"Sec-Fetch-Site": "same-origin", **headers})

        assert (page.status_code, beaten.status_code, beaten.cookies) == (200, 204, {})
        assert counted() == before, headers
    client.post(f"/basket/add/{product.pk}/", {"quantity": 1}, headers=headers)
    assert counted() == before
    client.get(product.get_absolute_url())
    send(client, body(signal()))
    assert counted() > before


@pytest.mark.attack("K03")
@pytest.mark.django_db
@pytest.mark.parametrize("agent", PEOPLE)
def test_k03__browser_of_a_person__is_taken_for_one(agent: str) -> None:
    send(shopper(), body(signal()), **{"User-Agent": agent})

    assert Visitor.objects.exists()


@pytest.mark.attack("K03")
@pytest.mark.django_db
def test_k03__browser_that_tests_drive__counts_where_the_shop_says_so(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "DRIVEN_BROWSERS": True}

    send(shopper(), body(signal()), **{"User-Agent": CHROME.format("HeadlessChrome")})

    assert Visitor.objects.exists()


@pytest.mark.attack("K03")
@pytest.mark.django_db
def test_k03__browser_that_is_driven_by_its_own_word__leaves_no_trace(settings: Any, product: Any) -> None:
    client, before = shopper(), counted()
    answer = send(client, body(signal(), driven=True))
    assert (answer.status_code, answer.cookies, counted()) == (204, {}, before)

    known = known_shopper()
    send(known, body(signal(), driven=True))
    assert Visitor.objects.get().is_automaton
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "DRIVEN_BROWSERS": True}
    send(shopper(), body(signal(), driven=True))
    assert Visitor.objects.filter(is_automaton=False).count() == 1


@pytest.mark.attack("K04")
@pytest.mark.django_db
def test_k04__program_that_poses_as_a_browser__is_left_out_once_it_did_more_than_a_person_can(
    settings: Any, rule: Rule, product: Any
) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "SIGNALS_PER_VISIT": 150, "SHOP_HOLDOUT": 0}
    client, now = known_shopper(), timezone.now()
    visitor = Visitor.objects.get()
    version = RuleVersion.objects.create(rule=rule, number=99, document={})
    moment = {
        "branch": 0,
        "action": "show.balloon",
        "arm": "treated",
        "reason": "offered",
        "eligible_at": now,
        "offered_at": now,
    }
    offer = Decision.objects.create(visitor_id=visitor.pk, visit=Visit.objects.get(), version=version, **moment)
    Assignment.objects.create(visitor_id=visitor.pk, rule=rule, arm="treated", probability=0.9, drawn_at=now)

    def figures() -> Any:
        return lift_of(rule, now)

    def flood() -> None:
        send(client, body(*(signal("page.exit_intent") for _number in range(100))))

    flood()
    assert (figures().treated.units, figures().automata) == (1, 0)
    for _beat in range(4):
        flood()
    before = counted()
    seen = signal("widget.seen", data={"decision": offer.pk.hex})
    answer = send(client, body(signal(), seen, page=PageFacts(kind="checkout", step="index")))
    client.get(product.get_absolute_url())

    assert (answer.status_code, answer.content) == (204, b"")
    assert counted() == before
    assert Decision.objects.get(pk=offer.pk).seen_at is None
    assert SignalRecord.objects.filter(kind="page.exit_intent").count() == 200
    assert (figures().treated.units, figures().automata) == (0, 1)


@pytest.mark.attack("K04")
@pytest.mark.django_db
def test_k04__who_was_taken_for_a_program__still_gets_the_answer_to_a_question(reader: Reader) -> None:
    client = known_shopper()
    Visitor.objects.update(is_automaton=True)
    reader.reply(ask(client), "Yes, we do.")

    answer = send(client, body(signal()))

    assert b"engage-" in answer.content
    assert "Yes, we do." in text_of(client.get(f"/engage/note/{Conversation.objects.get().public_id}/"))


@pytest.mark.attack("K06")
@pytest.mark.django_db
def test_k06__cookies_are_off__asking_says_what_is_missing_and_leaves_nothing_behind() -> None:
    client = Client(enforce_csrf_checks=True)
    form = Form(text_of(client.get("/engage/chat/new/")))
    client.cookies.clear()

    answer = client.post(form.action, {**form.fields, "message": "Do you ship to Malta?"})

    assert answer.status_code == 403
    assert "cookie" in text_of(answer).lower()
    assert not Visitor.objects.exists()
    assert not Conversation.objects.exists()


@pytest.mark.attack("K05")
@pytest.mark.django_db(transaction=True)
def test_k05__no_scripts__the_shop_sells_and_a_question_is_asked_by_plain_pages(product: Any) -> None:
    with override_settings(OSCAR_ENGAGE=OFF):
        expected = walk_to_order(Client(), product)
    client = Client()

    assert walk_to_order(client, product) == expected

    help_page = text_of(client.get(product.get_absolute_url()))
    assert 'href="/engage/help/"' in help_page
    assert "<noscript" not in help_page.partition("engage.css")[2]
    assert 'href="/engage/note/new/"' in text_of(client.get("/engage/help/"))
    receipt = submit(client, client.get("/engage/note/new/"), question="Do you ship to Malta?")
    assert Conversation.objects.get().reference in text_of(client.get(receipt["Location"]))
    assert not SignalRecord.objects.exists()
