"""Can supervisors write ready-made replies, and agents fill them in?"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from oscar.test.factories import BasketFactory, OrderFactory, create_product

from oscar_engage.analytics.models import Conversion
from oscar_engage.audit.models import AuditEntry
from oscar_engage.dashboard.canned.words import NAMES, example_values
from oscar_engage.desk.carry.models import CannedReply
from oscar_engage.desk.carry.placeholders import KNOWN, fill
from oscar_engage.desk.models import Conversation, Queue
from oscar_engage.storefront.inventory import CONVERSATIONS, list_scripts
from oscar_engage.visitors.models import Visitor, VisitorBasket
from tests.attacks.payloads import XSS, outline_of
from tests.storefront.shopping import text_of

pytestmark = pytest.mark.django_db

LIST = "/dashboard/engage/canned/"


def fields(**changed: str) -> dict[str, str]:
    return {"title": "Returns", "shortcut": "returns", "queue": "", "text_en": "Hello {{ customer.first_name }}!", **changed}


def reply(**changed: Any) -> CannedReply:
    return CannedReply.objects.create(
        **{"title": "Returns", "shortcut": "returns", "texts": {"en": "Send it back, {{ customer.first_name }}."}, **changed}
    )


def texts(client: Client, conversation: Conversation) -> list[dict[str, str]]:
    response = client.get(reverse("engage_dashboard:engage-conversation-canned", args=[conversation.public_id]))
    found: list[dict[str, str]] = response.json()["replies"]
    return found


def test_list__nothing_yet__says_what_to_do(client_of: Callable[[str], Client]) -> None:
    assert 'href="/dashboard/engage/canned/new/"' in text_of(client_of("supervisor").get(LIST))
    agents = text_of(client_of("agent").get(LIST))
    assert "A supervisor can write some." in agents
    assert "/canned/new/" not in agents


def test_create__texts_in_two_languages__is_saved_and_noted(client_of: Callable[[str], Client]) -> None:
    client = client_of("supervisor")

    response = client.post(f"{LIST}new/", fields(text_de="Hallo {{ customer.first_name }}!"))

    assert response.url == LIST
    assert CannedReply.objects.get().texts == {
        "en": "Hello {{ customer.first_name }}!",
        "de": "Hallo {{ customer.first_name }}!",
    }
    assert AuditEntry.objects.get().action == "canned_reply.created"
    assert "/returns" in text_of(client.get(LIST))


def test_edit_and_delete__as_a_supervisor__change_it(client_of: Callable[[str], Client]) -> None:
    client, one = client_of("supervisor"), reply(texts={"en": "Old", "fr": "Vieux"})
    page = text_of(client.get(f"{LIST}{one.pk}/"))
    assert "Vieux" in page  # a language that the shop gave up is not lost

    client.post(f"{LIST}{one.pk}/", fields(text_en="New", text_fr="Vieux"))
    assert CannedReply.objects.get().texts == {"en": "New", "fr": "Vieux"}
    client.post(f"{LIST}{one.pk}/delete/")
    assert not CannedReply.objects.exists()
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "canned_reply.changed",
        "canned_reply.deleted",
    ]


@pytest.mark.attack("F01", "A13")
@pytest.mark.parametrize(
    "text", ["{{ basket.flush }}", "{{ {{ agent.name }} }}", "{{ user.password }}", "{% debug %}", "{{7*7}}"]
)
def test_create__unknown_or_nested_placeholder__is_refused_with_the_list(client_of: Callable[[str], Client], text: str) -> None:
    response = client_of("supervisor").post(f"{LIST}new/", fields(text_en=f"Hello {text}"))

    assert response.status_code == 422
    assert not CannedReply.objects.exists()
    page = text_of(response)
    assert "These can be used: {{ customer.first_name }}, " in page
    assert "49" not in re.findall(r"<textarea[^>]*>([^<]*)", page)[0]


def test_create__no_text_or_a_taken_shortcut__is_refused(client_of: Callable[[str], Client]) -> None:
    reply()
    page = text_of(client_of("supervisor").post(f"{LIST}new/", fields(text_en=" ")))

    assert "Write the text in at least one language." in page
    assert CannedReply.objects.count() == 1


def test_preview__pressed__shows_the_example_and_saves_nothing(client_of: Callable[[str], Client]) -> None:
    client = client_of("supervisor")
    page = text_of(client.post(f"{LIST}new/", fields(do="preview", text_de="Bestellung {{ order.number }}")))

    assert "Hello Ada!" in page
    assert "Bestellung 100042" in page
    assert not CannedReply.objects.exists()
    assert "Send it back, Ada." in text_of(client.get(f"{LIST}{reply().pk}/"))


def test_words__every_placeholder__has_a_name_and_an_example() -> None:
    assert tuple(NAMES) == KNOWN == tuple(example_values())
    assert all(example_values().values())


@pytest.mark.attack("A07", "A14")
def test_a07__ready_made_reply_with_markup__is_text_for_everybody_who_reads_it(
    client_of: Callable[[str], Client], note: Conversation
) -> None:
    author, agent, one = client_of("supervisor"), client_of("agent"), reply()
    desk = reverse("engage_dashboard:engage-conversation", args=[note.public_id])
    compose = reverse("engage_dashboard:engage-conversation-compose", args=[note.public_id])
    pages: list[Callable[[], str]] = [
        lambda: text_of(author.get(LIST)),
        lambda: text_of(author.get(f"{LIST}{one.pk}/")),
        lambda: text_of(agent.get(LIST)),
        lambda: text_of(agent.get(desk)),
        lambda: text_of(agent.post(compose, {"do": "insert", "canned": one.pk})),
    ]
    CannedReply.objects.update(title="plain", texts={"en": "plain"})
    plain = [outline_of(page()) for page in pages]
    saved = 0
    for payload in XSS:
        saved += author.post(f"{LIST}{one.pk}/", fields(title=payload[:80], text_en=payload)).status_code == 302
    author.get(LIST)  # reads the messages that it is saved
    for group in (XSS[:5], XSS[5:10], XSS[10:15], XSS[15:]):
        # as if a former version had let even the braces in
        CannedReply.objects.update(title="".join(group)[:80], texts={"en": " ".join(group)})
        assert [outline_of(page()) for page in pages] == plain, group
        response = agent.get(reverse("engage_dashboard:engage-conversation-canned", args=[note.public_id]))
        assert (response["Content-Type"], response["X-Content-Type-Options"]) == ("application/json", "nosniff")
    assert saved == len(XSS) - 3  # braces are refused


def test_canned_texts__facts_known__are_filled_in(client_of: Callable[[str], Client], note: Conversation) -> None:
    agent = client_of("agent")
    basket = BasketFactory()
    basket.add_product(create_product(price=20, num_in_stock=9), 2)
    basket.lines.update(price_incl_tax=20, price_excl_tax=20, price_currency="GBP")
    VisitorBasket.objects.create(visitor_id=note.visitor_id, basket_id=basket.pk, seen_at=timezone.now())
    order = OrderFactory(number="100099", status="Pending")
    Conversion.objects.create(
        order_id=order.pk, order_number="100099", visitor_id=note.visitor_id, total=1, currency="GBP", placed_at=timezone.now()
    )
    Conversation.objects.update(name="Ada Lovelace")
    for number, name in enumerate(KNOWN):
        reply(title=f"{number}", shortcut=f"s{number}", texts={"en": f"{{{{ {name} }}}}"})

    assert [one["text"] for one in texts(agent, note)] == [
        *("Ada", "Ada Lovelace", "Agent", note.reference, "Shipping method", "£40.00", "2", "100099", "Pending", "Oscar"),
    ]


def test_canned_texts__customer_with_an_account__has_the_accounts_name_and_order(
    client_of: Callable[[str], Client], note: Conversation, django_user_model: Any
) -> None:
    agent = client_of("agent")
    ada = django_user_model.objects.create_user(username="ada", first_name="Augusta", last_name="King")
    Visitor.objects.filter(pk=note.visitor_id).update(customer=ada)
    OrderFactory(number="1", user=ada), OrderFactory(number="2", user=ada)
    reply(texts={"en": "{{ customer.first_name }} / {{ customer.name }} / {{ order.number }}"})

    assert texts(agent, note)[0]["text"] == "Augusta / Augusta King / 2"


def test_canned_texts__facts_missing__are_marked_in_words(client_of: Callable[[str], Client], note: Conversation) -> None:
    reply(texts={"en": "{{ customer.first_name }}, {{ basket.total }}, {{ order.number }}"})

    assert texts(client_of("agent"), note)[0]["text"] == (
        "⟦customer&#x27;s first name⟧, ⟦total of the basket⟧, ⟦number of the latest order⟧".replace("&#x27;", "'")
    )


@pytest.mark.parametrize(
    ("language", "text"), [("de", "Hallo"), ("de-at", "Hallo"), ("en", "Hello"), ("", "Hello"), ("fr", "Hello")]
)
def test_canned_texts__language_of_the_conversation__decides(
    language: str, text: str, client_of: Callable[[str], Client], note: Conversation
) -> None:
    Conversation.objects.update(language=language)
    reply(texts={"de": "Hallo", "en": "Hello"})
    reply(shortcut="fr", title="Zz", texts={"it": "Ciao"})

    assert [one["text"] for one in texts(client_of("agent"), note)] == [text, "Ciao"]


def test_canned_texts__of_a_queue__are_offered_there_alone(client_of: Callable[[str], Client], note: Conversation) -> None:
    agent = client_of("agent")
    own = Queue.objects.create(slug="a", name="A")
    default = Queue.objects.create(slug="b", name="B", is_default=True)
    for queue in (own, default, None):
        reply(shortcut=f"of-{queue}", title=f"of {queue}", queue=queue)

    assert [one["shortcut"] for one in texts(agent, note)] == ["of-B", "of-None"]
    Conversation.objects.update(queue=own)
    assert [one["shortcut"] for one in texts(agent, note)] == ["of-A", "of-None"]


@pytest.mark.parametrize("replies", [1, 3])
def test_canned_texts__any_number__takes_the_same_queries(
    replies: int, client_of: Callable[[str], Client], note: Conversation, django_assert_max_num_queries: Any
) -> None:
    agent = client_of("agent")
    for number in range(replies):
        reply(shortcut=f"s{number}", texts={"en": " ".join(f"{{{{ {name} }}}}" for name in KNOWN)})
    texts(agent, note)
    with django_assert_max_num_queries(13):
        assert len(texts(agent, note)) == replies


def test_insert__without_script__puts_the_text_below_what_was_typed(
    client_of: Callable[[str], Client], note: Conversation
) -> None:
    agent, one = client_of("agent"), reply(texts={"en": "Send it back."})
    url = reverse("engage_dashboard:engage-conversation-compose", args=[note.public_id])

    page = text_of(agent.post(url, {"do": "insert", "canned": one.pk, "body": "Dear Ada,"}))

    assert "Dear Ada,\n\nSend it back." in page
    assert "engage-transcript-heading" in page  # the whole page
    assert note.messages.count() == 1


@pytest.mark.parametrize("canned", ["", "x", "999999", "²", "9" * 40])
def test_insert__no_such_reply__keeps_what_was_typed(
    canned: str, client_of: Callable[[str], Client], note: Conversation
) -> None:
    url = reverse("engage_dashboard:engage-conversation-compose", args=[note.public_id])

    response = client_of("agent").post(
        url, {"do": "insert", "canned": canned, "body": "Dear Ada,"}, headers={"HX-Request": "true"}
    )

    assert "Dear Ada," in text_of(response)
    assert "engage-transcript-heading" not in text_of(response)  # the box alone


def test_reply__place_left_open__is_not_sent(client_of: Callable[[str], Client], note: Conversation) -> None:
    agent = client_of("agent")
    text = fill("Order {{ order.number }} is on its way.", {}, name_of=lambda name: name)
    url = reverse("engage_dashboard:engage-conversation-reply", args=[note.public_id])

    response = agent.post(url, {"body": text, "client_id": "0b8a1c52-31f0-4e6c-9d27-6d1f1a2b3c4d"})

    assert "Fill in what is marked: ⟦order.number⟧" in text_of(response)
    assert note.messages.count() == 1


def test_conversation__with_ready_made_replies__loads_their_script(
    client_of: Callable[[str], Client], note: Conversation
) -> None:
    agent = client_of("agent")
    url = reverse("engage_dashboard:engage-conversation", args=[note.public_id])
    (listed,) = (script.path for script in list_scripts() if script.pages == CONVERSATIONS)
    assert listed not in text_of(agent.get(url))
    reply()
    assert f'data-engage-script="/static/{listed}"' in text_of(agent.get(url))
