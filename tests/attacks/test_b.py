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
from oscar_engage.desk.models import Agent, Conversation, Message
from oscar_engage.desk.notes.models import InternalNote
from oscar_engage.desk.presence import LEASE, expire_leases
from oscar_engage.jobs.run import run_due
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
    "api/conversations.py": "no rows: an empty list for the description of the API; conversations come by desk.access",
    "outside/chosen.py": "which go on, and are to be at the shop's other help desk",
    "outside/receive.py": "the one whose key a signed request of that desk names",
    "outside/take_in.py": "the one that a row of that desk names, and whether something of it is not there yet",
    "outside/carry.py": "whether a message that was just told is still there",
    "webhooks/shipped.py": "events for the shop's own systems, which a supervisor subscribed to; by the ids that were found",
    "desk/access.py": "the door itself",
    "analytics/deflection/contacts.py": "counts",
    "analytics/deflection/raw.py": "counts",
    "analytics/costs/rule_counts.py": "counts",
    "analytics/funnel/count.py": "counts",
    "analytics/guardrails/count.py": "counts",
    "analytics/staffing/rows.py": "times, counted by queue and agent",
    "desk/availability.py": "counts",
    "desk/centre.py": "the latest words of what came through a door",
    "desk/earlier.py": "counts, and the kind of the latest",
    "desk/find_by_address.py": "the signed link in a mail to the address, and whether to send one",
    "sharing/opening.py": "notes at one that came through a door that a page is shared",
    "sharing/codes.py": "the asker's own, with the agent who gave the code",
    "sharing/finish.py": "notes that it is over at the one of a session that came through a door",
    "surveys/wait.py": "whether one goes on or is to be rated",
    "desk/changes.py": "whether anything changed, as a number",
    "desk/search.py": "the latest words of what the door lets somebody see",
    "desk/topics/figures.py": "counts",
    "desk/topics/store.py": "whether a topic is in use",
    "desk/topics/wrap.py": "what lacks its agent's word",
    "desk/writing.py": "moves a mark of one that came through a door",
    "desk/flood.py": "counts",
    "desk/expected.py": "what waits, for who waits with it",
    "desk/note_instead.py": "changes one that came through a door",
    "desk/answering/settle.py": "settles one that came through a door",
    "desk/ratings/read.py": "figures for supervisors",
    "desk/ratings/give.py": "rates one that came through a door",
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
    "desk/dialer/scene.py": "counts chats that go on and wait",
    "desk/dialer/state.py": "how long chats took",
    "desk/open.py": "makes them",
    "desk/post.py": "locks one that came through a door",
    "desk/presence.py": "puts chats back into the queue",
    "desk/notes/read.py": "when an agent answered last in those that came through a door",
    "desk/notes/write.py": "locks one that came through a door",
    "desk/oversight/board.py": "the supervisors' board",
    "desk/practice/first.py": "whether a real shopper waits for somebody who practises",
    "desk/promises/kept.py": "counts",
    "desk/promises/store.py": "the references of those that a policy holds for, before it is deleted",
    "desk/promises/sweep.py": "warns of promises and notes broken ones",
    "desk/queries.py": "the lists, by agent or visitor",
    "desk/read.py": "moves a mark of one that came through a door",
    "desk/transfer/claim.py": "changes one that came through a door",
    "desk/transfer/hand_on.py": "who spoke last in one that came through a door",
    "desk/slots.py": "changes what chats weigh",
    "desk/glance.py": "one's own, by public id and key, for a poll: seven columns",
    "desk/queues.py": "whether something waits in a queue",
    "desk/answering/later.py": "the note that a job names, for a worker; what it finds is shown through a door",
    "desk/calls/ask.py": "the visitor's own, asked for already",
    "desk/carry/given.py": "whether a card was sent already",
    "desk/ladder/figures.py": "counts",
    "desk/line.py": "what waits, for routing",
    "desk/take.py": "changes one that came through a door",
    "desk/waiting.py": "the visitor's own",
    "push/access.py": "the visitor's own, for whom a stream is opened",
    "helpcenter/figures.py": "counts",
    "helpcenter/unanswered.py": "what nothing answered, of which a view shows words to who may read conversations alone",
    "push/news.py": "up to which message each is, for streams that came through a door",
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


PROPOSAL_DOORS = {
    "desk/acts/models.py": "ends those of a chat that closes",
    "desk/acts/answer.py": "answers one of a conversation that came through a door",
    "desk/acts/budget.py": "counts",
    "desk/acts/propose.py": "makes them, and takes back one of a conversation that came through a door",
    "desk/acts/reset.py": "the one that a job names, and counts",
    "desk/personal.py": "whose they are, for export and erasure",
    "shop/acts/fresh_voucher.py": "whether the shopper was given one",
}
"""Modules that may look for proposals, with the reason; no view is one of them."""


@pytest.mark.attack("B03")
def test_b03__proposals__are_loaded_through_the_doors_alone() -> None:
    found = {
        relative(path)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "Proposal.objects"
    }

    assert found == set(PROPOSAL_DOORS)


FILE_DOORS = {
    "desk/carry/access.py": "the door itself",
    "desk/carry/files.py": "makes them, counts",
    "desk/carry/show.py": "of messages that came through a door",
    "desk/carry/sweep.py": "which files have a row",
    "desk/personal.py": "whose they are, for export and erasure",
}
"""Modules that may look for files of messages, with the reason."""


@pytest.mark.attack("B03")
def test_b03__files__are_loaded_through_the_doors_alone() -> None:
    found = {
        relative(path)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "Attachment.objects"
    }

    assert found == set(FILE_DOORS)


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
                is_sent_to_log_in = (
                    role == "anonymous" and "HX-Request" in headers
                )  # by htmx: a fragment is no place for a login
                assert {answer.status_code for answer in answers} == {403 if is_sent_to_log_in else table[name]}, name
                assert not [answer for answer in answers if b"Malta" in answer.content]


@pytest.mark.attack("B03")
def test_b03__what_agents_note__is_in_nothing_that_anybody_else_is_shown(
    scene: Scene, mailoutbox: list[Any], client_of: Callable[[str], Client]
) -> None:
    agent = scene.client_of("agent")
    agent.post(reverse("engage_dashboard:engage-presence"), {"presence": "online"})
    for conversation in (scene.chat, scene.note):
        about = [conversation.public_id]
        agent.post(reverse("engage_dashboard:engage-conversation-take", args=about))
        agent.post(reverse("engage_dashboard:engage-conversation-notes", args=about), {"note": "SECRET-REMARK"})
        said = {"body": "Hello", "client_id": str(uuid.uuid4())}
        agent.post(reverse("engage_dashboard:engage-conversation-reply", args=about), said)
    run_due(now=timezone.now() + LEASE)
    assert InternalNote.objects.filter(body="SECRET-REMARK").count() == 2

    shown = [scene.shopper.get(address.url) for address in all_addresses(scene) if not address.is_dashboard]
    shown.append(scene.shopper.get(f"/engage/chat/{scene.chat.public_id}/events/?after=0"))
    shown.append(scene.shopper.get(answer_url(scene.note).removeprefix("https://example.com")))
    for role in ("customer", "staff", "merchandiser"):
        client = client_of(role)
        shown += [client.get(address.url) for address in all_addresses(scene) if address.is_dashboard]
    assert any(b"Hello" in answer.content for answer in shown)
    assert not [answer.request["PATH_INFO"] for answer in shown if b"SECRET-REMARK" in answer.content]
    assert not [mail for mail in mailoutbox if "SECRET-REMARK" in str(mail.message())]
    assert not Message.objects.filter(body__contains="SECRET-REMARK").exists()
    assert "SECRET-REMARK" not in repr(list(AuditEntry.objects.values()))


@pytest.mark.attack("B08")
@pytest.mark.parametrize("how", ["role", "left", "deleted"])
def test_b08__agent_who_may_see_nothing_any_more__is_told_nothing_and_given_nothing(how: str, scene: Scene) -> None:
    agent, boss = scene.client_of("agent"), scene.client_of("supervisor")
    for client in (agent, boss):
        client.post(reverse("engage_dashboard:engage-presence"), {"presence": "online"})
    chat = [scene.chat.public_id]
    agent.post(reverse("engage_dashboard:engage-conversation-take", args=chat))
    mia, user = Agent.objects.get(display_name="Agent"), get_user_model().objects.get(username="agent")
    other = ask(known_shopper(), "chat")
    boss.post(reverse("engage_dashboard:engage-conversation-take", args=[other.public_id]))
    if how == "role":
        user.groups.clear()
    elif how == "left":
        get_user_model().objects.filter(pk=user.pk).update(is_active=False)
    else:
        user.delete()

    boss.post(reverse("engage_dashboard:engage-conversation-whisper", args=chat), {"note": "SECRET-REMARK"})
    polls = [reverse(f"engage_dashboard:engage-conversation-{name}", args=chat) for name in ("notes", "messages")]
    for poll in (*polls, reverse("engage_dashboard:engage-desk-news")):
        refused = agent.get(poll, headers={"HX-Request": "true"})
        assert (refused.status_code, b"SECRET" in refused.content) == (403, False)
    page = boss.get(reverse("engage_dashboard:engage-conversation", args=[other.public_id])).content.decode()
    assert f'value="agent-{mia.pk}"' not in page
    seen = f"open.{Agent.objects.get(display_name='Supervisor').pk}."
    sent = {"to": f"agent-{mia.pk}", "reason": "Yours", "seen": seen}
    boss.post(reverse("engage_dashboard:engage-conversation-transfer", args=[other.public_id]), sent)
    other.refresh_from_db()
    assert str(other.agent) == "Supervisor"


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

    looked_on = ["oscar_engage.AuditEntry", "oscar_engage.Watching"]  # the page that says why shows the chat
    assert changes(before, dump(), allowed=["oscar_engage.Conversation", "oscar_engage.Look", *looked_on]) == {}
    assert AuditEntry.objects.latest("pk").action == "conversation.watched"
    scene.chat.refresh_from_db()
    assert (scene.chat.status, scene.chat.last_seq, str(scene.chat.agent)) == ("open", 2, "Supervisor")
    assert not get_user_model().objects.filter(username="agent", is_superuser=True).exists()


@pytest.mark.attack("B09")
def test_b09__fields_a_note_or_a_move_does_not_have__change_nothing_else(scene: Scene) -> None:
    agent, boss = scene.client_of("agent"), scene.client_of("supervisor")
    for client in (agent, boss):
        client.post(reverse("engage_dashboard:engage-presence"), {"presence": "online"})
    chat = [scene.chat.public_id]
    agent.post(reverse("engage_dashboard:engage-conversation-take", args=chat))
    mia, sven = (Agent.objects.get(display_name=name) for name in ("Agent", "Supervisor"))
    posed = {**FORBIDDEN, "kind": "whisper", "author": str(sven.pk), "addressee": str(sven.pk), "at": "2020-01-01"}
    posed |= {"weight": "0", "owed_since": "2020-01-01", "queue_id": "1"}

    agent.post(reverse("engage_dashboard:engage-conversation-notes", args=chat), {**posed, "note": "Mine"})
    note = InternalNote.objects.get()
    assert (note.kind, note.author, note.addressee, note.at.year != 2020) == ("note", mia, None, True)

    agent.post(reverse("engage_dashboard:engage-conversation-whisper", args=chat), {**posed, "note": "From the boss"})
    for name in ("take-over", "transfer"):
        sent = {**posed, "seen": "waiting..", "to": f"agent-{mia.pk}", "reason": "Mine"}
        agent.post(reverse(f"engage_dashboard:engage-conversation-{name}", args=[scene.note.public_id]), sent)
    agent.post(reverse("engage_dashboard:engage-board-move", args=chat), {**posed, "queue": "", "seen": f"open.{mia.pk}."})
    agent.post(reverse("engage_dashboard:engage-agent-send-off", args=[sven.pk]), {"to": "back", "reason": "Out"})

    scene.note.refresh_from_db()
    scene.chat.refresh_from_db()
    sven.refresh_from_db()
    assert (InternalNote.objects.count(), scene.note.agent, scene.chat.agent, sven.presence) == (1, None, mia, "online")


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


@pytest.mark.attack("B14")
@pytest.mark.parametrize("how", ["role", "left", "deleted"])
def test_b14__whoever_is_gone__gets_403_from_the_next_poll_and_the_board_frees_the_chats(how: str, scene: Scene) -> None:
    agent, boss, chat = scene.client_of("agent"), scene.client_of("supervisor"), [scene.chat.public_id]
    agent.post(reverse("engage_dashboard:engage-presence"), {"presence": "online"})
    agent.post(reverse("engage_dashboard:engage-conversation-take", args=chat))
    user, mia = get_user_model().objects.get(username="agent"), Agent.objects.get()
    if how == "role":
        user.groups.clear()
    elif how == "left":
        get_user_model().objects.filter(pk=user.pk).update(is_active=False)
    else:
        user.delete()

    beat = {"presence": "heartbeat"}
    refused = agent.post(reverse("engage_dashboard:engage-presence"), beat, headers={"HX-Request": "true"})
    assert refused.status_code == 403
    assert ("HX-Redirect" in refused.headers) is (how != "role")
    Agent.objects.filter(pk=mia.pk).update(lease_until=timezone.now())  # what has not been renewed ends
    assert boss.get(reverse("engage_dashboard:engage-board")).status_code == 200
    scene.chat.refresh_from_db()
    mia.refresh_from_db()
    assert (scene.chat.agent, scene.chat.status, mia.presence, mia.used_tenths) == (None, "waiting", "offline", 0)


@pytest.mark.attack("B14")
def test_b14__sent_off_by_a_supervisor__has_nothing_left_at_once(scene: Scene) -> None:
    agent, boss, chat = scene.client_of("agent"), scene.client_of("supervisor"), [scene.chat.public_id]
    agent.post(reverse("engage_dashboard:engage-presence"), {"presence": "online"})
    agent.post(reverse("engage_dashboard:engage-conversation-take", args=chat))
    get_user_model().objects.filter(username="agent").update(is_active=False)
    pk = Agent.objects.get(display_name="Agent").pk

    boss.post(reverse("engage_dashboard:engage-agent-send-off", args=[pk]), {"to": "back", "reason": "Has left us"})

    mia = Agent.objects.get(pk=pk)
    scene.chat.refresh_from_db()
    assert (scene.chat.agent, scene.chat.status, mia.presence, mia.used_tenths) == (None, "waiting", "offline", 0)


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
