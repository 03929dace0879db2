"""What does learning come to, in plain words? The sentence on top, and what drift means."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from oscar_engage.dashboard.learning.phrases import name_feature
from oscar_engage.dashboard.learning.points import read_number
from oscar_engage.dashboard.templatetags.engage_numbers import number, percent
from oscar_engage.learning.nightly.stability import MUCH, SOME
from oscar_engage.learning.nightly.state import Drifted, Ladder, Step
from oscar_engage.learning.registry.models import Task
from oscar_engage.learning.registry.why import Why

TITLES: dict[str, str | Promise] = {
    Task.PROPENSITY: gettext_lazy("Who buys anyway"),
    Task.EXIT: gettext_lazy("Who is about to leave"),
    Task.UPLIFT: gettext_lazy("Whom help makes buy"),
}
"""What each task finds out, as a heading."""


def say_day(at: datetime) -> str:
    """Return the day of an instant by the shop's clock."""
    return date_format(timezone.localtime(at), "DATE_FORMAT")


def say_lead(told: Ladder) -> str:
    """Say in one sentence who decides now, and what is waited for."""
    helps, buys, leaves = (told.step(task) for task in (Task.UPLIFT, Task.PROPENSITY, Task.EXIT))
    if helps.speaks:
        since = say_day(helps.speaks.since)
        return _(
            "A model decides, of those whom rules would help, whom help makes buy and whom to leave alone, since %(day)s."
        ) % {"day": since}
    if buys.speaks:
        since = say_day(buys.speaks.since)
        said = _("A model says who buys anyway and can be left alone since %(day)s.") % {"day": since}
        return f"{said} {_say_waiting(helps)}".strip()
    if leaves.speaks:
        since = say_day(leaves.speaks.since)
        return _("Rules decide whom to help; a model says who is about to leave since %(day)s.") % {"day": since}
    return _say_alone(buys)


def _say_alone(buys: Step) -> str:
    if buys.shadow and buys.shadow_until:
        until = {"day": say_day(buys.shadow_until)}
        return _("Rules alone decide; a first model is on trial until %(day)s.") % until
    orders = read_number(buys.needs.get("orders"))
    if orders:
        missing = round(orders)
        return ngettext(
            "Rules alone decide; %(number)s more order is needed until the shop can tell who buys anyway.",
            "Rules alone decide; %(number)s more orders are needed until the shop can tell who buys anyway.",
            missing,
        ) % {"number": number(missing)}
    if buys.last_run is None:
        return _("Rules alone decide; nothing has been learnt yet.")
    if buys.tried == Why.TOO_FEW:
        return _("Rules alone decide; there is enough to learn from, and a few more orders are needed to judge it by.")
    return _("Rules alone decide; no model has foretold better than chance so far.")


def _say_waiting(helps: Step) -> str:
    if helps.shadow:
        return _("One that says whom help makes buy is on trial.")
    if helps.waits_for:
        return _("To say whom help makes buy, it %(needs)s.") % {"needs": _(" and ").join(helps.waits_for)}
    return ""


def say_drift(drift: Drifted) -> str:
    """Say how far visits have moved from those that were learnt from; nothing where that is not known."""
    if drift.verdict == "steady":
        return _("Visits look as they did when it learnt.")
    if drift.verdict == "drifting":
        moved = ", ".join(dict.fromkeys(name_feature(name) for name, value in drift.worst if value >= MUCH))
        return _("Visits have changed since it learnt: %(what)s. It learns again without waiting for the night.") % {
            "what": moved
        }
    if drift.verdict == "broken":
        return _say_broken(drift)
    return ""


def _say_broken(drift: Drifted) -> str:
    if drift.missing:
        what = ", ".join(dict.fromkeys(name_feature(name) for name in drift.missing))
        return _("Signals are missing that used to come: %(what)s. Rules alone decide until that is repaired.") % {"what": what}
    rate = read_number(drift.rate)
    share = "" if rate is None else percent(rate)
    return _("Only %(share)s of the usual signals come in. Rules alone decide until that is repaired.") % {"share": share}


def say_moved(value: float) -> str:
    """Say what a stability index means."""
    return _("much") if value >= MUCH else _("somewhat") if value >= SOME else _("hardly")
