"""Whoever asks, in whatever way, gets what is theirs and no more; what a form does not have cannot be set by it."""

import ast
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from oscar.test.factories import PartnerFactory

from oscar_engage.audit.models import AuditEntry
from oscar_engage.core.ids import new_public_id
from oscar_engage.desk.link import answer_url
from oscar_engage.desk.models import Agent, Conversation
from oscar_engage.desk.presence import LEASE, expire_leases
from oscar_engage.models import Assignment, Decision
from oscar_engage.rules.errors import InvalidRuleError
from oscar_engage.rules.life.publish import publish, save_draft
from oscar_engage.rules.live import forget_live_rules
from oscar_engage.rules.models import Rule
from tests.architecture.source import modules, relative, tree
from tests.attacks.addresses import all_addresses
from tests.attacks.conftest import Scene
from tests.attacks.storage import changes, dump
from tests.dashboard.conftest import ENGAGEMENTS
from tests.dashboard.test_access import rows
from tests.storefront.beats import body, known_shopper, send, signal
from tests.storefront.shopping import ask, text_of

pytestmark = pytest.mark.django_db

DOORS = {
    "desk/access.py": "the door itself",
    "desk/availability.py": "counts",
    "desk/earlier.py": "counts",
    "desk/flood.py": "counts",
    "desk/erase.py": "erases",
    "desk/purge.py": "erases",
    "desk/personal.py": "whose they are, for export and erasure",
    "privacy/find.py": "whose an address or a reference is, for who may erase",
    "privacy/purge.py": "spares visitors who asked",
    "privacy/withdraw.py": "spares what was asked",
    "dashboard/privacy/reading.py": "the references of a person, for who may erase",
    "dashboard/desk/queue.py": "the latest words of the conversations in a list",
    "desk/link.py": "the signed link in a mail",
    "desk/mail.py": "the message that a job names",
    "desk/mailbox/token.py": "the signed token in the address of a reply",
    "desk/mailbox/receipt.py": "the conversation that a job names",
    "desk/mailbox/rest.py": "the message that a job names",
    "desk/mailbox/transcript.py": "the conversation that a job names",
    "desk/open.py": "makes them",
    "desk/post.py": "locks one that came through a door",
    "desk/presence.py": "puts chats back into the queue",
    "desk/promises/store.py": "the references of those that a policy holds for, before it is deleted",
    "desk/promises/sweep.py": "warns of promises and notes broken ones",
    "desk/queries.py": "the lists, by agent or visitor",
    "desk/read.py": "moves a mark of one that came through a door",
    "desk/slots.py": "changes what chats weigh",
    "desk/queues.py": "whether something waits in a queue",
    "desk/line.py": "what waits, for routing",
    "desk/take.py": "changes one that came through a door",
    "desk/waiting.py": "the visitor's own",
}
"""Modules that may look for conversations, with the reason; no view is one of them."""


@pytest.mark.attack("B03")
def test_b03__conversations__are_loaded_through_the_doors_alone() -> None:
    found = {
        relative(path)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"Conversation.objects", "Message.objects"}
    }

    assert found - set(DOORS) == set()


@pytest.mark.attack("B03")
@pytest.mark.parametrize(
    "headers", [{"HX-Request": "true"}, {"Accept": "application/json"}, {"X-Requested-With": "XMLHttpRequest"}]
)
@pytest.mark.parametrize("role", ["anonymous", "customer", "staff", "merchandiser"])
def test_b03__every_representation__is_refused_as_the_page_is(role: str, headers: dict[str, str], scene: Scene) -> None:
    client = scene.client_of(role)
    table = {row["url_name"]: int(row[role]) for row in rows() if row["object"] == "conversation"}
    for address in all_addresses(scene):
        name = address.name.partition(":")[2]
        if name in table:
            for query in ("", "?after=0&format=json&fragment=1"):
                answers = [getattr(client, method)(address.url + query, headers=headers) for method in ("get", "post")]
                assert {answer.status_code for answer in answers} == {table[name]}, name
                assert not [answer for answer in answers if b"Malta" in answer.content]


@pytest.mark.attack("B05")
def test_b05__public_ids__are_random_in_more_than_128_bits_and_no_counter_is_shown(scene: Scene) -> None:
    made = [new_public_id() for _ in range(200)]
    assert {len(public_id) * 6 for public_id in made} == {144}
    assert all(len({public_id[at] for public_id in made}) > 40 for at in range(24))  # of 64: each place varies

    public = [address.url for address in all_addresses(scene) if not address.is_dashboard]
    assert not [url for url in public if any(part.isdecimal() for part in url.split("/"))]


@pytest.mark.attack("B05")
def test_b05__absent_and_foreign__cost_the_same_queries(scene: Scene) -> None:
    stranger = known_shopper()
    ask(stranger)
    for path in ("chat/{}/", "note/{}/", "chat/{}/events/"):
        costs = []
        for public_id in (scene.chat.public_id, "x" * 24):
            with CaptureQueriesContext(connection) as queries:
                assert stranger.get(f"/engage/{path.format(public_id)}").status_code == 404
            costs.append([query["sql"].replace(public_id, "ID") for query in queries if "oscar_engage_" in query["sql"]])
        assert costs[0] == costs[1]
        assert len(costs[0]) <= 3  # a poll asks by the key, then through the session for a key that changed


@pytest.mark.attack("B06")
def test_b06__mailed_link__opens_one_answer_to_read_and_nothing_else(scene: Scene) -> None:
    other = known_shopper()
    own = ask(other)
    page = other.get(answer_url(scene.note).removeprefix("https://example.com"))

    assert "Do you ship to Malta?" in text_of(page)
    assert "<textarea" not in text_of(page).partition("engage-panel")[2].partition("</section>")[0]
    assert scene.chat.public_id not in text_of(page)
    for path in (f"note/{scene.note.public_id}/", f"chat/{scene.note.public_id}/events/"):
        assert other.get(f"/engage/{path}").status_code == 404
    assert other.post(f"/engage/chat/{scene.note.public_id}/messages/", {"body": "I"}).status_code == 404
    assert scene.note.reference not in text_of(other.get("/engage/questions/"))
    assert own.reference in text_of(other.get("/engage/questions/"))


@pytest.mark.attack("B06")
def test_b06__mailed_link__after_erasure_is_gone(scene: Scene, client: Client) -> None:
    path = answer_url(scene.note).removeprefix("https://example.com")
    scene.note.delete()

    assert client.get(path).status_code == 410


FORBIDDEN = {
    "agent": "1",
    "agent_id": "1",
    "status": "closed",
    "role": "agent",
    "visitor_id": str(uuid.UUID(int=7)),
    "visit_id": str(uuid.UUID(int=7)),
    "public_id": "mine",
    "reference": "MINE-MINE",
    "due_at": "2020-01-01",
    "seq": "99",
    "last_seq": "99",
    "is_staff": "1",
    "is_superuser": "1",
    "capacity": "99",
    "used": "0",
    "user": "1",
    "kind": "chat",
    "created_by": "1",
    "pk": "1",
    "id": "1",
}
"""Names of columns that no form of ours has."""


@pytest.mark.attack("B09")
def test_b09__fields_a_shopper_may_not_send__change_nothing() -> None:
    def walk(more: dict[str, str]) -> list[str]:
        shopper = known_shopper()
        shopper.post("/engage/note/", {"question": "Hello?", **more})
        shopper.post("/engage/chat/", {"message": "Hello?", **more})
        chat = Conversation.objects.latest("pk")
        shopper.post(f"/engage/chat/{chat.public_id}/messages/", {"body": "Still there?", **more})
        kept = Conversation.objects.filter(visitor_id=chat.visitor_id).order_by("pk")
        columns = ("kind", "status", "agent", "last_seq", "first_reply_at", "closed_at")
        said = [list(one.messages.order_by("seq").values_list("seq", "role", "agent", "body")) for one in kept]
        return [repr(found) for found in zip(kept.values_list(*columns), said, strict=True)]

    expected = walk({})
    assert len(expected) == 2
    assert walk(FORBIDDEN) == expected
    assert not Conversation.objects.filter(public_id="mine").exists()
    assert not Conversation.objects.filter(visitor_id=uuid.UUID(int=7)).exists()


@pytest.mark.attack("B09")
def test_b09__fields_an_agent_may_not_send__change_nothing(scene: Scene) -> None:
    agent, colleague = scene.client_of("agent"), scene.client_of("supervisor")
    for client in (agent, colleague):
        client.post(reverse("engage_dashboard:engage-presence"), {"presence": "online", **FORBIDDEN})
    assert set(Agent.objects.values_list("capacity", "used_tenths")) == {(3, 0)}
    chat = [scene.chat.public_id]
    colleague.post(reverse("engage_dashboard:engage-conversation-take", args=chat), FORBIDDEN)
    before = dump()

    for name in ("take", "reply", "close"):
        data = {**FORBIDDEN, "body": "x", "client_id": str(uuid.uuid4())}
        agent.post(reverse(f"engage_dashboard:engage-conversation-{name}", args=chat), data)

    assert changes(before, dump(), allowed=["oscar_engage.Conversation"]) == {}
    scene.chat.refresh_from_db()
    assert (scene.chat.status, scene.chat.last_seq, str(scene.chat.agent)) == ("open", 2, "Supervisor")
    assert not get_user_model().objects.filter(username="agent", is_superuser=True).exists()


@pytest.mark.attack("B11")
def test_b11__visitor__cannot_pick_an_arm(settings: Any, scene: Scene) -> None:
    settings.OSCAR_ENGAGE = {"CONSENT": "tests.consent.consent_from_cookie", "SHOP_HOLDOUT": 0, "QUIET_SECONDS": 0}
    rule = always(holdout_share=0.5)
    for _visitor in range(6):
        client = known_shopper()
        client.get("/?variant=treated&arm=treated&holdout=0")
        for wish in ("treated", "control", "b"):
            client.cookies["arm"] = client.cookies["variant"] = wish
            wished = {"arm": wish, "variant": wish, "probability": 1, "decision": str(uuid.uuid4())}
            send(client, body(signal("page.viewed", data=wished, **wished), idle=60_000, **wished))

    drawn = Assignment.objects.filter(rule=rule)
    assert {(arm.arm, arm.probability) for arm in drawn} <= {("treated", 0.5), ("control", 0.5)}
    assert drawn.count() == 6
    assert not Decision.objects.exclude(arm__in=drawn.values("arm")).exists()
    decided = {decision.visitor_id: decision.arm for decision in Decision.objects.all()}
    assert decided == {arm.visitor_id: arm.arm for arm in drawn}


@pytest.mark.attack("B11")
def test_b11__exposure_of_an_offer_never_made__is_not_stored(settings: Any, scene: Scene) -> None:
    settings.OSCAR_ENGAGE = {"CONSENT": "tests.consent.consent_from_cookie", "SHOP_HOLDOUT": 0.5, "QUIET_SECONDS": 0}
    always(holdout_share=0.5)
    clients = [known_shopper() for _visitor in range(6)]
    for client in clients:
        send(client, body(signal()))
    held_out = Decision.objects.filter(arm="control")
    for client in clients:
        claims = [signal("widget.accepted", data={"decision": str(pk)}) for pk in held_out.values_list("pk", flat=True)]
        send(client, body(*claims))

    assert held_out.exists()
    assert not held_out.exclude(seen_at=None, accepted_at=None, dismissed_at=None).exists()


def always(**about: Any) -> Rule:
    """Return a live rule that holds on every page."""
    condition = {"field": "visit.pages", "operator": ">", "value": 0}
    branch = {"when": {"combinator": "and", "rules": [condition]}, "then": [action("delivery-times")]}
    rule, now = Rule.objects.create(name="Always", priority=99, **about), timezone.now()
    save_draft(rule, {"schema": 1, "branches": [branch], "unknown": "skip"}, user=None, now=now, engagements=ENGAGEMENTS)
    publish(rule, user=None, now=now, engagements=ENGAGEMENTS)
    forget_live_rules()  # as after the commit, which a test does not have
    return rule


def action(engagement: str) -> dict[str, Any]:
    return {"do": "show.balloon", "with": {"engagement": engagement}}


TRAVERSALS = (
    "visitor.user.password",
    "user__password",
    "visitor.customer.password__startswith",
    "visit__visitor__customer__password",
    "basket.owner.password",
    "request.user.password",
    "page.kind__regex",
    "page.kind.__class__",
    "__class__.__mro__",
    "visit.state",
    "",
)


@pytest.mark.attack("B13")
@pytest.mark.parametrize("name", TRAVERSALS)
@pytest.mark.parametrize("operator", ["beginsWith", "startswith", "regex", "="])
def test_b13__rule_on_anything_but_the_catalogue__is_refused_at_saving(name: str, operator: str) -> None:
    rule, now = Rule.objects.create(name="Oracle"), timezone.now()
    condition = {"field": name, "operator": operator, "value": "pbkdf2_"}
    branch = {"when": {"combinator": "and", "rules": [condition]}, "then": [action("delivery-times")]}

    with pytest.raises(InvalidRuleError):
        save_draft(rule, {"schema": 1, "branches": [branch]}, user=None, now=now, engagements=ENGAGEMENTS)

    assert not rule.versions.exists()


@pytest.mark.attack("B14")
def test_b14__agent_who_left__is_out_at_once_and_the_chat_waits_again(scene: Scene) -> None:
    agent, chat = scene.client_of("agent"), [scene.chat.public_id]
    agent.post(reverse("engage_dashboard:engage-presence"), {"presence": "online"})
    agent.post(reverse("engage_dashboard:engage-conversation-take", args=chat))
    assert Agent.objects.get().used_tenths == 10

    get_user_model().objects.filter(username="agent").update(is_active=False)

    before = dump()
    for address in all_addresses(scene):
        if address.is_dashboard:
            assert agent.get(address.url).status_code in {302, 405}
            assert agent.post(address.url, {"presence": "heartbeat", "body": "x"}).status_code in {302, 405}
    assert changes(before, dump()) == {}
    expire_leases(now=timezone.now() + LEASE)
    scene.chat.refresh_from_db()
    assert (Agent.objects.get().used_tenths, scene.chat.status, scene.chat.agent) == (0, "waiting", None)


@pytest.mark.attack("B14")
def test_b14__role_taken_away__is_refused_with_the_next_poll(scene: Scene) -> None:
    agent = scene.client_of("agent")
    polls = [
        address for address in all_addresses(scene) if address.name.endswith(("messages", "queue")) and address.is_dashboard
    ]
    assert {agent.get(address.url).status_code for address in polls} == {200}

    get_user_model().objects.get(username="agent").groups.clear()

    assert {agent.get(address.url).status_code for address in polls} == {403}


@pytest.mark.attack("B16")
def test_b16__partners_staff__sees_no_conversation(scene: Scene, client_of: Callable[[str], Client]) -> None:
    client = client_of("customer")
    partner = get_user_model().objects.get(username="customer")
    partner.user_permissions.add(Permission.objects.get(codename="dashboard_access"))
    PartnerFactory().users.add(partner)
    assert client.get(reverse("dashboard:index")).status_code == 200

    for address in all_addresses(scene):
        if address.is_dashboard:
            assert {client.get(address.url).status_code, client.post(address.url).status_code} == {403}, address
    assert not AuditEntry.objects.exclude(action__startswith="rule.").exists()
