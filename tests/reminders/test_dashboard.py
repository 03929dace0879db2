"""What staff see of the mails: their texts, in Oscar's own pages, and those that did not go, on the health page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_engage.dashboard.health.problems import find_unsent_mails
from oscar_engage.models import BasketMail, VisitorBasket
from oscar_engage.shop.basket_mail import CODE
from oscar_engage.shop.goods import list_goods
from tests.reminders.conftest import make_customer, work

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin() -> Client:
    client = Client()
    user = make_customer("boss@example.com", opted_in=False)
    type(user).objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_oscars_emails__mails_are_on__list_edit_and_preview_ours(admin: Client) -> None:
    work()

    listed = admin.get(reverse("dashboard:comms-list"))
    edit = reverse("dashboard:comms-update", args=[CODE])
    form = admin.get(edit).context["form"]
    shown = {name: form.initial[name] for name in form.initial}
    preview = admin.post(edit, {**shown, "show_preview": "1"})
    saved = admin.post(edit, {**shown, "email_subject_template": "Still there"})

    assert CODE in listed.content.decode()
    assert "{{ unsubscribe_url }}" in shown["email_body_template"]
    assert "{{ basket_url }}" in shown["email_body_html_template"]
    assert preview.context["preview"]["subject"] == "Your basket at example.com"
    assert saved.status_code == 302
    assert get_model("communication", "CommunicationEventType").objects.get().email_subject_template == "Still there"


@pytest.mark.parametrize(
    ("state", "age", "counted"),
    [
        ("failed", timedelta(hours=1), 1),
        ("failed", timedelta(hours=25), 0),
        ("sending", timedelta(hours=1), 1),
        ("sending", timedelta(minutes=5), 0),
        ("waiting", timedelta(hours=1), 0),
        ("sent", timedelta(hours=1), 0),
    ],
)
def test_health__mail_in_this_state__is_a_problem_or_not(state: str, age: timedelta, counted: int, admin: Client) -> None:
    now = timezone.now()
    user = make_customer()
    BasketMail.objects.create(customer=user, basket_id=1, state=state, created_at=now - age, last_error="SMTPDataError")

    assert [problem.count for problem in find_unsent_mails(now=now)] == [1] * counted
    page = admin.get(reverse("engage_dashboard:engage-health")).content.decode()
    assert ("SMTPDataError" in page) == bool(counted)


@pytest.mark.parametrize("lines", [1, 3])
def test_goods__however_many__one_query(
    lines: int, left: VisitorBasket, django_assert_num_queries: Callable[[int], Any]
) -> None:
    product = get_model("catalogue", "Product").objects.get()
    with django_assert_num_queries(1):
        assert len(list_goods([(product.pk, 1)] * lines)) == lines
