"""Has the dashboard a dead end when a module is off? Every page of the access table, for each combination that matters."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.test import Client, override_settings
from django.urls import reverse
from oscar.core.loading import get_class

import oscar_engage
from oscar_engage.core.modules import MODULES, owners
from oscar_engage.desk.models import Conversation
from oscar_engage.jobs.models import Job
from oscar_engage.modules import is_there
from oscar_engage.rules.life.publish import publish, save_draft
from oscar_engage.rules.live import drop_live_rules, live_rules
from oscar_engage.rules.models import Rule
from oscar_engage.widgets.models import Engagement
from tests.dashboard.conftest import DOCUMENT, NOW
from tests.dashboard.off import COMBINATIONS, dead_ends
from tests.dashboard.test_access import colleagues, rows, targets_of  # noqa: F401 - the first is a fixture

ALWAYS = {
    *("engage-index", "engage-visits", "engage-visit", "engage-health", "engage-switch", "engage-job-retry"),
    *("engage-privacy", "engage-privacy-erasure", "engage-privacy-person", "engage-privacy-export", "engage-privacy-erase"),
    *("engage-reports", "engage-report-places", "engage-report-place", "engage-struggles", "engage-exits"),
    *("engage-trail", "engage-keys", "engage-key-revoke"),
    *("engage-webhooks", "engage-webhook-create", "engage-webhook-edit", "engage-webhook-delete"),
    *("engage-webhook-test", "engage-webhook-secret"),
    *("engage-report-costs", "engage-cost-create", "engage-cost-edit", "engage-cost-delete"),
}
"""The pages that no module owns; a new page is one of these, or stands in ``core.modules``."""


def without(off: tuple[str, ...]) -> Any:
    return override_settings(OSCAR_ENGAGE={**django_settings.OSCAR_ENGAGE, "MODULES_OFF": off})


def test_pages__each__belongs_to_a_module_or_is_always_there() -> None:
    names = {pattern.name for pattern in apps.get_app_config("engage_dashboard").urls[0]}
    assert {name for name in names if not owners("pages", name)} == ALWAYS


@pytest.mark.parametrize("combination", COMBINATIONS)
def test_dashboard__modules_off__has_no_dead_end(
    combination: str,
    client_of: Callable[[str], Client],
    rule: Rule,
    engagements: list[Engagement],
    note: Conversation,
    colleagues: Conversation,  # noqa: F811 - the fixture
    dead_job: Job,
) -> None:
    targets = {**targets_of(rule, engagements, note, colleagues, dead_job), "step": "note"}  # the table's step is the chat's
    client, lead_nowhere = client_of("superuser"), {}
    with without(COMBINATIONS[combination]):
        for row in rows():
            arguments = [targets[row["object"]]] if row["object"] else []
            url = reverse(f"engage_dashboard:{row['url_name']}", args=arguments)
            response = client.get(url) if row["method"] == "GET" else client.post(url, {"presence": "away"})
            expected = int(row["superuser"]) if is_there("pages", row["url_name"]) else 404
            assert response.status_code == expected, row["url_name"]
            if response.status_code == 200 and not response.streaming:
                found = list(dead_ends(response.content.decode(errors="replace")))
                lead_nowhere |= {row["url_name"]: found} if found else {}
    assert not lead_nowhere


@pytest.mark.parametrize("combination", COMBINATIONS)
def test_menu__modules_off__offers_what_is_there(combination: str, client_of: Callable[[str], Client]) -> None:
    get_nodes = get_class("dashboard.menu", "get_nodes")
    client = client_of("superuser")
    with without(COMBINATIONS[combination]):
        response = client.get(reverse("dashboard:index"))
        assert not list(dead_ends(response.content.decode()))
        nodes = [node for node in get_nodes(response.wsgi_request.user) if str(node.label) == "Engage"]
        assert "Health" in {str(child.label) for child in nodes[0].children}
        landing = client.get(reverse("engage_dashboard:engage-index"))
        assert client.get(landing.headers["Location"]).status_code == 200


AREAS_OF = {
    "rules": ("dry_runs", "engagements", "priorities", "rules", "segments", "simulator", "why", "anchors"),
    "surveys": ("surveys",),
    "outside": ("outside",),
    "learning": ("learning", "leads"),
    "desk": (
        "acts",
        "agents",
        "board",
        "canned",
        "deflection",
        "desk",
        "ladder",
        "mailboxes",
        "promises",
        "ratings",
        "staffing",
    ),
    "chat": ("practice",),
    "calls": ("calls",),
    "shared_page": ("sharing",),
    "voices": ("voices",),
}
"""Whose templates they are, by folder; ``volumes`` are the desk's, the other folders belong to no module."""

OF_RULES = {"_rules_table.html", "funnel.html", "guardrails.html", "rule.html", "rules.html", "_counted.html"}
BY_DATA = {
    ("desk/_call.html", "calls"),
    ("desk/_context.html", "shared_page"),
    ("desk/_context.html", "voices"),
    ("desk/desk.html", "shared_page"),
}
"""Templates that are shown, or whose link is, only by what the view found: a call, or whether one may begin."""


def owner_of(template: Path) -> str:
    """Return the module whose page a template makes; empty: of none."""
    if template.parent.name == "reports":
        return "rules" if template.name in OF_RULES else ""
    return next(
        (module for module, areas in AREAS_OF.items() if template.parent.name in areas),
        "desk" if template.parent.name == "volumes" else "",
    )


def test_templates__link_to_another_module__asks_whether_it_is_on() -> None:
    """Also what the crawler does not meet, since nothing in its shop leads there."""
    folder, unasked = Path(oscar_engage.__file__).parent / "templates/oscar_engage/dashboard", set()
    for template in folder.rglob("*.html"):
        text, own = template.read_text(), owner_of(template)
        there = {own, *(MODULES[own].needs if own else ())} | ({"desk"} if own in {"shared_page", "voices", "chat"} else set())
        for name in re.findall(r"engage_dashboard:(engage-[a-z-]+)", text):
            needed = owners("pages", name) - there
            unasked |= {(template.relative_to(folder).as_posix(), name, one) for one in needed if f'"{one}"|is_on' not in text}
    assert {found for found in unasked if (found[0], found[2]) not in BY_DATA} == set()


def test_access__module_off__strangers_are_sent_to_the_login_as_before(client_of: Callable[[str], Client]) -> None:
    with without(("calls",)):
        response = client_of("anonymous").get(reverse("engage_dashboard:engage-calls"))
    assert response.headers["Location"].startswith(reverse("dashboard:login"))


def invite(then: str = "invite.chat", engagement: str = "checkout-help", field: str = "page.kind") -> dict[str, Any]:
    conditions = {"combinator": "and", "rules": [{"field": field, "operator": "=", "value": "checkout"}]}
    return {**DOCUMENT, "branches": [{"when": conditions, "then": [{"do": then, "with": {"engagement": engagement}}]}]}


@pytest.fixture
def inviting(engagements: list[Engagement]) -> Rule:
    kinds = {one.slug: one.widget for one in engagements}
    made = Rule.objects.create(name="Invites to a chat")
    save_draft(made, invite(), user=None, now=NOW, engagements=kinds)
    publish(made, user=None, now=NOW, engagements=kinds)
    return made


def test_rule__that_uses_a_module_that_is_off__does_not_run_and_says_why(
    client_of: Callable[[str], Client], rule: Rule, inviting: Rule
) -> None:
    client, why = client_of("superuser"), "It does not run: it uses Chat"
    with without(("chat", "shared_page")):
        drop_live_rules()
        client.get(reverse("engage_dashboard:engage-health"))  # a page that waits until the rules are read
        assert [one.rule_id for one in live_rules(NOW)] == [rule.pk]
        for page in ("engage-rule-edit", "engage-rule-history"):
            assert why in client.get(reverse(f"engage_dashboard:{page}", args=[inviting.pk])).content.decode()
            assert why not in client.get(reverse(f"engage_dashboard:{page}", args=[rule.pk])).content.decode()
        listed = client.get(reverse("engage_dashboard:engage-rules")).content.decode()
        assert listed.count("does not run: a module is off") == 1
        health = client.get(reverse("engage_dashboard:engage-health")).content.decode()
        assert why in health
        assert "Not used by this shop, by its settings (MODULES_OFF): Chat, Shared page, Talks." in health
    drop_live_rules()
    client.get(reverse("engage_dashboard:engage-health"))
    assert {one.rule_id for one in live_rules(NOW)} == {rule.pk, inviting.pk}
    drop_live_rules()


def test_editor__module_off__offers_none_of_its_actions_and_variables_but_keeps_what_is_chosen(
    client_of: Callable[[str], Client], rule: Rule, inviting: Rule
) -> None:
    client = client_of("superuser")
    with without(("chat", "shared_page", "learning")):
        other = client.get(reverse("engage_dashboard:engage-rule-edit", args=[rule.pk])).content.decode()
        own = client.get(reverse("engage_dashboard:engage-rule-edit", args=[inviting.pk])).content.decode()
    for value in ("invite.chat", "desk.free_agents", "visit.lead"):
        assert f'value="{value}"' not in other
    assert 'value="invite.chat" selected' in own
    whole = client.get(reverse("engage_dashboard:engage-rule-edit", args=[rule.pk])).content.decode()
    for value in ("invite.chat", "desk.free_agents", "visit.lead"):
        assert f'value="{value}"' in whole


def test_library__module_off__has_no_rule_that_needs_it(client_of: Callable[[str], Client]) -> None:
    client, url = client_of("superuser"), reverse("engage_dashboard:engage-rule-library")
    every = client.get(url).content.decode().count('id="ready-')
    with without(("chat", "shared_page")):
        few = client.get(url).content.decode().count('id="ready-')
    assert 0 < few < every


def test_no_rules__live_ones__are_silent(rule: Rule) -> None:
    with without(("rules", "surveys", "learning")):
        drop_live_rules()
        assert not live_rules(NOW)
    drop_live_rules()
