"""Make the groups of people that we suggest, or give those that exist what a newer version of ours has added."""

from typing import Any

from django.core.management.base import BaseCommand

from oscar_engage.dashboard.access import create_role_groups


class Command(BaseCommand):
    """``manage.py engage_roles``: after installing, and after each update."""

    help = "Create the groups for agents, supervisors, merchandisers and others, or add to them what a new version brought."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say which groups there are and how many permissions each has."""
        for group in create_role_groups():
            self.stdout.write(f"{group.name}: {group.permissions.count()} permissions")
        self.stdout.write("Put people into them in the admin; whoever works in the dashboard needs “staff status” as well.")
