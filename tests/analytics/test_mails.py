"""Does the mail say what the overview says, once, in the reader's language?"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import translation

from oscar_engage.analytics.lift.count import LIFT
from oscar_engage.analytics.mails.plan import find_due, look
from oscar_engage.analytics.mails.write import write_mail
from oscar_engage.analytics.rollups.fill import fill
from oscar_engage.conf import InvalidSettingError, get_settings
from oscar_engage.decisions.models import Arm
from oscar_engage.jobs.models import Job
from oscar_engage.jobs.run import run_job
from tests.analytics.lift.history import draw, leave_alone, make_rule, make_visitor, place

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 30, 7, tzinfo=UTC)
OWNER, AGENT = "owner@shop.example", "agent@shop.example"


@pytest.fixture(autouse=True)
def recipients(settings: Any) -> None:
    settings.TIME_ZONE = "UTC"
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "REPORT_WEEKLY": {OWNER: "de"}, "REPORT_DAILY": {AGENT: "en"}}


def send_due(now: datetime) -> list[Any]:
    before = len(mail.outbox)
    look({}, now=now)
    for key in Job.objects.filter(kind="reports.mail").values_list("key", flat=True):
        run_job(key, now=now)
    return mail.outbox[before:]


def test_look__twice_on_a_monday__sends_each_mail_once() -> None:
    assert sorted(one.to[0] for one in send_due(MONDAY)) == [AGENT, OWNER]
    assert send_due(MONDAY + timedelta(hours=1)) == []
    assert [one.to[0] for one in send_due(MONDAY + timedelta(days=1))] == [AGENT]


def test_look__before_six__sends_nothing() -> None:
    assert list(find_due(now=MONDAY.replace(hour=5, minute=59))) == []


def test_look__job__does_not_hold_the_address() -> None:
    look({}, now=MONDAY)
    assert not [job for job in Job.objects.all() if OWNER in f"{job.key} {job.payload}"]


def test_send__address_taken_out_of_the_settings__is_written_no_more(settings: Any) -> None:
    look({}, now=MONDAY)
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "REPORT_WEEKLY": {}, "REPORT_DAILY": {}}
    for key in Job.objects.filter(kind="reports.mail").values_list("key", flat=True):
        run_job(key, now=MONDAY)
    assert mail.outbox == []


def test_mail__reader_of_german__is_german_as_text_and_html() -> None:
    with translation.override("en"):
        (german,) = [one for one in send_due(MONDAY) if one.to == [OWNER]]
        assert translation.get_language() == "en"
    html = german.alternatives[0][0]
    assert '<html lang="de">' in html
    with translation.override("de"):
        nothing_yet = translation.gettext("What help earned cannot be said: no rule has held for a shopper in these days.")
    assert nothing_yet in german.body
    assert nothing_yet in html


def test_mail__some_visitors__names_what_was_counted() -> None:
    version = make_rule()
    visitor = make_visitor()
    draw(version, visitor, Arm.TREATED, 1)
    place(visitor, 2, "12.50")
    leave_alone(version, make_visitor(), 3)
    fill(LIFT, now=MONDAY)
    body = write_mail(OWNER, "en", day=date(2026, 3, 30), is_weekly=True).body
    assert "GBP: not measurable yet" in body
    assert "1 visitors with help and 1 without are too few" in body


@pytest.mark.parametrize("wrong", [{"owner": "en"}, {"a@b.example": ""}, ["a@b.example"], {"a@b.example": 1}])
def test_settings__no_address_or_language__is_refused(settings: Any, wrong: Any) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "REPORT_WEEKLY": wrong}
    with pytest.raises(InvalidSettingError, match="REPORT_WEEKLY"):
        get_settings()
