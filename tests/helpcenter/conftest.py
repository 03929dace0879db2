"""A shop with a help centre: two topics, and an article about returns in two languages."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client

from oscar_engage.dashboard.access import create_role_groups
from oscar_engage.helpcenter.load import load
from oscar_engage.helpcenter.models import HelpArticle

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ROLES = {
    "writer": "Engage article writers",
    "merchandiser": "Engage merchandisers",
    "supervisor": "Engage supervisors",
    "agent": "Engage agents",
}
TOPICS = """
[delivery]
order = 1
en = "Delivery"
de = "Lieferung"

[returns]
order = 2
en = "Returns"
de = "Rückgabe"
"""
RETURN_EN = """title: Return an item
topic: returns
summary: You can send anything back within 30 days.
words: send back, refund, wrong size
asked: how do I give it back | my shoes are too tight
anchor: size-table

Put it into its box.

## How long it takes

- **Five days** by post
- See [your orders](/accounts/orders/)

> Only within the country.
"""
RETURN_DE = """title: Etwas zurückgeben
topic: returns
summary: Sie können alles innerhalb von 30 Tagen zurücksenden.
words: zurückschicken, Erstattung

Legen Sie es in die Schachtel.

## Wie lange es dauert

Fünf Tage.
"""
PARCEL_EN = """title: Where is my parcel
topic: delivery
summary: The mail about the dispatch has a link.

Look into your mails for the tracking link.
"""


@pytest.fixture(scope="session")
def django_db_use_migrations() -> bool:
    """Wagtail's search index is made by its migrations."""
    return True


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files of three articles, two of them the same in two languages."""
    files = {
        "topics.toml": TOPICS,
        "en/return-an-item.md": RETURN_EN,
        "de/return-an-item.md": RETURN_DE,
        "en/where-is-my-parcel.md": PARCEL_EN,
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def loaded(db: None, folder: Path) -> dict[str, HelpArticle]:
    """Return the articles of :func:`folder`, by language and slug."""
    load(folder, now=NOW)
    rows = HelpArticle.objects.select_related("locale", "topic")
    return {f"{row.language}/{row.slug}": row for row in rows}


@pytest.fixture
def client_of(db: None) -> Callable[[str], Client]:
    """Return a function from a role's name to a client that is logged in as such a person."""
    create_role_groups()

    def build(role: str) -> Client:
        client = Client()
        if role == "anonymous":
            return client
        user, is_new = get_user_model().objects.get_or_create(username=role, defaults={"email": f"{role}@example.com"})
        if is_new:
            user.is_staff = role != "customer"
            user.is_superuser = role == "superuser"
            user.save()
            if role in ROLES:
                user.groups.add(Group.objects.get(name=ROLES[role]))
        client.force_login(user, backend="oscar.apps.customer.auth_backends.EmailBackend")
        return client

    return build


@pytest.fixture
def form_of() -> Callable[[HelpArticle], dict[str, Any]]:
    """Return a function from an article to what its form would send."""

    def fill(article: HelpArticle) -> dict[str, Any]:
        names = ("title", "slug", "summary", "body", "words", "asked", "anchors")
        sent = {name: getattr(article, name) for name in names}
        return {**sent, "topic": article.topic_id, "language": article.language, "revision": article.latest_revision_id or ""}

    return fill
