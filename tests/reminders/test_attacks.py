"""Mails nobody asked for: to strangers, to who objected, twice, or with a consent to something else."""

from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client, override_settings
from django.utils import timezone

from oscar_engage.jobs.models import Job
from oscar_engage.jobs.run import LEASE, run_due
from oscar_engage.models import BasketMail, Visitor, VisitorBasket
from oscar_engage.reminders.permission import has_opted_in
from oscar_engage.reminders.plan import KIND
from tests.reminders.conftest import HOUR, leave, make_customer, work
from tests.reminders.test_links import ONE_CLICK, logged_in, way_out
from tests.reminders.test_opt_in import ask

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.attack("G06")
def test_g06__account_in_anothers_name_asks_fifty_times__three_mails_and_no_other_without_a_click_in_one(
    mailoutbox: list[EmailMessage],
) -> None:
    strangers = [make_customer(f"victim{plus}@example.com", opted_in=False) for plus in ("", "+1", "+2", "+3", "+4")]
    for stranger in strangers:
        client = logged_in(stranger)
        for _time in range(10):
            ask(client)
            ask(client, "no")
            ask(client)
            run_due(now=timezone.now())
        leave(stranger)
    for hours in range(5):
        work(hours * HOUR)

    assert len(mailoutbox) == 3
    assert all("Please confirm" in mail.subject for mail in mailoutbox)
    assert not any(has_opted_in(stranger) for stranger in strangers)


@pytest.mark.attack("G06", "J10")
def test_j10__one_click_without_login__nothing_comes_any_more_not_even_what_is_queued(
    mail: EmailMessage, customer: Any, mailoutbox: list[EmailMessage]
) -> None:
    BasketMail.objects.update(created_at=timezone.now() - 40 * 24 * HOUR)  # the days between two mails are over
    leave(customer, title="Umbrella")
    work(2 * HOUR)
    assert Job.objects.filter(kind=KIND, state="due").exists()

    assert Client(enforce_csrf_checks=True).post(way_out(mail), ONE_CLICK).status_code == 200
    for hours in range(3, 9):
        work(hours * HOUR)

    assert mailoutbox == [mail]


@pytest.mark.attack("J04")
@pytest.mark.parametrize("consent", [0, 1, 2])
def test_j04__consent_to_less_than_personalisation__no_mail(
    consent: int, left: VisitorBasket, mailoutbox: list[EmailMessage]
) -> None:
    Visitor.objects.update(consent=consent)
    work()
    planned = Job.objects.filter(kind=KIND).count()
    Visitor.objects.update(consent=3)
    work(HOUR)

    assert planned == 0
    assert mailoutbox == []


class LostWhileSending(EmailBackend):
    """A mail server that takes the mail; then the worker, or the connection, is gone."""

    losses: list[BaseException] = []

    def send_messages(self, messages: Any) -> int:
        """Send, then be lost."""
        sent = super().send_messages(messages)
        if self.losses:
            raise self.losses.pop()
        return sent


@pytest.mark.attack("M17")
@pytest.mark.parametrize("loss", [SystemExit(137), ConnectionResetError("after DATA"), TimeoutError()])
@override_settings(EMAIL_BACKEND="tests.reminders.test_attacks.LostWhileSending")
def test_m17__lost_while_a_mail_nobody_waits_for_is_sent__is_not_sent_again(
    loss: BaseException, left: VisitorBasket, mailoutbox: list[EmailMessage]
) -> None:
    work()
    LostWhileSending.losses[:] = [loss]
    try:
        work(HOUR)
    except SystemExit:
        assert Job.objects.get(kind=KIND).state == "done"
    for later in range(1, 40):
        work(HOUR + later * LEASE)

    assert len(mailoutbox) == 1
    assert BasketMail.objects.get().state == "sending"


@pytest.mark.attack("M17")
def test_m17__worker_lost_before_it_wrote_that_it_sends__another_sends_once(
    left: VisitorBasket, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    work()
    with monkeypatch.context() as patched:
        patched.setattr("oscar_engage.jobs.run._finish", lost)
        with pytest.raises(SystemExit):
            work(HOUR)
    before = len(mailoutbox)
    work(HOUR + LEASE)
    work(HOUR + 2 * LEASE)

    assert (before, len(mailoutbox)) == (0, 1)


def lost(*args: object) -> None:
    raise SystemExit(137)
