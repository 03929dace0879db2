"""Who may open what of the help centre in the dashboard? A table, compared with what every kind of person gets."""

import csv
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from oscar_engage.dashboard.navigation import NAVIGATION
from oscar_engage.desk.models import Agent
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.post import post_message
from oscar_engage.helpcenter.dashboard.urls import build_urls
from oscar_engage.helpcenter.join import AREA, join
from oscar_engage.helpcenter.models import HelpArticle
from oscar_engage.signals.models import SignalRecord
from tests.helpcenter.test_editor import address

ROWS = list(csv.DictReader(Path(__file__).with_name("expected_access.csv").read_text().splitlines()))
PEOPLE = ("anonymous", "customer", "staff", "agent", "writer", "merchandiser", "supervisor", "superuser")
pytestmark = pytest.mark.django_db


def answer(client: Client, row: dict[str, str], targets: dict[str, list[Any]]) -> str:
    url = address(row["url_name"], *targets[row["object"]])
    response = client.get(url) if row["method"] == "GET" else client.post(url)
    if response.status_code == 302 and "/login/" in response.headers["Location"]:
        return "login"
    return {200: "yes", 403: "no"}.get(response.status_code, str(response.status_code))


def targets_of(article: HelpArticle) -> dict[str, list[Any]]:
    """Return what stands in an address, by the table's word for it: a question, an agent's reply and a search among it."""
    now = timezone.now()
    note = open_conversation("note", visitor_id=uuid.uuid4(), body="In blue?", language="en", now=now)
    user = get_user_model().objects.create_user("mia", "mia@shop.example")
    mia = Agent.objects.create(user=user, display_name="Mia", presence="online")
    reply = post_message(note, role="agent", agent=mia, body="Yes.", client_id=uuid.uuid4(), now=now)
    search = SignalRecord.objects.create(
        event_id=uuid.uuid4(),
        visitor_id=uuid.uuid4(),
        kind="help.searched",
        source="server",
        payload={"query": "blue", "results": 0},
        at=now,
        received_at=now,
    )
    return {
        "": [],
        "article": [article.pk],
        "topic": [article.topic_id],
        "conversation": [note.public_id],
        "reply": [note.public_id, reply.seq],
        "search": [search.event_id],
    }


@pytest.mark.attack("B01")
@pytest.mark.parametrize("who", PEOPLE)
def test_pages__for_each_kind_of_person__answer_as_the_table_says(
    client_of: Callable[[str], Client], loaded: dict[str, HelpArticle], who: str
) -> None:
    targets = targets_of(loaded["en/return-an-item"])
    client = client_of(who)
    assert {row["url_name"]: answer(client, row, targets) for row in ROWS} == {row["url_name"]: row[who] for row in ROWS}


@pytest.mark.attack("B01")
def test_table__every_address__stands_in_it_and_has_a_permission() -> None:
    names = {pattern.name for pattern in build_urls()}
    assert names == {f"engage-{row['url_name']}" for row in ROWS} == set(AREA.codenames)
    config = apps.get_app_config("engage_dashboard")
    assert all(config.permissions_map[name] for name in names)


@pytest.mark.attack("C01")
def test_posts__without_a_token__are_refused(client_of: Callable[[str], Client], loaded: dict[str, HelpArticle]) -> None:
    targets = targets_of(loaded["en/return-an-item"])
    client = client_of("superuser")
    client.handler.enforce_csrf_checks = True
    for row in ROWS:
        if row["method"] == "POST" or row["url_name"].endswith(("create", "edit", "reply", "question", "search")):
            assert client.post(address(row["url_name"], *targets[row["object"]])).status_code == 403, row["url_name"]


@pytest.mark.parametrize(("who", "is_there"), [("writer", True), ("agent", False), ("supervisor", True)])
def test_menu__for_who_may_see_articles__leads_there(client_of: Callable[[str], Client], who: str, is_there: bool) -> None:
    page = client_of(who).get("/dashboard/").content.decode()
    assert (address("articles") in page) is is_there


def test_join__a_second_time__adds_nothing() -> None:
    before = len(NAVIGATION["children"])
    join()
    assert len(NAVIGATION["children"]) == before
