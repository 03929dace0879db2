"""Does the trail tell who did what, in words, and is nothing left out that has consequences?"""

import ast
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from oscar_engage.audit.models import AuditEntry
from oscar_engage.audit.trail import record_action
from oscar_engage.dashboard.access import create_role_groups
from oscar_engage.dashboard.trail.reading import LINES, choose_lines, read_trail
from oscar_engage.dashboard.trail.words import AREAS, DEEDS, OBJECTS, say_deed, say_object
from oscar_engage.desk.models import Agent, Conversation, Queue
from oscar_engage.rules.models import Rule
from oscar_engage.webhooks.models import WebhookSubscription
from tests.architecture.source import modules
from tests.dashboard.conftest import forget_roles_given
from tests.storefront.shopping import text_of

pytestmark = pytest.mark.django_db

PAGE = "/dashboard/engage/trail/"
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def url(name: str, *args: object) -> str:
    return reverse(f"engage_dashboard:engage-{name}", args=args)


def note(
    action: str = "rule.paused", kind: str = "rule", pk: object = 1, *, at: datetime = AT, who: Any = None, **detail: Any
) -> AuditEntry:
    return record_action(actor=who, action=action, object_kind=kind, object_id=pk, now=at, detail=detail)


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    return client_of("supervisor")


@pytest.fixture
def owner(db: None) -> Any:
    return get_user_model().objects.create_superuser("owner", "owner@shop.example", "x", first_name="Olga")


# Reading


def test_page__nothing_yet__says_so(client: Client) -> None:
    assert "Nothing was done yet" in text_of(client.get(PAGE))


def test_page__a_rule_is_paused_there__stands_with_who_and_a_link_to_it(client: Client, rule: Rule) -> None:
    client.post(url("rule-pause", rule.pk))
    page = text_of(client.get(PAGE))
    assert "Supervisor" not in page.split("<tbody>")[1]  # a supervisor may not pause, and no line says so
    note("rule.paused", pk=rule.pk)
    page = text_of(client.get(PAGE))
    assert f'<a href="{url("rule-edit", rule.pk)}">{rule.name}</a>' in page
    assert "<strong>paused</strong>" in page
    assert "no person" in page


def test_page__columns_of_a_rule__by_their_names_from_and_to(client: Client, rule: Rule) -> None:
    note("rule.changed", pk=rule.pk, holdout_share=[0.1, 0.2], cap_day=[None, 50])
    page = text_of(client.get(PAGE))
    assert "hold-out share" in page
    assert "10 % →" in page
    assert "offers in a day" in page


def test_page__object_is_gone__has_its_number(client: Client) -> None:
    note("webhook.deleted", "webhook", 4711)
    page = text_of(client.get(PAGE))
    assert "Webhook #4711" in page


def test_page__what_nobody_knows__is_shown_as_it_is_and_escaped(client: Client) -> None:
    note("shop.own_deed", "shop_thing", "<b>1</b>", told="<script>")
    page = client.get(PAGE).content.decode()
    assert "shop.own_deed" in page
    assert "<b>1</b>" not in page
    assert "told: &lt;script&gt;" in page


@pytest.mark.parametrize("count", [1, 6])
def test_page__any_number_of_lines__takes_the_same_queries(
    count: int, client: Client, owner: Any, rule: Rule, django_assert_num_queries: Callable[[int], Any]
) -> None:
    queue = Queue.objects.create(slug="all", name="All")
    agent = Agent.objects.create(user=owner, display_name="Olga")
    for _number in range(count):
        note(pk=rule.pk, who=owner)
        note("queue.changed", "queue", queue.pk, who=owner, members=[[], [agent.pk]])
    client.get(PAGE)
    # session, user, permissions (2), savepoints (2), notifications, lines, people (2), rules, queues, agents, worker
    with django_assert_num_queries(14):
        client.get(PAGE)


def test_lines__narrowed_by_who_area_day_and_object__hold_only_those(owner: Any) -> None:
    mine = note(who=owner, pk=1)
    by_command = note("switch.off", "switch", 1, at=AT + timedelta(days=1))
    other = note("queue.created", "queue", 2, at=AT + timedelta(days=2))

    def found(**asked: str) -> set[str]:
        return {line.deed for line in read_trail(choose_lines(asked)).lines}

    assert found(who=str(owner.pk)) == {say_deed(mine.action)}
    assert found(who="command") == {say_deed(by_command.action), say_deed(other.action)}
    assert found(area="desk") == {say_deed(other.action)}
    assert found(since="2026-03-02", until="2026-03-02") == {say_deed(by_command.action)}
    assert found(kind="rule", object="1") == {say_deed(mine.action)}
    assert found(area="desk", who=str(owner.pk)) == set()


@pytest.mark.parametrize(
    "asked",
    [{"who": "x"}, {"area": "gone"}, {"since": "2026-02-31"}, {"before": "-1"}, {"before": "9" * 40}, {"until": "soon"}],
    ids=["no person", "no area", "no day", "negative", "too long", "a word"],
)
def test_lines__what_cannot_be_asked__is_left_out(asked: dict[str, str], client: Client) -> None:
    note()
    assert len(read_trail(choose_lines(asked)).lines) == 1
    assert client.get(PAGE, asked).status_code == 200


def test_page__more_than_fit__are_turned_without_a_gap(client: Client) -> None:
    for number in range(LINES + 3):
        note(pk=number + 1)
    first = read_trail(choose_lines({"area": "offers"}))
    assert len(first.lines) == LINES
    assert first.next_query.startswith("area=offers&before=")
    page = text_of(client.get(f"{PAGE}?{first.next_query}"))
    assert [f"#{number}:" in page for number in (3, 2, 1, 4)] == [True, True, True, False]
    assert "engage-trail-next" not in page


def test_page__in_german__says_it_in_german(client: Client) -> None:
    note("rule.published", "rule_version", 1)
    page = text_of(client.get(PAGE, headers={"Accept-Language": "de"}))
    assert "Wer hat was getan" in page
    assert "veröffentlicht" in page


# Words


def _named_in_source() -> set[str]:
    """Return each action that stands whole in our source where the trail is written."""
    found: set[str] = set()
    for path in modules():
        text = path.read_text()
        if "record_action" not in text and "record_same_action" not in text and "record_proposal" not in text:
            continue
        tree = ast.parse(text)
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _looks_like_an_action(node.value):
                found.add(node.value)
    return found


def _looks_like_an_action(text: str) -> bool:
    kind, dot, deed = text.partition(".")
    known = {*OBJECTS, "act", "call", "note", "conversations", "person", "practice", "ladder", "learning", "topics"}
    return bool(dot) and kind in known and deed.isidentifier() and deed.islower() and deed not in {"html", "by_hand"}


@pytest.mark.attack("O07")
def test_words__every_action_in_the_source__has_them() -> None:
    named = _named_in_source()
    assert len(named) > 60
    assert {action for action in named if say_deed(action) == action} == set()


@pytest.mark.parametrize(
    "action",
    [
        *(f"act.{state}" for state in ("agreed", "done", "refused", "failed", "expired")),
        *(f"call.{outcome}" for outcome in ("reached", "no_answer", "wrong_number", "later", "left")),
        *(f"agent.{presence}" for presence in ("online", "away", "offline")),
        *(f"model.{state}" for state in ("candidate", "shadow", "live", "retired", "refused")),
        *(f"switch.{position}" for position in ("on", "off")),
        *(f"ladder.{what}" for what in ("moved", "changed")),
        *(f"key.{what}" for what in ("made", "revoked")),
        *(f"webhook.{what}" for what in ("created", "tested", "secret_seen", "secret_changed")),
        *(f"help_article.{what}" for what in ("submitted", "approved", "sent_back", "unpublished", "rolled_back", "begun")),
    ],
)
def test_words__actions_made_of_parts__have_them(action: str) -> None:
    assert say_deed(action) != action


def test_words__every_kind_of_object__is_in_one_area_and_has_a_name() -> None:
    placed = [kind for _label, kinds in AREAS.values() for kind in kinds]
    assert len(placed) == len(set(placed))
    assert set(placed) == set(OBJECTS)
    with translation.override("de"):
        assert all(say_object(kind) for kind in OBJECTS)
        assert all(str(words) for words in DEEDS.values())


# Who was given which role


@pytest.fixture
def roles(db: None) -> dict[str, Group]:
    found = {group.name: group for group in create_role_groups()}
    forget_roles_given()
    return found


def told() -> list[tuple[str, str, dict[str, Any]]]:
    return [(entry.action, entry.object_id, entry.detail) for entry in AuditEntry.objects.order_by("pk")]


@pytest.mark.attack("O07")
def test_roles__given_and_taken__stand_in_the_trail(owner: Any, roles: dict[str, Group]) -> None:
    agents = roles["Engage agents"]
    owner.groups.add(agents)
    agents.user_set.remove(owner)
    owner.groups.add(agents)
    owner.groups.clear()
    pk, role = str(owner.pk), {"role": "Engage agents"}
    assert told() == [(f"user.{deed}", pk, role) for deed in ("given", "withheld", "given", "withheld")]


def test_roles__a_group_of_the_shops_own__is_nothing_of_ours(owner: Any, roles: dict[str, Group]) -> None:
    own = Group.objects.create(name="Warehouse")
    owner.groups.add(own)
    own.permissions.add(Permission.objects.get(codename="view_product"))
    own.delete()
    assert told() == []


def test_roles__permissions_of_ours__are_told_by_name(owner: Any, roles: dict[str, Group]) -> None:
    publish, product = (Permission.objects.get(codename=name) for name in ("publish_rule", "view_product"))
    writers = roles["Engage rule writers"]
    writers.permissions.add(publish, product)
    owner.user_permissions.add(publish)
    writers.permissions.remove(publish)
    writers.delete()
    assert told() == [
        ("role.changed", str(writers.pk or told()[0][1]), {"given": ["publish_rule"]}),
        ("user.changed", str(owner.pk), {"given": ["publish_rule"]}),
        ("role.changed", told()[0][1], {"taken": ["publish_rule"]}),
        ("role.deleted", told()[0][1], {"role": "Engage rule writers"}),
    ]


def test_roles__in_djangos_admin__say_who_gave_them(client: Client, owner: Any, roles: dict[str, Group]) -> None:
    colleague = get_user_model().objects.create_user("mia", "mia@shop.example", "x")
    client.force_login(owner, backend="oscar.apps.customer.auth_backends.EmailBackend")
    agents = roles["Engage agents"]
    answer = client.post(
        reverse("admin:auth_group_change", args=[agents.pk]),
        {"name": agents.name, "permissions": [Permission.objects.get(codename="see_number").pk]},
    )
    assert answer.status_code == 302
    entry = AuditEntry.objects.filter(object_kind="role").latest("pk")
    assert (entry.actor_id, entry.action) == (owner.pk, "role.changed")
    assert colleague.groups.count() == 0


def test_roles__trail_cannot_be_written__group_is_changed_all_the_same(
    owner: Any, roles: dict[str, Group], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AuditEntry._meta, "db_table", "engage_no_such_table")
    owner.groups.add(roles["Engage agents"])
    assert owner.groups.get() == roles["Engage agents"]


def test_roles__made_by_the_command__are_told_once(db: None) -> None:
    call_command("engage_roles", stdout=StringIO())
    first = AuditEntry.objects.count()
    call_command("engage_roles", stdout=StringIO())
    assert first > 0
    assert AuditEntry.objects.count() == first


# What changed


@pytest.mark.attack("O07")
def test_queue__members_changed__are_told_by_name(client: Client, owner: Any) -> None:
    agent = Agent.objects.create(user=owner, display_name="Olga")
    queue = Queue.objects.create(slug="all", name="All")
    data = {"name": "Everything", "slug": "all", "skill": "", "paths": "", "head_start": "0", "members": [agent.pk]}
    assert client.post(url("queue-edit", queue.pk), data).status_code == 302
    entry = AuditEntry.objects.latest("pk")
    assert entry.detail == {"name": ["All", "Everything"], "members": [[], [agent.pk]]}
    page = text_of(client.get(PAGE))
    assert "members:" in page
    assert "Olga" in page


def test_agent__name_changed__is_told_without_the_name(client: Client, owner: Any) -> None:
    agent = Agent.objects.create(user=owner, display_name="Olga")
    assert client.post(url("agent-edit", agent.pk), {"display_name": "Olga M.", "capacity": "5"}).status_code == 302
    entry = AuditEntry.objects.latest("pk")
    assert entry.detail == {"capacity": [3, 5], "fields": ["display_name"]}


def test_webhook__changed__tells_which_fields_and_no_address(client: Client) -> None:
    hook = WebhookSubscription.objects.create(name="Till", url="https://till.example/a?key=1", created_at=timezone.now())
    data = {"name": "Till", "url": "https://till.example/b?key=2", "events": ["rule.published"], "is_active": "on"}
    assert client.post(url("webhook-edit", hook.pk), data).status_code == 302
    entry = AuditEntry.objects.latest("pk")
    assert set(entry.detail) == {"fields"}
    assert "url" in entry.detail["fields"]
    assert "key=" not in str(entry.detail)


def test_recording_and_transcript__looked_at__leave_a_line(client: Client, note: Conversation) -> None:
    client.get(url("conversation", note.public_id))
    assert AuditEntry.objects.filter(action="conversation.viewed", object_id=str(note.pk)).count() == 1
