"""Creates the logins of the demo people and gives their groups the permissions that exist by now."""

from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet

from oscar_engage.dashboard.access import create_role_groups
from oscar_engage.reminders.permission import ask_permission, confirm
from sandbox.demo.people import CUSTOMERS, STAFF, TEAMS, Person, Team

User = get_user_model()
ENGAGE_APP = "oscar_engage"


def load_people() -> None:
    """Create the groups and logins that are missing and give the groups every permission that exists by now."""
    roles = {role.name: role for role in create_role_groups()}
    groups = {team.name: (_load_team(team), roles[team.role]) for team in TEAMS}
    known = set(User.objects.values_list("email", flat=True))
    for person in (*STAFF, *CUSTOMERS):
        if person.email not in known:
            user = _create(person)
            if person.team:
                user.groups.add(*groups[person.team])


def load_mail_permissions(now: datetime) -> None:
    """Have some customers agree to mails about baskets, as if they had asked and confirmed it."""
    for person in CUSTOMERS:
        customer = User.objects.get(email=person.email)
        if person.mails_in:
            confirm(ask_permission(customer, language=person.mails_in, now=now), now=now)


def _create(person: Person) -> Any:
    return User.objects.create_user(
        username=person.email,
        email=person.email,
        password=person.password,
        first_name=person.first_name,
        last_name=person.last_name,
        is_staff=person.team is not None or person.is_superuser,
        is_superuser=person.is_superuser,
    )


def _load_team(team: Team) -> Group:
    group, _created = Group.objects.get_or_create(name=team.name)
    group.permissions.add(*_permissions(team))
    return group


def _permissions(team: Team) -> QuerySet[Permission]:
    codenames = [f"{verb}_{model}" for model in team.engage for verb in ("view", "change")]
    ours = Q(content_type__app_label=ENGAGE_APP, codename__in=codenames)
    oscars = Q(content_type__app_label__in=team.oscar_apps) | Q(codename__in=team.oscar_codenames)
    return Permission.objects.filter(ours | oscars)
