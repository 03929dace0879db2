"""Whose mail is due? A look every half hour; a job for each mail, whose key lets it exist once."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from oscar_engage.analytics.mails.write import write_mail
from oscar_engage.conf import get_settings
from oscar_engage.desk.mail import mailbox_digest
from oscar_engage.jobs.outbox import enqueue
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import handler

LOOK_KIND, KIND = "reports.look", "reports.mail"
SECONDS_BETWEEN = 1800

FROM_HOUR = 6
"""Mails go from this hour of the shop's day on, when yesterday has been counted."""

DAILY, WEEKLY = "daily", "weekly"
_MONDAY = 0


def find_due(*, now: datetime) -> Iterator[tuple[str, str, date]]:
    """Give ``(daily or weekly, address, day)`` of each mail that should have gone by ``now`` on its day."""
    local = timezone.localtime(now)
    if local.hour < FROM_HOUR:
        return
    for address, _language in get_settings().report_daily:
        yield DAILY, address, local.date()
    if local.weekday() == _MONDAY:
        for address, _language in get_settings().report_weekly:
            yield WEEKLY, address, local.date()


@handler(LOOK_KIND)
def look(payload: Mapping[str, Any], /, *, now: datetime) -> None:
    """Enqueue what is due; a mail that was enqueued before is there already. The address is not in the job."""
    for kind, address, day in find_due(now=now):
        digest = mailbox_digest(address)
        enqueue(
            KIND,
            key=f"{KIND}:{kind}:{day}:{digest}",
            payload={"kind": kind, "to": digest, "day": day.isoformat()},
            now=now,
        )


@handler(KIND)
def send_report(payload: Mapping[str, Any], /, *, now: datetime) -> None:
    """Send one mail; nothing if the address is not in the settings any more."""
    kind, settings = payload["kind"], get_settings()
    wanted = settings.report_daily if kind == DAILY else settings.report_weekly
    for address, language in wanted:
        if mailbox_digest(address) == payload["to"]:
            write_mail(address, language, day=date.fromisoformat(payload["day"]), is_weekly=kind == WEEKLY).send()


every(LOOK_KIND, SECONDS_BETWEEN)
