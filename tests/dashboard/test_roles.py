"""Do people get the groups that we suggest, and do existing ones keep up?"""

from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from oscar_engage.dashboard.access import ROLES

pytestmark = pytest.mark.django_db


def run() -> str:
    out = StringIO()
    call_command("engage_roles", stdout=out)
    return out.getvalue()


def test_roles__none_yet__all_are_there_and_named() -> None:
    Group.objects.all().delete()

    said = run()

    assert set(ROLES) <= set(Group.objects.values_list("name", flat=True))
    assert all(name in said for name in ROLES)
    assert "staff status" in said


def test_roles__a_permission_came_with_an_update__added_and_the_shops_own_stays() -> None:
    run()
    group = Group.objects.get(name="Engage agents")
    taken = group.permissions.get(codename="see_number")
    group.permissions.remove(taken)
    own = Permission.objects.get(content_type__app_label="auth", codename="view_group")
    group.permissions.add(own)

    run()

    assert {taken, own} <= set(group.permissions.all())
