"""Who is sent the tool? Whoever the dashboard let in, for half an hour, and no shopper."""

from typing import Any
from unittest import mock

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from oscar_engage.widgets.anchors.token import MAX_AGE, PARAMETER, make_token, read_token

TOOL = "/dashboard/engage/anchors/bar/"


def test_token__of_this_user__leads_to_the_tool() -> None:
    assert read_token(make_token(7, TOOL), 7) == TOOL
    assert read_token(make_token(7, TOOL), "7") == TOOL


@pytest.mark.parametrize("token", ["", "x", "a:b:c", make_token(8, TOOL), make_token(7, TOOL) + "x"])
def test_token__forged_or_of_somebody_else__leads_nowhere(token: str) -> None:
    assert read_token(token, 7) is None


def test_token__after_half_an_hour__leads_nowhere() -> None:
    with mock.patch("django.core.signing.time.time", return_value=1_000_000):  # Django's clock, not ours
        token = make_token(7, TOOL)
    with mock.patch("django.core.signing.time.time", return_value=1_000_000 + MAX_AGE + 1):
        assert read_token(token, 7) is None


def make_user(name: str, *, may_edit: bool) -> Any:
    user = get_user_model().objects.create_user(username=name, email=f"{name}@example.com", is_staff=may_edit)
    if may_edit:
        user.user_permissions.add(Permission.objects.get(codename="change_engagement"))
    return user


@pytest.fixture
def staff(db: None) -> Any:
    return make_user("mara", may_edit=True)


def page(client: Client, token: str) -> str:
    return client.get(reverse("catalogue:index"), {PARAMETER: token}).content.decode()


def test_page__opened_by_the_staff_it_was_made_for__brings_the_tool(staff: Any, client: Client) -> None:
    client.force_login(staff)
    html = page(client, make_token(staff.pk, TOOL))
    assert f'data-engage-tool="{TOOL}"' in html
    assert "dist/picker.js" in html


@pytest.mark.parametrize("who", ["nobody", "customer", "colleague", "dismissed"])
@pytest.mark.django_db
def test_page__opened_by_anybody_else__is_the_shoppers(who: str, staff: Any, client: Client) -> None:
    token = make_token(staff.pk, TOOL)
    if who in ("customer", "colleague"):
        client.force_login(make_user(who, may_edit=who == "colleague"))
    elif who == "dismissed":
        client.force_login(staff)
        staff.user_permissions.clear()
    assert "picker" not in page(client, token)
