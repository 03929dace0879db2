"""The ready-made permission: asked for in the account, confirmed from the mailbox, taken back at any time."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client, override_settings
from django.utils import timezone

from oscar_engage.jobs.models import Job
from oscar_engage.jobs.run import run_due
from oscar_engage.models import BasketMail, MailPermission, MailSuppression
from oscar_engage.reminders.digest import person_digests
from oscar_engage.reminders.permission import has_opted_in, never
from tests.reminders.conftest import NOW, SHOP, make_customer
from tests.reminders.test_links import logged_in
from tests.storefront.shopping import text_of

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/engage/mails/"


@pytest.fixture
def newcomer(transactional_db: None) -> Any:
    return make_customer(opted_in=False)


def ask(client: Client, wish: str = "yes", **headers: str) -> Any:
    return client.post(PAGE, {"wish": wish}, follow=True, headers=headers)


def link_in(mail: EmailMessage) -> str:
    [found] = re.findall(r"https://shop\.example(/engage/mails/confirm/\?token=\S+)", str(mail.body))
    return str(found)


def test_opt_in__asked_and_confirmed__permits(newcomer: Any, mailoutbox: list[EmailMessage]) -> None:
    client = logged_in(newcomer)
    before = text_of(client.get(PAGE))
    asked = text_of(ask(client, **{"Accept-Language": "de"}))
    run_due(now=timezone.now())
    unconfirmed = has_opted_in(newcomer)
    [mail] = mailoutbox
    looked = Client().get(link_in(mail))
    still = has_opted_in(newcomer)
    done = Client().post(link_in(mail))

    assert "one mail in 30 days at most" in before
    assert "ada@example.com" in asked
    assert mail.recipients() == ["ada@example.com"]
    assert not unconfirmed
    assert not still
    assert (looked.status_code, done.status_code) == (200, 200)
    assert has_opted_in(newcomer) == "de"
    assert not never(newcomer)
    assert "we write to ada@example.com" in text_of(client.get(PAGE))


def test_opt_in__taken_back__permits_nothing_and_the_old_link_neither(newcomer: Any, mailoutbox: list[EmailMessage]) -> None:
    client = logged_in(newcomer)
    ask(client)
    run_due(now=timezone.now())
    ask(client, "no")
    ask(client, "perhaps")

    assert Client().post(link_in(mailoutbox[0])).status_code == 410
    assert not has_opted_in(newcomer)


def test_opt_in__address_changed_before_it_was_confirmed__permits_nothing(
    newcomer: Any, mailoutbox: list[EmailMessage]
) -> None:
    ask(logged_in(newcomer))
    run_due(now=timezone.now())
    type(newcomer).objects.update(email="other@example.com")
    newcomer.refresh_from_db()
    Client().post(link_in(mailoutbox[0]))

    assert not has_opted_in(newcomer)
    ask(logged_in(newcomer))
    run_due(now=timezone.now())
    assert mailoutbox[-1].recipients() == ["other@example.com"]
    Client().post(link_in(mailoutbox[-1]))
    assert has_opted_in(newcomer)


def test_opt_in__confirmed_after_an_objection__lifts_it(newcomer: Any, mailoutbox: list[EmailMessage]) -> None:
    for digest in person_digests(newcomer.pk, newcomer.email):
        MailSuppression.objects.create(digest=digest, created_at=NOW)
    ask(logged_in(newcomer))
    run_due(now=timezone.now())
    before = MailSuppression.objects.count()
    Client().post(link_in(mailoutbox[0]))

    assert before == 2
    assert not MailSuppression.objects.exists()


@pytest.mark.parametrize("change", ["taken back", "account gone", "another address"])
def test_confirmation__outdated_before_it_was_sent__is_not_sent(
    change: str, newcomer: Any, mailoutbox: list[EmailMessage]
) -> None:
    ask(logged_in(newcomer))
    if change == "taken back":
        MailPermission.objects.all().delete()
    elif change == "account gone":
        MailPermission.objects.update(customer_id=999)
    else:
        type(newcomer).objects.update(email="other@example.com")
    ran = run_due(now=timezone.now())

    assert (ran.failed, mailoutbox) == (0, [])


def test_confirmation__job__holds_no_address(newcomer: Any) -> None:
    ask(logged_in(newcomer))

    assert "ada@" not in str(Job.objects.values().get(kind="reminders.confirm"))


def test_page__nobody_logged_in__leads_to_the_login() -> None:
    assert "/accounts/login/" in Client().get(PAGE)["Location"]


@pytest.mark.parametrize("changes", [{"ABANDONED_MAIL_MINUTES": 0}, {"MAIL_PERMISSION": "myshop.may_mail"}])
def test_page__shop_offers_no_opt_in_of_ours__not_there(changes: dict[str, Any], newcomer: Any) -> None:
    with override_settings(OSCAR_ENGAGE={**SHOP, **changes}):
        assert logged_in(newcomer).get(PAGE).status_code == 404


def test_page__account_without_an_address__not_there(newcomer: Any) -> None:
    type(newcomer).objects.update(email="")

    assert logged_in(newcomer).get(PAGE).status_code == 404


@pytest.mark.everything_recurs
def test_purge__old_mails_and_unconfirmed_requests__go(newcomer: Any) -> None:
    old = NOW - timedelta(days=91)
    BasketMail.objects.create(customer=newcomer, basket_id=1, created_at=old)
    kept = BasketMail.objects.create(customer=newcomer, basket_id=2, created_at=NOW - timedelta(days=89))
    MailPermission.objects.create(customer=newcomer, digest="x", asked_at=NOW - timedelta(days=15))
    run_due(now=NOW)

    assert list(BasketMail.objects.all()) == [kept]
    assert not MailPermission.objects.exists()


def test_rows__for_people__say_what_they_are(newcomer: Any) -> None:
    mail = BasketMail.objects.create(customer=newcomer, basket_id=7, created_at=NOW)
    permission = MailPermission.objects.create(customer=newcomer, digest="x", asked_at=NOW)

    assert str(mail) == "mail about basket 7 (sending)"
    assert str(permission) == f"permission of customer {newcomer.pk}"
    assert str(MailSuppression(digest="abcdefghij")) == "no mail to abcdefgh"
