"""Do the examples of docs/extending.md run, in the order in which they stand there?"""

import re
import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.test import RequestFactory, override_settings
from django.utils import timezone

from docs.generate import FOLDER
from oscar_engage import hooks
from oscar_engage.conf import EngageSettings, get_settings
from oscar_engage.dashboard.engagements.forms import PlaceForm
from oscar_engage.decisions.models import Decision
from oscar_engage.decisions.ports import Availability
from oscar_engage.desk.acts.registry import ACTS, ActRefusedError
from oscar_engage.desk.carry.cards import CARDS, CardRefusedError, Sight, find_cards, read_card, show_cards
from oscar_engage.desk.carry.load import Shown
from oscar_engage.desk.mailbox.ports import AutomaticAnswer
from oscar_engage.desk.models import ConversationKind
from oscar_engage.desk.open import open_conversation
from oscar_engage.jobs.run import run_due
from oscar_engage.models import SignalRecord, Visitor
from oscar_engage.reminders.permission import READY_MADE
from oscar_engage.rules import recall, turns
from oscar_engage.rules.actions import ACTIONS, action_of
from oscar_engage.rules.engine.tree import Branch, Condition, Document
from oscar_engage.rules.engine.values import UNKNOWN, Money
from oscar_engage.rules.engine.wake import TICK
from oscar_engage.rules.grammar import parse_document
from oscar_engage.rules.kept.store import read_kept
from oscar_engage.rules.library import READY
from oscar_engage.rules.named import NAMES
from oscar_engage.rules.sentence import sentence
from oscar_engage.rules.turns import next_turn
from oscar_engage.rules.variables import VARIABLES, reading
from oscar_engage.signals import shipped_help
from oscar_engage.signals.buffer import bind, release
from oscar_engage.signals.ingest import check_signal
from oscar_engage.signals.kinds import KINDS
from oscar_engage.storefront.page_copy import may_copy
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.state import ProductSeen
from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.registry import WIDGETS
from oscar_engage.widgets.render import render_offer
from tests.rules.moments import condition, make_moment, make_state, rule_json
from tests.storefront.acting import begin_chat, make_agent, offer, say, state_of, words
from tests.storefront.beats import known_shopper
from tests.storefront.journeys import add_to_basket, stock_shop

BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
TEMPLATE = re.compile(r"^```html\n\{# (\S+) #\}\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def example() -> Any:
    """What the page's code defines; what it registers is forgotten afterwards."""
    recalled = dict(recall._FROM_THE_LOG)
    registries = (KINDS, VARIABLES, READY, NAMES, ACTS, CARDS, WIDGETS, ACTIONS)
    before = [dict(registry._entries) for registry in registries]
    names: dict[str, Any] = {"__name__": "docs.extending"}
    for block in BLOCK.findall((FOLDER / "extending.md").read_text()):
        exec(compile(block, "docs/extending.md", "exec"), names)  # noqa: S102 - our own documentation
    yield SimpleNamespace(**names)
    hooks.conversation_opened.disconnect(dispatch_uid="myshop-tell-the-team")
    hooks.promise_breached.disconnect(dispatch_uid="myshop-call-the-duty")
    for registry, entries in zip(registries, before, strict=True):
        registry._entries = entries
    del turns._TURNS["myshop.is_sale"]
    recall._FROM_THE_LOG.clear()
    recall._FROM_THE_LOG.update(recalled)


def test_widget_example__rule_shows_it__card_with_its_words_and_found_in_the_editor(example, settings):
    templates = dict(TEMPLATE.findall((FOLDER / "extending.md").read_text()))
    loaders = [("django.template.loaders.locmem.Loader", templates), "django.template.loaders.app_directories.Loader"]
    options = {**settings.TEMPLATES[0]["OPTIONS"], "loaders": loaders}
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "APP_DIRS": False, "OPTIONS": options}]
    engagement = Engagement(slug="fit", widget="fitting", title="<Unsure> of the size?", body="Come by.", button="Leave a note")

    html = render_offer(Decision(pk=uuid.uuid4()), engagement)

    assert 'data-engage-widget="fitting"' in html
    assert "&lt;Unsure&gt; of the size?" in html
    assert "/note/" in html
    assert action_of("fitting") == "myshop.offer_fitting"
    assert ("fitting", "Fitting in a branch") in PlaceForm().fields["widget"].choices


@pytest.mark.parametrize(("answer", "level"), [("all", ConsentLevel.PERSONALISATION), ("no", ConsentLevel.NONE)])
def test_consent_example__answer_in_the_cookie__gives_the_level(example, answer, level):
    assert example.consent_level(RequestFactory(headers={"cookie": f"consent={answer}"}).get("/")) is level


def test_signal_example__recorded_in_a_request__passes_its_own_check(example):
    buffer = bind(RequestFactory().get("/"))
    try:
        example.size_advice(buffer.request, 7)
    finally:
        release(buffer)
    (entry,) = buffer.kept()
    assert check_signal(entry.kind, entry.data, from_browser=False) == example.SizeAdviceOpened(product_id=7)


def test_turn_example__hour_before_the_sale__has_the_browser_come_back(example):
    before = make_moment(now=example.SALE[0] - timedelta(minutes=10))
    condition = Condition("myshop.is_sale", "=", True)

    assert next_turn([condition], before) == 600 + TICK
    assert VARIABLES.get("myshop.is_sale").read(before.later(601)) is True


@pytest.mark.django_db
def test_shop_example__customer__has_the_returns_of_the_other_program(example):
    assert (example.OurShop().customer(7).returns, example.OurShop().customer(8).returns) == (2, 0)


def test_country_example__header_of_the_network__is_the_country(example):
    assert example.country(RequestFactory(headers={"CF-IPCountry": "IE"}).get("/")) == "IE"


@pytest.mark.django_db(transaction=True)
def test_subject_example__recorded_outside_a_request__is_in_the_customers_log(example):
    now = timezone.now()
    visitor = Visitor.objects.create(customer_id=7, consent=ConsentLevel.STATISTICS, created_at=now, last_seen_at=now)

    example.change_tier(7, "gold")

    assert SignalRecord.objects.values_list("visitor_id", "kind", "payload").get() == (
        visitor.pk,
        "myshop.tier_changed",
        {"tier": "gold"},
    )


def test_jsonlogic_example__conditions__come_in_and_go_out(example):
    rule = SimpleNamespace(document=Document(None, (Branch(example.browsed_for_long, ()),)))
    assert example.conditions_for_the_newsletter(rule) == {
        "and": [
            {">": [{"var": "visit.pages"}, 9]},
            {"or": [{"!": [{"in": ["tent", {"var": "visit.last_search"}]}]}]},
        ]
    }
    assert example.values == {"visit": {"pages": 12, "last_search": "red boots"}}


def test_self_help_example__every_step__passes_its_own_check(example):
    buffer = bind(RequestFactory().get("/"))
    try:
        example.search_help(buffer.request, "size", ["sizes"])
        example.read_article(buffer.request, "sizes")
        example.rate_article(buffer.request, "sizes", False)
        example.open_contact_form(buffer.request)
        example.advise_size(buffer.request, False)
        example.advise_size(buffer.request, True)
    finally:
        release(buffer)
    found = [check_signal(entry.kind, entry.data, from_browser=False) for entry in buffer.kept()]
    assert found == [
        shipped_help.HelpSearched(query="size", results=1),
        shipped_help.HelpOpened(article="sizes"),
        shipped_help.HelpRated(article="sizes", helpful=False),
        shipped_help.ContactOpened(form="contact"),
        shipped_help.ToolStarted(tool="size-adviser"),
        shipped_help.ToolFinished(tool="size-adviser"),
    ]


def test_variable_example__products_seen__are_counted_once(example):
    ask = VARIABLES.get("myshop.different_products").read
    assert ask(SimpleNamespace(state=SimpleNamespace(products=(1, 2, 1)))) == 2
    assert ask(SimpleNamespace(state=SimpleNamespace(products=()))) is UNKNOWN


def test_parameters_example__asked_with_them__counts_and_is_said(example):
    raw = rule_json(condition("myshop.products_between", ">", 1, low=5))
    document = parse_document(raw)
    (asked,) = document.conditions()
    moment = make_moment(make_state(products_seen=tuple(ProductSeen(number, number) for number in (1, 5, 900))))
    assert reading(moment)(asked.field) == 2
    assert sentence(document).startswith("If products seen by number from 5 to 1000 is more than 1, ")


@pytest.mark.django_db
def test_crm_example__slow_and_personal__is_kept_by_a_worker_and_read_with_consent(example):
    now = timezone.now()
    visitor = Visitor.objects.create(customer_id=7, consent=3, created_at=now, last_seen_at=now)
    example.crm[7] = "1250.50"

    def read(consent):
        kept = read_kept(visitor.pk, is_customer=True, now=now)
        return reading(make_moment(now=now, consent=consent, kept=lambda: kept))("crm.lifetime_value")

    assert read(ConsentLevel.PERSONALISATION) is UNKNOWN
    run_due(now=now)
    assert read(ConsentLevel.PERSONALISATION) == Money(Decimal("1250.50"), "GBP")
    assert read(ConsentLevel.STATISTICS) is UNKNOWN


def test_recall_example__products_seen__are_read_of_recorded_visits(example):
    assert recall.is_recalled("myshop.different_products")


@pytest.mark.django_db(transaction=True)
def test_act_example__agreed__is_done_and_with_an_empty_basket_refused(example):
    agent, shopper, product = make_agent(), known_shopper(), stock_shop()
    chat = begin_chat(shopper, agent)
    example.opened.clear()  # the page's receiver of another example heard of it
    with pytest.raises(ActRefusedError, match="Which paper"):
        offer(chat, agent, "myshop.wrap", paper="blue")
    early, late = (offer(chat, agent, "myshop.wrap", paper="red") for _time in range(2))

    say(shopper, early)
    add_to_basket(shopper, product)
    say(shopper, late)

    assert words(chat)[2] == "Mia would like to have your basket wrapped in red paper."
    assert [state_of(early), state_of(late)[0]] == [("failed", "The basket is empty."), "done"]
    assert list(example.wrapped.values()) == ["red"]


def test_availability_example__office_hours__has_two_agents(example):
    desk: Availability = example.OutsideDesk()
    assert desk.free_agents(now=datetime(2026, 11, 23, 10, tzinfo=UTC)) == 2
    assert desk.free_agents(now=datetime(2026, 11, 23, 20, tzinfo=UTC)) == 0


def test_automatic_answer_example__question_it_knows__is_answered(example):
    port: AutomaticAnswer = example.AnswersFromTheBooklet()
    assert port.answer("Do you send to Malta?", subject="", language="en") == "We send to all of Europe."
    assert port.answer("It broke.", subject="", language="en") == ""


def test_dialer_example__three_at_once__keeps_two_places(example):
    dialer, now = example.OutsideDialer(), datetime(2026, 11, 23, 10, tzinfo=UTC)
    shoppers = [{"decision_id": uuid.uuid4(), "visitor_id": uuid.uuid4()} for _shopper in range(3)]
    assert [dialer.hold(**shopper, now=now) for shopper in shoppers] == [True, True, False]
    assert dialer.places(now=now) == 0


def test_hook_example__conversation_opened__is_heard(example):
    hooks.conversation_opened.send_robust(sender=None, conversation=SimpleNamespace(reference="K7Q2-9FMX"))
    assert example.opened == ["K7Q2-9FMX"]


def test_hook_example__promise_breached__is_heard(example):
    late = SimpleNamespace(reference="K7Q2-9FMX", due_at=datetime(2026, 11, 23, 10, 40, tzinfo=UTC))
    hooks.promise_breached.send_robust(sender=None, conversation=late, promise="answer")
    assert example.late == ["K7Q2-9FMX was to be answered by 10:40"]


def test_mail_settings__of_the_page__are_ones_we_take():
    block = BLOCK.findall((FOLDER / "abandoned-baskets.md").read_text())[0]
    names: dict[str, Any] = {}
    exec(compile(block, "docs/abandoned-baskets.md", "exec"), names)  # noqa: S102 - our own documentation

    taken = EngageSettings.from_mapping(names["OSCAR_ENGAGE"])

    assert (taken.abandoned_mail_minutes, taken.mail_permission) == (1200, READY_MADE)


def test_notes_settings__of_the_page__are_ones_we_take():
    names: dict[str, Any] = {}
    exec(compile(BLOCK.findall((FOLDER / "notes.md").read_text())[0], "docs/notes.md", "exec"), names)  # noqa: S102 - our own

    with override_settings(OSCAR_ENGAGE=names["OSCAR_ENGAGE"]):
        assert (may_copy("/catalogue/"), may_copy("/basket/"), may_copy("/accounts/")) == (True, False, False)
        assert get_settings().snapshot_retention_days == 14


def test_notes_example__table_with_a_name__is_written_with_its_thing():
    (block,) = re.findall(r"^```django\n(.*?)^```$", (FOLDER / "notes.md").read_text(), re.DOTALL | re.MULTILINE)

    assert 'data-engage-id="size-table" data-engage-object="product:5"' in Template(block).render(
        Context({"product": "product:5"})
    )


def test_mail_permission_example__says_the_language():
    block = BLOCK.findall((FOLDER / "abandoned-baskets.md").read_text())[1]
    names: dict[str, Any] = {}
    exec(compile(block, "docs/abandoned-baskets.md", "exec"), names)  # noqa: S102 - our own documentation

    assert names["may_mail"](SimpleNamespace(wants_basket_mails=True, language="de")) == "de"
    assert names["may_mail"](SimpleNamespace(wants_basket_mails=False, language="de")) is False


def test_ready_rule_example__started_from__is_a_rule(example):
    ready = READY.get("myshop-tent")
    assert ready.missing() == ()
    assert parse_document(ready.document(currency="GBP")).branches[0].then[0].engagement == "myshop-tent"


def test_names_example__store__is_said_by_name(example):
    assert example.StoreNumber().describe(7) == "“Leith”"
    assert NAMES.get("store").find("fort") == {8: "Fort William"}


@pytest.mark.django_db
def test_card_example__branch__is_found_sent_and_shown(example):
    assert ("branch:york", "York, Stonegate 7") in [choice for _kind, found in find_cards("york", Sight()) for choice in found]
    card = read_card("branch:york")
    example.BranchCard().check(card.key, None, Sight())
    with pytest.raises(CardRefusedError):
        example.BranchCard().check("leeds", None, Sight())

    shown = show_cards([card.as_json(), {"kind": "branch", "key": "leeds"}], Sight())

    assert shown["branch", "york"] == Shown(title="York, Stonegate 7", lines=("Mon-Sat 9:00-18:00",), path="/branches/york/")
    assert shown["branch", "leeds"].is_gone


@pytest.mark.django_db
def test_attach_example__two_files__one_of_which_is_refused(example):
    now = timezone.now()
    note = open_conversation(ConversationKind.NOTE, visitor_id=uuid.uuid4(), body="Hello?", now=now)
    message = note.messages.get()

    (attached,) = example.attach_all(message, [SimpleUploadedFile("a.txt", b"Hello")], now=now)

    assert attached.message == message
    assert example.attach_all(message, [SimpleUploadedFile("a.html", b"<b>")], now=now) == "a.html: type"
