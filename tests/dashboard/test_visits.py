"""Does staff see what engage sees: every running visit, and of one of them all there is, at a constant price?"""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oscar_engage.audit.models import AuditEntry
from oscar_engage.dashboard.visits.values import say_value
from oscar_engage.decisions.models import Decision
from oscar_engage.rules.engine.values import Value
from oscar_engage.rules.life.publish import publish, save_draft
from oscar_engage.rules.live import forget_live_rules
from oscar_engage.rules.models import Rule
from oscar_engage.rules.types import Integer
from oscar_engage.rules.variables import VARIABLES, Variable
from oscar_engage.signals.kinds import KINDS
from oscar_engage.signals.models import SignalRecord
from oscar_engage.visitors.models import Visit, Visitor
from oscar_engage.visitors.state import BasketState, PageSeen, Struggles, to_ms
from oscar_engage.visitors.token import COOKIE_NAME, write_visitor_cookie
from tests.dashboard.conftest import DOCUMENT, ENGAGEMENTS, NOW, start_visit
from tests.storefront.shopping import text_of

pytestmark = pytest.mark.django_db
LIST = "/dashboard/engage/visits/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    forget_live_rules()
    return client_of("supervisor")


def page_of(visit: Visit) -> str:
    return reverse("engage_dashboard:engage-visit", args=[visit.pk])


def hear(visit: Visit, kind: str, source: str = "server", **payload: Any) -> SignalRecord:
    now = timezone.now()
    return SignalRecord.objects.create(
        event_id=uuid.uuid4(),
        visitor_id=visit.visitor_id,
        visit_id=visit.pk,
        kind=kind,
        source=source,
        payload=payload,
        at=now,
        received_at=now,
    )


def idle_in_checkout(**more: Any) -> Visit:
    at = timezone.now() - timedelta(seconds=60)
    return start_visit(pages_seen=(PageSeen(to_ms(at), "checkout"),), **more)


# The list


@pytest.mark.parametrize("count", [1, 3])
def test_list__any_number_of_visits__takes_the_same_queries(
    count: int, client: Client, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for number in range(count):
        start_visit(pages_seen=(PageSeen(1, "product", number + 1),))
    client.get(LIST)
    # session, user, permissions (2), savepoints (2), notifications, how many, visits, products
    with django_assert_num_queries(10):
        page = text_of(client.get(LIST, headers=HTMX))
    assert page.count("/dashboard/engage/visits/") == count + 1  # and the address that it polls


def test_list__ended_visits_and_members_of_staff__are_left_out(client: Client) -> None:
    start_visit(is_staff=True)
    Visitor.objects.filter(pk=start_visit().visitor_id).update(is_automaton=True)
    ended = start_visit()
    Visit.objects.filter(pk=ended.pk).update(last_at=timezone.now() - timedelta(minutes=31))
    page = text_of(client.get(LIST))
    assert "Nobody is in the shop now" in page
    assert "private window" in page
    assert "Watch this browser" not in page


def with_basket(total: float) -> Visit:
    return start_visit(basket=BasketState(total=total, currency="GBP", lines=1))


def test_list__visits__stand_by_what_is_at_stake(client: Client) -> None:
    small, large, none, middle = with_basket(9), with_basket(1000), start_visit(), with_basket(100.5)
    page = text_of(client.get(LIST))
    places = [page.index(visit.pk.hex[:6]) for visit in (large, middle, small, none)]
    assert places == sorted(places)
    assert "4 visits at" in page
    assert "no model yet" in page


def test_list__stage__is_filtered_and_kept_by_the_poll(client: Client) -> None:
    paying = start_visit(reached={"payment": 1})
    Visit.objects.filter(pk=paying.pk).update(stage="payment")
    other = start_visit()
    page = text_of(client.get(LIST, {"stage": "payment"}))
    assert paying.pk.hex[:6] in page
    assert other.pk.hex[:6] not in page
    assert "page=1&amp;stage=payment" in page
    assert "No visit is like that now" in text_of(client.get(LIST, {"stage": "checkout"}))
    assert other.pk.hex[:6] in text_of(client.get(LIST, {"stage": "gone"}))


@pytest.mark.parametrize(
    "state",
    [{"struggles": Struggles(rage_clicks=2)}, {"payment_failures": 1}, {"zero_result_searches": 1}],
    ids=["clicks in anger", "payment refused", "nothing found"],
)
def test_list__struggling__shows_only_those(state: dict[str, Any], client: Client) -> None:
    visit, calm = start_visit(**state), start_visit(struggles=Struggles(deepest_scroll=50))
    page = text_of(client.get(LIST, {"struggling": "on"}))
    assert visit.pk.hex[:6] in page
    assert "struggles" in page
    assert calm.pk.hex[:6] not in page


def test_list__more_than_a_page__is_turned(client: Client) -> None:
    visits = [with_basket(number + 1) for number in range(52)]
    first, second = text_of(client.get(LIST)), text_of(client.get(LIST, {"page": "2", "live": "off"}))
    assert "Page 1 of 2" in first
    assert visits[0].pk.hex[:6] not in first
    assert visits[0].pk.hex[:6] in second
    assert "page=1&amp;live=off" in second


def test_list__by_time__stand_with_the_latest_first_and_say_where_they_are(client: Client) -> None:
    earlier, later = start_visit(), with_basket(42.5)
    Visit.objects.filter(pk=earlier.pk).update(last_at=timezone.now() - timedelta(minutes=1))
    page = text_of(client.get(LIST, {"by": "time"}))
    assert page.index(later.pk.hex[:6]) < page.index(earlier.pk.hex[:6])
    assert "42.50 GBP" in page
    assert str(later.visitor_id) not in page


def test_list__own_browser__is_one_link_away(client: Client) -> None:
    visit = start_visit(is_staff=True)
    response = HttpResponse()
    write_visitor_cookie(response, visit.visitor.key, secure=False)
    client.cookies[COOKIE_NAME] = response.cookies[COOKIE_NAME].value
    page = text_of(client.get(LIST))
    assert "Watch this browser" in page
    assert page_of(visit) in page
    Visit.objects.all().delete()
    assert "Watch this browser" not in text_of(client.get(LIST))


# One visit


@pytest.mark.parametrize("count", [1, 3])
def test_visit__however_much_happened__takes_the_same_queries(
    count: int, client: Client, rule: Rule, django_assert_num_queries: Callable[[int], Any], settings: Any
) -> None:
    settings.OSCAR_ENGAGE = {"COSTLY_BUDGET_MS": 60_000}  # on a busy machine fewer would be asked
    for number in range(count - 1):
        other = Rule.objects.create(name=f"Rule {number}")
        save_draft(other, DOCUMENT, user=None, now=NOW, engagements=ENGAGEMENTS)
        publish(other, user=None, now=NOW, engagements=ENGAGEMENTS)
    visit = idle_in_checkout()
    for number in range(count):
        hear(visit, "product.viewed", product_id=number + 1)
        hear(visit, "page.viewed", "browser", page="category", category_id=number + 1)
        Decision.objects.create(
            visitor_id=visit.visitor_id,
            visit=visit,
            version_id=rule.published_id,
            branch=0,
            action="show.balloon",
            arm="treated",
            reason="offered",
            eligible_at=timezone.now(),
        )
    client.get(page_of(visit))
    forget_live_rules()
    # session, user, permissions (2), savepoints (2), notifications, visit, trail, log, product, category, kinds, rules,
    # their names, decisions, free agents, questions asked before and the survey answered last (each in a savepoint of its
    # own), and what a model said
    with django_assert_num_queries(29):
        page = text_of(client.get(page_of(visit), headers=HTMX))
    assert page.count("data-engage-signal=") == 2 * count


def test_visit__signals__stand_with_their_source_words_and_data(client: Client) -> None:
    visit = start_visit(reached={"basket": 1}, basket=BasketState(total=10, currency="GBP", lines=2, quantity=3))
    hear(visit, "search.made", query="<b>boots</b>", results=0)
    hear(visit, "page.left", "browser", page="home", visible=12)
    hear(visit, "visit.abandoning", "derived", stage="basket", because="idle")
    hear(visit, "quiz.finished", score=7)
    page = text_of(client.get(page_of(visit)))
    for words in (
        "Searched for “&lt;b&gt;boots&lt;/b&gt;” and found nothing",
        "Left the home page (12 seconds)",
        "because idle",
        "derived",
        "quiz.finished",
        "score 7",
        "10.00 GBP",
        "lines: 2, pieces: 3",
        "has a basket",
        "personalisation",
    ):
        assert words in page, words
    assert "<b>boots" not in page


def test_visit__more_than_fifty_signals__shows_the_last(client: Client) -> None:
    visit = start_visit()
    for number in range(52):
        hear(visit, "search.made", query=f"word{number}", results=1)
    page = text_of(client.get(page_of(visit)))
    assert page.count("data-engage-signal=") == 50
    assert "word51" in page
    assert "word0”" not in page
    assert "52 times, last at" in page


def test_checklist__every_registered_kind__stands_there_seen_or_not(client: Client) -> None:
    visit = start_visit()
    hear(visit, "login.failed")
    hear(visit, "gone.kind")
    page = text_of(client.get(page_of(visit)))
    for name in KINDS.names():
        count = 1 if name == "login.failed" else 0
        assert f'data-engage-kind="{name}" data-engage-count="{count}"' in page
    assert "not registered any more" in page
    assert f"2 of {len(KINDS) + 1} seen" in page


def test_rules__one_that_holds__says_why_and_what_comes_next(client: Client, rule: Rule) -> None:
    visit = idle_in_checkout()
    Visit.objects.update(state={**visit.state, "last_at": (timezone.now() - timedelta(seconds=60)).isoformat()})
    page = text_of(client.get(page_of(visit)))
    assert "engage-stands-holds" in page
    assert "found: checkout" in page
    assert "will be decided with the next beat" in page
    held = rule.published_id * 32 + 1
    for holding, words in (((held,), "decided already"), ((-held,), "waits: what keeps it back may pass")):
        Visit.objects.update(state={**Visit.objects.get().state, "holding": holding})
        assert words in text_of(client.get(page_of(visit)))


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [("page.kind", "home", "fails"), ("visit.last_search", "boots", "unknown")],
)
def test_rules__one_that_does_not_hold__is_told_from_one_unknown(
    field: str, value: str, expected: str, client: Client, rule: Rule
) -> None:
    when = {"combinator": "and", "rules": [{"field": field, "operator": "=", "value": value}]}
    document = {**DOCUMENT, "branches": [{**DOCUMENT["branches"][0], "when": when}]}
    save_draft(rule, document, user=None, now=NOW, engagements=ENGAGEMENTS)
    publish(rule, user=None, now=NOW, engagements=ENGAGEMENTS)
    forget_live_rules()
    page = text_of(client.get(page_of(idle_in_checkout())))
    assert f"engage-stands-{expected}" in page
    assert "engage-stands-holds" not in page


def test_rules__out_of_scope__do_not_hold(client: Client, rule: Rule) -> None:
    scope = {
        "combinator": "and",
        "rules": [
            {"field": "page.kind", "operator": "=", "value": "checkout"},
            {"field": "visit.pages", "operator": ">", "value": 99},
        ],
    }
    save_draft(rule, {**DOCUMENT, "scope": scope}, user=None, now=NOW, engagements=ENGAGEMENTS)
    publish(rule, user=None, now=NOW, engagements=ENGAGEMENTS)
    forget_live_rules()
    assert "engage-stands-fails" in text_of(client.get(page_of(idle_in_checkout())))


def test_visit__below_statistics__says_that_nothing_is_logged_and_no_sales_rule_is_judged(client: Client, rule: Rule) -> None:
    page = text_of(client.get(page_of(idle_in_checkout(consent=1))))
    assert "the shopper did not agree to statistics" in page
    assert "engage-stands-unjudged" in page
    assert "functional" in page


def test_visit__of_staff__can_be_watched_and_says_that_it_does_not_count(client: Client) -> None:
    assert "nothing it does is counted" in text_of(client.get(page_of(start_visit(is_staff=True))))


def test_visit__over_or_erased__is_not_shown_any_more(client: Client) -> None:
    visit = start_visit()
    hear(visit, "search.made", query="secret", results=1)
    Visit.objects.filter(pk=visit.pk).update(last_at=timezone.now() - timedelta(minutes=31))
    for _way in ("over", "erased"):
        full, fragment = client.get(page_of(visit)), client.get(page_of(visit), headers=HTMX)
        assert (full.status_code, fragment.status_code) == (404, 286)  # 286: htmx stops asking
        assert "This visit is over" in text_of(full)
        assert "<html" not in text_of(fragment)
        assert "secret" not in text_of(full) + text_of(fragment)
        Visit.objects.all().delete()
    assert not AuditEntry.objects.exists()


def test_visit__looked_at_often__stands_in_the_trail_once_for_each_visit_and_person(
    client: Client, client_of: Callable[[str], Client]
) -> None:
    one, other = start_visit(), start_visit()
    for visit in (one, other):
        for headers in ({}, HTMX, HTMX):
            client.get(page_of(visit), headers=headers)
    assert AuditEntry.objects.filter(action="visit.viewed").count() == 2
    client_of("superuser").get(page_of(one), headers=HTMX)  # the fragment alone is a look as well
    entries = AuditEntry.objects.filter(action="visit.viewed")
    assert entries.filter(object_id=one.pk.hex[:6]).count() == 2
    assert all(one.pk.hex != entry.object_id for entry in entries)


def test_visit__asked_not_to_refresh__stands_still(client: Client) -> None:
    visit = start_visit()
    for path in (page_of(visit), LIST):
        assert 'hx-trigger="every 2s"' in text_of(client.get(path))
        still = text_of(client.get(f"{path}?live=off"))
        assert 'hx-trigger="every 2s"' not in still
        assert "Refresh by itself" in still


@pytest.mark.parametrize("value", ["no number", 3.5, frozenset({"a"})])
def test_values__shops_own_variable_of_a_wrong_type__does_not_take_the_page_down(
    value: Value, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = Variable(name="shop.wrong", type=Integer(), label="wrong", group="Shop", reading=lambda _moment: value)
    monkeypatch.setitem(VARIABLES._entries, "shop.wrong", wrong)
    page = client.get(page_of(start_visit()))
    assert page.status_code == 200
    assert "shop.wrong" in text_of(page)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [("page.idle_seconds", 7.631099, "7.63"), ("page.idle_seconds", 812.77, "813"), ("basket.lines", 3, "3")],
)
def test_values__measured__are_written_to_the_hundredth_and_large_ones_whole(name: str, value: Value, words: str) -> None:
    assert say_value(VARIABLES.get(name), value).split()[0] == words


def test_values__unknown__are_told_from_nothing(client: Client) -> None:
    visit = start_visit(consent=2, payment_failures=2)
    page = text_of(client.get(page_of(visit)))
    assert "not known" in page
    assert "payment_failures" in page


def test_say_value__set_that_cannot_be_sorted__is_shown_as_it_is() -> None:
    assert "red" in say_value(VARIABLES.get("checkout.error_fields"), frozenset({"red", 1}))  # type: ignore[arg-type]  # careless


def test_page__kinds_of_signals__are_told_in_the_readers_language(client: Client) -> None:
    visit = start_visit()
    hear(visit, "payment.failed")
    german = text_of(client.get(page_of(visit), headers={"Accept-Language": "de"}))
    listed = german.split('data-engage-kind="payment.failed"')[1].split("</li>")[0]
    assert "Fehlgeschlagene Zahlungen" in listed


def test_page__what_is_long__is_folded_and_stays_as_it_was_left(client: Client) -> None:
    visit = start_visit()
    for _number in range(12):
        hear(visit, "page.viewed")
    page = text_of(client.get(page_of(visit)))
    for name in ("engage-earlier", "engage-kinds", "engage-values", "engage-memory"):
        tag = page.split(f'id="{name}"')[1].split(">")[0]
        assert "data-engage-stays" in tag  # the script opens it again after a refresh
        assert " open" not in tag
    shown, earlier = page.split('id="engage-earlier"')[:2]
    assert shown.count("data-engage-signal") == 10
    assert earlier.split("</details>")[0].count("data-engage-signal") == 2
    assert "2 before" in earlier
