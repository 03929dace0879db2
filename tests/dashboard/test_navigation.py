"""Does our menu entry show what one may open, and never take the dashboard down?"""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import clear_url_caches, reverse
from oscar.core.loading import get_class

from oscar_engage.dashboard.navigation import NAVIGATION, append_navigation, may_open
from tests import urls

pytestmark = pytest.mark.django_db


def labels(client: Client) -> list[str]:
    get_nodes = get_class("dashboard.menu", "get_nodes")
    user = client.get(reverse("dashboard:index")).wsgi_request.user
    engage = [node for node in get_nodes(user) if str(node.label) == "Engage"]
    return [str(child.label) for node in engage for child in node.children]


def test_navigation__appended_twice__stands_there_once() -> None:
    append_navigation()
    append_navigation()
    assert settings.OSCAR_DASHBOARD_NAVIGATION.count(NAVIGATION) == 1


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("staff", []),
        ("agent", ["Desk", "Practice", "Ready-made replies"]),
        ("merchandiser", ["Visitors now", "Rules", "Engagements", "Surveys", "Reports", "When shoppers leave", "Learning"]),
        (
            "supervisor",
            [
                *("Desk", "Board", "Calls", "Visitors now", "Practice"),
                *("Rules", "Engagements", "Surveys", "Ladder of help"),
                *("Reports", "When shoppers leave", "How conversations went", "Learning"),
                *(
                    "Ready-made replies",
                    "Promises",
                    "Agents and queues",
                    "Mailboxes",
                    "Webhooks",
                    "Outside desk",
                    "Keys for programs",
                    "Health",
                    "Who did what",
                ),
            ],
        ),
        ("privacy officer", ["Who did what", "Privacy"]),
    ],
)
def test_navigation__each_role__sees_what_it_may_open(
    role: str, expected: list[str], client_of: Callable[[str], Client]
) -> None:
    assert labels(client_of(role)) == expected


def test_navigation__addresses_not_mounted__dashboard_still_opens(client_of: Callable[[str], Client]) -> None:
    client = client_of("superuser")
    unmounted = type(
        "unmounted", (), {"urlpatterns": [p for p in urls.urlpatterns if "dashboard/engage" not in str(p.pattern)]}
    )
    with override_settings(ROOT_URLCONF=unmounted):
        clear_url_caches()
        assert client.get("/dashboard/").status_code == 200
        user = client.get("/dashboard/").wsgi_request.user
        assert may_open(user, "engage_dashboard:engage-rules") is False
    clear_url_caches()


@pytest.mark.parametrize("wrong", [["CONSENT"], None, {"RETENTION_DAYS": "ninety"}, {"NO_SUCH": 1}])
def test_navigation__settings_that_cannot_be_read__dashboard_and_shop_still_open(
    wrong: object, client_of: Callable[[str], Client]
) -> None:
    client = client_of("superuser")
    with override_settings(OSCAR_ENGAGE=wrong):
        assert client.get("/dashboard/").status_code == 200
        assert Client().get("/catalogue/").status_code == 200
