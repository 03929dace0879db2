"""What does the mail say? What the overview says on the same day, in the reader's language, as text and as HTML."""

from datetime import date, timedelta
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _

from oscar_engage.analytics.funnel import steps
from oscar_engage.analytics.funnel.read import Way, read_funnel
from oscar_engage.analytics.lift.overview import DAYS, Overview
from oscar_engage.analytics.lift.said import STANDINGS, say_earned, say_headline
from oscar_engage.analytics.words import say_number
from oscar_engage.analytics.worth.read import read_worth
from oscar_engage.analytics.worth.said import say_alarms, say_first, tell_all
from oscar_engage.analytics.worth.said_rule import TO_DO, say_nothing_to_do, say_rule
from oscar_engage.desk.link import shop_address
from oscar_engage.desk.mail import mailbox_digest
from oscar_engage.desk.mailbox.outgoing import host_of_shop
from oscar_engage.modules import is_on


def write_mail(address: str, language: str, *, day: date, is_weekly: bool) -> EmailMultiAlternatives:
    """Return the mail of ``day`` (the shop's): about yesterday, or the seven days before."""
    name = "weekly" if is_weekly else "daily"
    with translation.override(language):
        context = read_context(day=day, is_weekly=is_weekly)
        mail = EmailMultiAlternatives(
            subject=_subject(context["overview"], is_weekly=is_weekly),
            body=render_to_string("oscar_engage/mail/report.txt", context),
            to=[address],
            headers={
                "Message-ID": f"<engage-report-{name}-{day}-{mailbox_digest(address)}@{host_of_shop()}>",
                "Auto-Submitted": "auto-generated",
            },
        )
        mail.attach_alternative(render_to_string("oscar_engage/mail/report.html", context), "text/html")
    return mail


def read_context(*, day: date, is_weekly: bool) -> dict[str, Any]:
    """Return what the templates show; the figures are those that the overview shows on ``day`` unless asked otherwise."""
    until = day + timedelta(days=1)
    worth = read_worth(since=until - timedelta(days=DAYS), until=until, today=day)
    overview = worth.overview
    since = day - timedelta(days=7 if is_weekly else 1)
    return {
        "overview": overview,
        "has_rules": is_on("rules"),
        "alarms": say_alarms(worth),
        "first": say_first(worth),
        "blocks": tell_all(worth),
        "is_weekly": is_weekly,
        "since": since,
        "last": day - timedelta(days=1),
        "days": DAYS,
        "earned": [] if overview.is_alarm else [(say_headline(one), say_earned(one)) for one in overview.earned],
        "rules": [
            (STANDINGS[one.standing], one.name, say_rule(worth.guards.alarms, worth.rule_money, one))
            for one in overview.standing(*TO_DO)
        ],
        "nothing_to_do": say_nothing_to_do(overview),
        "steps": _steps(read_funnel(since=since, until=day).whole),
        "shop": host_of_shop(),
        "url": _address(),
    }


def _subject(overview: Overview, *, is_weekly: bool) -> str:
    if not is_on("rules"):
        return _("This week in the shop") if is_weekly else _("Yesterday in the shop")
    first = say_headline(overview.earned[0]) if overview.earned and not overview.is_alarm else _("Figures of help in the shop")
    words = {"headline": _("The groups are not as drawn") if overview.is_alarm else first}
    return (_("This week: %(headline)s") if is_weekly else _("Yesterday: %(headline)s")) % words


def _steps(way: Way) -> list[tuple[str, str]]:
    labels = (
        (steps.ELIGIBLE, _("Moments in which a rule held")),
        (steps.OFFERED, _("Offered")),
        (steps.SEEN, _("Seen")),
        (steps.ACCEPTED, _("Accepted")),
    )
    return [(label, say_number(way.number(step))) for step, label in labels]


def _address() -> str:
    """Return where the overview is; ``""`` in a shop without our dashboard."""
    try:
        return shop_address() + reverse("engage_dashboard:engage-reports")
    except NoReverseMatch:
        return ""
