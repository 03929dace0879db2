"""One mail about a basket left behind: to whom, when, once; and what it holds."""

import smtplib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, connections
from django.test import override_settings
from oscar.core.loading import get_model
from oscar.test.factories import OptionFactory, create_order

from oscar_engage.decisions.arms import is_in_shop_holdout
from oscar_engage.jobs.models import Job
from oscar_engage.models import BasketMail, MailPermission, MailSuppression, SignalRecord, Switch, Visitor, VisitorBasket
from oscar_engage.personal.person import make_person
from oscar_engage.privacy.erase import begin_erasure, run_parts
from oscar_engage.reminders.digest import address_digest
from oscar_engage.reminders.plan import KIND, MOST_TRIES
from oscar_engage.shop.basket_mail import CODE
from oscar_engage.signals.counters import snapshot
from tests.reminders.conftest import HOUR, NOW, SHOP, Change, leave, make_customer, work

pytestmark = pytest.mark.django_db(transaction=True)

GERMAN = {"language": "de"}


def refusals() -> dict[str, int]:
    return {name: number for name, number in snapshot().items() if name.startswith("mail:")}


def test_mail__basket_left_by_who_asked_for_it__one_mail_after_its_time(
    left: VisitorBasket, mailoutbox: list[EmailMessage]
) -> None:
    work()
    work(HOUR - timedelta(seconds=1))
    early = len(mailoutbox)
    work(HOUR)
    work(2 * HOUR)
    work(timedelta(days=40))

    [mail] = mailoutbox
    assert early == 0
    assert mail.recipients() == ["ada@example.com"]
    assert "2 \u00d7 Rain boots" in mail.body
    assert BasketMail.objects.get().state == "sent"
    [sent] = SignalRecord.objects.filter(kind="mail.sent")
    assert (sent.visitor_id, sent.payload) == (left.visitor_id, {"basket_id": left.basket_id})


def test_mail__headers__end_it_with_one_click(mail: EmailMessage) -> None:
    wire = message_from_bytes(mail.message().as_bytes())

    link = str(wire["List-Unsubscribe"]).replace("\n", "").replace(" ", "")
    assert link.startswith("<https://shop.example/engage/mails/stop/?token=")
    assert link.endswith(">")
    assert wire["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert wire["Auto-Submitted"] == "auto-generated"
    assert link[1:-1] in mail.body
    [(html, _kind)] = mail.alternatives  # type: ignore[attr-defined]  # it has two bodies
    assert link[1:-1] in html
    assert "ada@" not in link


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("consent lowered", lambda left, user: Visitor.objects.update(consent=2)),
        ("visitor forgotten", lambda left, user: Visitor.objects.all().delete()),
        ("permission taken back", lambda left, user: MailPermission.objects.all().delete()),
        ("permission never confirmed", lambda left, user: MailPermission.objects.update(confirmed_at=None)),
        ("another address since", lambda left, user: type(user).objects.update(email="other@example.com")),
        ("no address", lambda left, user: type(user).objects.update(email="")),
        ("account closed", lambda left, user: type(user).objects.update(is_active=False)),
        ("account gone", lambda left, user: Visitor.objects.update(customer_id=999)),
        ("staff", lambda left, user: Visitor.objects.update(is_staff=True)),
        ("run by a program", lambda left, user: Visitor.objects.update(is_automaton=True)),
        ("staff account", lambda left, user: type(user).objects.update(is_staff=True)),
        (
            "objected",
            lambda left, user: MailSuppression.objects.create(digest=address_digest("Ada@Example.com"), created_at=NOW),
        ),
        ("came back", lambda left, user: Visitor.objects.update(last_seen_at=NOW + HOUR / 2)),
        (
            "came back elsewhere",
            lambda left, user: Visitor.objects.create(customer=user, created_at=NOW, last_seen_at=NOW + HOUR / 2),
        ),
        ("ordered", lambda left, user: order(user=user)),
        ("ordered as a guest", lambda left, user: order(user=None, guest_email="ADA@example.com")),
        ("ordered that basket", lambda left, user: order(user=None, basket_id=left.basket_id)),
        ("emptied", lambda left, user: get_model("basket", "Line").objects.all().delete()),
        ("sold out", lambda left, user: get_model("partner", "StockRecord").objects.update(num_in_stock=0)),
        ("merged", lambda left, user: get_model("basket", "Basket").objects.update(status="Merged")),
        ("another's by now", lambda left, user: give_away()),
        (
            "switched off",
            lambda left, user: Switch.objects.update_or_create(pk=1, defaults={"is_on": False, "changed_at": NOW}),
        ),
    ],
)
def test_mail__something_changed_before_it_was_sent__wins(
    name: str, change: Change, left: VisitorBasket, customer: Any, mailoutbox: list[EmailMessage]
) -> None:
    work()
    assert Job.objects.filter(kind=KIND, state="due").exists()

    change(left, customer)
    mailoutbox.clear()  # an order's own
    work(HOUR)

    assert [mail.subject for mail in mailoutbox] == []
    assert not BasketMail.objects.exists()
    assert Job.objects.get(kind=KIND).state == "done"


def order(**changes: Any) -> None:
    create_order()
    get_model("order", "Order").objects.update(**changes)


def give_away() -> None:
    get_model("basket", "Basket").objects.update(owner=make_customer("eve@example.com"))


@pytest.mark.parametrize(
    "settings",
    [
        {"ABANDONED_MAIL_MINUTES": 0},
        {"MAIL_PERMISSION": "oscar_engage.reminders.permission.never"},
    ],
)
def test_mail__shop_does_not_want_it__none(
    settings: dict[str, Any], left: VisitorBasket, mailoutbox: list[EmailMessage]
) -> None:
    with override_settings(OSCAR_ENGAGE={**SHOP, **settings}):
        work()
        work(HOUR)

    assert mailoutbox == []


def holding_out(visitor: Visitor) -> override_settings:
    """The shop's settings with a salt by which ``visitor`` is left alone."""
    tried = (f"salt {number}" for number in range(100))
    salt = next(salt for salt in tried if is_in_shop_holdout(visitor.unit_id, salt=salt, share=0.5))
    return override_settings(OSCAR_ENGAGE={**SHOP, "SHOP_HOLDOUT": 0.5, "SALT": salt})


def test_mail__customer_held_out__a_row_says_that_it_would_have_gone(
    left: VisitorBasket, customer: Any, mailoutbox: list[EmailMessage]
) -> None:
    with holding_out(left.visitor):
        work()
        work(HOUR)
        leave(customer, title="Umbrella")
        work(HOUR + timedelta(minutes=1))
        work(3 * HOUR)

    held_out = BasketMail.objects.get()
    assert mailoutbox == []
    assert (held_out.basket_id, held_out.state, held_out.sent_at) == (left.basket_id, "held_out", None)
    assert [quantity for _product, quantity in held_out.lines] == [2]
    assert not SignalRecord.objects.filter(kind="mail.sent").exists()


def test_mail__held_out_but_would_not_have_gone__no_row(left: VisitorBasket, mailoutbox: list[EmailMessage]) -> None:
    MailPermission.objects.all().delete()
    with holding_out(left.visitor):
        work()
        work(HOUR)

    assert mailoutbox == []
    assert not BasketMail.objects.exists()


def test_mail__settings_left_at_their_defaults__plans_nothing(left: VisitorBasket) -> None:
    with override_settings(OSCAR_ENGAGE={}):
        work()

    assert VisitorBasket.objects.get().outcome == "abandoned"
    assert not Job.objects.filter(kind=KIND).exists()


def test_mail__shop_answers_itself__is_sent_in_the_shops_language(left: VisitorBasket, mailoutbox: list[EmailMessage]) -> None:
    MailPermission.objects.all().delete()
    with override_settings(OSCAR_ENGAGE={**SHOP, "MAIL_PERMISSION": "tests.reminders.test_mail.shop_permits"}):
        work()
        work(HOUR)

    assert len(mailoutbox) == 1


def shop_permits(customer: Any) -> bool:
    return bool(customer.email == "ada@example.com")


def test_mail__second_basket_of_the_same_customer__waits_for_its_days(customer: Any, mailoutbox: list[EmailMessage]) -> None:
    for title in ("Rain boots", "Umbrella"):
        leave(customer, title=title)
    work()
    work(HOUR)

    assert len(mailoutbox) == 1
    assert refusals().get("mail:mailed_lately", 0) >= 1


def test_mail__worker_stood_still_for_days__too_late_for_it(left: VisitorBasket, mailoutbox: list[EmailMessage]) -> None:
    work()
    work(HOUR + timedelta(days=2, seconds=1))

    assert mailoutbox == []


def test_mail__line_with_options__is_not_in_it(left: VisitorBasket, mailoutbox: list[EmailMessage]) -> None:
    line = get_model("basket", "Line").objects.get()
    line.attributes.create(option=OptionFactory(), value="For my dear Bob")
    work()
    work(HOUR)

    assert mailoutbox == []


class RefusingBackend(BaseEmailBackend):
    """A mail server that takes nothing, for this reason."""

    reason: Exception = ConnectionRefusedError()

    def send_messages(self, messages: Any) -> int:
        """Refuse."""
        raise self.reason


@pytest.mark.parametrize(
    "reason",
    [
        ConnectionRefusedError("no route for ada@example.com"),
        smtplib.SMTPDataError(452, b"no space for ada@example.com"),
        smtplib.SMTPRecipientsRefused({"ada@example.com": (450, b"later")}),
    ],
)
def test_mail__server_refuses_it__tried_again_and_sent_once(
    reason: Exception, left: VisitorBasket, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RefusingBackend, "reason", reason)
    work()
    with override_settings(EMAIL_BACKEND="tests.reminders.test_mail.RefusingBackend"):
        work(HOUR)
        waiting = BasketMail.objects.get()
    work(HOUR + timedelta(minutes=1))
    still = len(mailoutbox)
    work(HOUR + timedelta(minutes=2))

    assert (waiting.state, waiting.tries) == ("waiting", 1)
    assert "ada@" not in waiting.last_error
    assert (still, len(mailoutbox)) == (0, 1)
    assert (BasketMail.objects.get().state, BasketMail.objects.get().tries) == ("sent", 2)
    assert snapshot()["fault:mail"] >= 1


def test_mail__visitor_erased_before_it_was_due__is_not_sent(left: VisitorBasket, mailoutbox: list[EmailMessage]) -> None:
    work()
    person = make_person([left.visitor_id])
    run_parts(begin_erasure(person, actor=None, now=NOW), now=NOW)
    assert Job.objects.get(kind=KIND).payload == {}
    work(HOUR)

    assert mailoutbox == []
    assert Job.objects.get(kind=KIND).state == "done"


@pytest.mark.parametrize("state", ["sending", "sent", "failed"])
def test_mail__considered_once_more__is_not_sent_again(
    state: str, left: VisitorBasket, customer: Any, mailoutbox: list[EmailMessage]
) -> None:
    BasketMail.objects.create(customer=customer, basket_id=left.basket_id, state=state, created_at=NOW)
    work()
    work(HOUR)

    assert mailoutbox == []
    assert BasketMail.objects.get().state == state


def test_mail__two_baskets_considered_at_the_same_moment__one_mail(customer: Any, mailoutbox: list[EmailMessage]) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("threads cannot share SQLite's memory database")
    for title in ("Rain boots", "Umbrella", "Socks", "Hat"):
        leave(customer, title=title)
    work()
    barrier = threading.Barrier(4)

    def sweep(_worker: int) -> None:
        try:
            barrier.wait(timeout=30)
            work(HOUR)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(sweep, range(4)))

    assert len(mailoutbox) == 1


def test_mail__server_stays_down__is_given_up(left: VisitorBasket, mailoutbox: list[EmailMessage]) -> None:
    work()
    with override_settings(EMAIL_BACKEND="tests.reminders.test_mail.RefusingBackend"):
        for minutes in range(0, 200, 2):
            work(HOUR + timedelta(minutes=minutes))
    work(5 * HOUR)

    mail = BasketMail.objects.get()
    assert (mail.state, mail.tries) == ("failed", MOST_TRIES)
    assert mailoutbox == []


def test_mail__objected_between_two_tries__is_not_sent(left: VisitorBasket, mailoutbox: list[EmailMessage]) -> None:
    work()
    with override_settings(EMAIL_BACKEND="tests.reminders.test_mail.RefusingBackend"):
        work(HOUR)
    MailSuppression.objects.create(digest=address_digest("ada@example.com"), created_at=NOW)
    work(2 * HOUR)

    assert mailoutbox == []


@override_settings(OSCAR_SAVE_SENT_EMAILS_TO_DB=True)
def test_mail__shop_cannot_keep_its_copy__was_sent_all_the_same(
    left: VisitorBasket, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the shop's own table")

    monkeypatch.setattr("oscar.apps.communication.utils.Dispatcher.create_email", broken)
    for minutes in range(0, 120, 10):
        work(timedelta(minutes=minutes))

    assert len(mailoutbox) == 1
    assert BasketMail.objects.get().state == "sent"


def test_mail__agreed_to_in_german__is_german(customer: Any, mailoutbox: list[EmailMessage]) -> None:
    MailPermission.objects.update(**GERMAN)
    customer.first_name = "Jürgen <b>"
    customer.save()
    leave(customer, title="<i>Stiefel</i> & Socken")
    work()
    work(HOUR)

    [mail] = mailoutbox
    [(html, _kind)] = mail.alternatives  # type: ignore[attr-defined]  # it has two bodies
    assert "Guten Tag Jürgen <b>," in mail.body
    assert "&lt;i&gt;Stiefel&lt;/i&gt; &amp; Socken" in html
    assert "<i>Stiefel</i> & Socken" in mail.body


def test_type__mails_are_on__is_listed_with_texts_that_can_be_edited(
    left: VisitorBasket, mailoutbox: list[EmailMessage]
) -> None:
    work()
    work(timedelta(minutes=6))
    kind = get_model("communication", "CommunicationEventType").objects.get(code=CODE)
    kind.email_subject_template = "{{ user.first_name }}, come back"
    kind.email_body_template = "Please {{ basket_url }}"
    kind.email_body_html_template = "<html><body>Please</body></html>"
    kind.save()
    work(HOUR)

    [mail] = mailoutbox
    [(html, _kind)] = mail.alternatives  # type: ignore[attr-defined]  # it has two bodies
    assert mail.subject == "Ada, come back"
    assert "/engage/mails/stop/?token=" in mail.body
    assert html.endswith("</a></p></body></html>")
    assert "/engage/mails/stop/?token=" in html


def test_type__mails_are_off__is_not_listed(left: VisitorBasket) -> None:
    with override_settings(OSCAR_ENGAGE={}):
        work()

    assert not get_model("communication", "CommunicationEventType").objects.exists()


def test_type__shop_emptied_its_texts__nothing_is_sent_and_the_health_page_can_tell(
    left: VisitorBasket, mailoutbox: list[EmailMessage]
) -> None:
    work()
    get_model("communication", "CommunicationEventType").objects.filter(code=CODE).update(email_subject_template="")
    work(HOUR)

    assert mailoutbox == []
    assert "nothing was sent" in BasketMail.objects.get().last_error
