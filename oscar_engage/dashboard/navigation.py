"""Our entry in Oscar's dashboard menu, which can never take the dashboard down."""

from collections.abc import Sequence
from typing import Any, cast

from django.apps import apps
from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from oscar.core.application import OscarDashboardConfig
from oscar.views.decorators import check_permissions

from oscar_engage.conf import InvalidSettingError
from oscar_engage.modules import is_there
from oscar_engage.simulation.allowed import may_simulate


def may_open(
    user: Any,
    url_name: str | None,
    url_args: Sequence[Any] | None = None,
    url_kwargs: dict[str, Any] | None = None,
) -> bool:
    """Oscar's ``access_fn``: whether ``user`` sees the entry. What the shop did not mount, or switched off, is hidden."""
    if url_name is None:
        return True  # the heading; Oscar drops it when none of its children is visible
    try:
        reverse(url_name, args=url_args, kwargs=url_kwargs)
        if not is_there("pages", url_name.rpartition(":")[2]):
            return False
    except (NoReverseMatch, InvalidSettingError, TypeError, ValueError):  # what cannot be read is said by the system checks
        return False
    config = cast(OscarDashboardConfig, apps.get_app_config("engage_dashboard"))
    permissions = config.get_permissions(url_name)
    return bool(check_permissions(user, permissions))


def _entry(label: Any, name: str) -> dict[str, Any]:
    return {"label": label, "url_name": f"engage_dashboard:{name}", "access_fn": may_open}


def may_see_simulator(user: Any, url_name: str | None, *args: Any, **kwargs: Any) -> bool:
    """Do the same for the simulator's page, which no shop that sells has in its menu."""
    return may_simulate() and may_open(user, url_name)


NAVIGATION: dict[str, Any] = {
    "label": _("Engage"),
    "icon": "fas fa-comments",
    "access_fn": may_open,
    "children": [
        # The work of the day,
        _entry(_("Desk"), "engage-desk"),
        _entry(_("Board"), "engage-board"),
        _entry(pgettext_lazy("menu", "Calls"), "engage-calls"),
        _entry(_("Visitors now"), "engage-visits"),
        _entry(_("Practice"), "engage-practice"),
        # what shoppers are offered,
        _entry(_("Rules"), "engage-rules"),
        _entry(_("Engagements"), "engage-engagements"),
        _entry(_("Surveys"), "engage-surveys"),
        _entry(_("Ladder of help"), "engage-ladder"),
        # how it went,
        _entry(_("Reports"), "engage-reports"),
        _entry(_("When shoppers leave"), "engage-exits"),
        _entry(_("How conversations went"), "engage-ratings"),
        _entry(_("Learning"), "engage-learning"),
        {"label": _("Simulator"), "url_name": "engage_dashboard:engage-simulator", "access_fn": may_see_simulator},
        # and what is set up once.
        _entry(_("Ready-made replies"), "engage-canned"),
        _entry(_("Promises"), "engage-promises"),
        _entry(_("Agents and queues"), "engage-agents"),
        _entry(_("Mailboxes"), "engage-mailboxes"),
        _entry(_("Webhooks"), "engage-webhooks"),
        _entry(_("Outside desk"), "engage-outside"),
        _entry(_("Keys for programs"), "engage-keys"),
        _entry(_("Health"), "engage-health"),
        _entry(_("Who did what"), "engage-trail"),
        _entry(_("Privacy"), "engage-privacy"),
    ],
}


def append_entry(label: Any, name: str) -> None:
    """Add an entry of a joined area to ours, once, to what shoppers are offered: before the ladder that leads to it."""
    names = [entry["url_name"] for entry in NAVIGATION["children"]]
    if f"engage_dashboard:{name}" not in names:
        NAVIGATION["children"].insert(names.index("engage_dashboard:engage-ladder"), _entry(label, name))


def append_navigation() -> None:
    """Add our entry to the shop's menu, once; ``ready()`` may run more than once in a process."""
    entries = list(getattr(settings, "OSCAR_DASHBOARD_NAVIGATION", ()))
    if NAVIGATION not in entries:
        settings.OSCAR_DASHBOARD_NAVIGATION = [*entries, NAVIGATION]
