"""The links in the mail: to the goods, without opening anybody's basket or account; and out, with one click."""

import re
import time
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_class, get_model
from oscar.test.factories import create_order, create_product

from oscar_engage import hooks
from oscar_engage.models import BasketMail, MailPermission, MailSuppression, SignalRecord, VisitorBasket
from oscar_engage.privacy.erase import begin_erasure, run_parts
from oscar_engage.privacy.find import find_customer
from oscar_engage.reminders.digest import address_digest
from oscar_engage.reminders.suppress import is_suppressed, lift
from oscar_engage.switch.state import turn
from tests.reminders.conftest import HOUR, NOW, leave, make_customer, work
from tests.storefront.shopping import text_of

pytestmark = pytest.mark.django_db(transaction=True)

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
GONE = "This basket is not here any more"


def link_to(what: str, mail: EmailMessage) -> str:
    [found] = re.findall(rf"https://shop\.example(/engage/{what}/\?token=\S+)", str(mail.body))
    return str(found)


def goods_in(mail: EmailMessage) -> str:
    return link_to("basket/left", mail)


def way_out(mail: EmailMessage) -> str:
    return link_to("mails/stop", mail)


def logged_in(customer: Any) -> Client:
    client = Client()
    client.force_login(customer, backend="django.contrib.auth.backends.ModelBackend")
    return client


def held_by(client: Client) -> dict[str, int]:
    basket = client.get(reverse("basket:summary")).context["basket"]
    return {line.product.get_title(): line.quantity for line in basket.all_lines()}


def kinds() -> list[str]:
    return list(SignalRecord.objects.filter(kind__startswith="mail.").order_by("pk").values_list("kind", flat=True))


def test_goods__the_customer_on_another_device__are_in_the_basket_they_left(mail: EmailMessage, customer: Any) -> None:
    client = logged_in(customer)

    response = client.get(goods_in(mail))

    assert (response.status_code, response["Location"]) == (302, reverse("basket:summary"))
    assert held_by(client) == {"Rain boots": 2}
    assert kinds() == ["mail.sent", "mail.followed"]


def test_goods__stranger_with_the_forwarded_mail__gets_a_basket_of_their_own(mail: EmailMessage, left: VisitorBasket) -> None:
    client = Client()
    page = client.get(goods_in(mail))
    looked = kinds()
    client.post(goods_in(mail))
    client.post(goods_in(mail))

    assert "2 \u00d7 Rain boots" in text_of(page)
    assert looked == ["mail.sent"]  # whoever scans mails follows nothing
    assert held_by(client) == {"Rain boots": 2}
    own = get_model("basket", "Basket").objects.exclude(pk=left.basket_id).get()
    assert own.owner is None
    assert "_auth_user_id" not in client.session
    assert "ada" not in text_of(page).lower()
    assert kinds() == ["mail.sent", "mail.followed"]
    assert BasketMail.objects.get().followed_at is not None


def test_goods__customer_goes_on_shopping__stranger_sees_the_mail_and_no_more(mail: EmailMessage, left: VisitorBasket) -> None:
    basket = get_model("basket", "Basket").objects.get(pk=left.basket_id)
    basket.strategy = get_class("partner.strategy", "Selector")().strategy()
    basket.add_product(create_product(title="A surprise", price=5, num_in_stock=3))

    page = Client().get(goods_in(mail))

    assert "A surprise" not in text_of(page)


def test_goods__another_customer__gets_them_into_their_own(mail: EmailMessage, customer: Any, left: VisitorBasket) -> None:
    client = logged_in(make_customer("eve@example.com"))
    client.post(goods_in(mail))

    assert held_by(client) == {"Rain boots": 2}
    assert get_model("basket", "Basket").objects.get(pk=left.basket_id).owner == customer


def test_goods__one_is_in_the_basket_already__the_other_is_added(mail: EmailMessage) -> None:
    client = Client()
    product = get_model("catalogue", "Product").objects.get()
    client.post(reverse("basket:add", args=[product.pk]), {"quantity": 1})

    client.post(goods_in(mail))

    assert held_by(client) == {"Rain boots": 2}


@pytest.mark.parametrize(("stock", "is_public", "held"), [(1, True, {}), (5, False, {})])
def test_goods__cannot_be_had_any_more__are_not_added(
    stock: int, is_public: bool, held: dict[str, int], mail: EmailMessage
) -> None:
    get_model("partner", "StockRecord").objects.update(num_in_stock=stock)
    get_model("catalogue", "Product").objects.update(is_public=is_public)
    client = Client()

    assert client.post(goods_in(mail)).status_code == 302
    assert held_by(client) == held


def test_goods__post_from_another_site__refused(mail: EmailMessage) -> None:
    assert Client(enforce_csrf_checks=True).post(goods_in(mail)).status_code == 403


def test_goods__ordered_erased_or_forged__gone(mail: EmailMessage, left: VisitorBasket) -> None:
    forged = Client().get("/engage/basket/left/?token=x:y:z")
    too_long = Client().get("/engage/basket/left/?token=" + "x" * 700)
    create_order()
    get_model("order", "Order").objects.update(basket_id=left.basket_id)
    ordered = Client().post(goods_in(mail))
    get_model("order", "Order").objects.all().delete()
    BasketMail.objects.all().delete()
    erased = Client().get(goods_in(mail))

    for answer in (forged, too_long, ordered, erased):
        assert answer.status_code == 410
        assert GONE in text_of(answer)


def test_goods__after_14_days__gone(mail: EmailMessage, monkeypatch: pytest.MonkeyPatch) -> None:
    late = time.time() + timedelta(days=14, minutes=1).total_seconds()
    monkeypatch.setattr(time, "time", lambda: late)

    assert Client().get(goods_in(mail)).status_code == 410


def test_tokens__of_one_link__open_no_other(mail: EmailMessage) -> None:
    goods, out = (parse_qs(urlsplit(link).query)["token"][0] for link in (goods_in(mail), way_out(mail)))

    assert Client().get(f"/engage/basket/left/?token={out}").status_code == 410
    assert Client().post(f"/engage/mails/stop/?token={goods}").status_code == 404
    assert Client().post(f"/engage/mails/confirm/?token={out}").status_code == 410


def test_way_out__provider_posts_without_cookies__no_mail_ever_after(
    mail: EmailMessage, customer: Any, mailoutbox: list[EmailMessage]
) -> None:
    told: list[Any] = []
    hooks.mail_unsubscribed.connect(lambda customer_id, **kwargs: told.append(customer_id), weak=False, dispatch_uid="test")
    try:
        answers = [Client(enforce_csrf_checks=True).post(way_out(mail), ONE_CLICK) for _time in range(2)]
    finally:
        hooks.mail_unsubscribed.disconnect(dispatch_uid="test")

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    assert not answers[0].cookies
    assert MailSuppression.objects.count() == 2
    assert not MailPermission.objects.exists()
    assert kinds() == ["mail.sent", "mail.unsubscribed"]
    assert told == [customer.pk, customer.pk]


def test_way_out__get__changes_nothing_and_asks(mail: EmailMessage) -> None:
    page = Client().get(way_out(mail))

    assert text_of(page).count("<form") == 1
    assert 'method="post"' in text_of(page)
    assert page["X-Robots-Tag"] == "noindex"
    assert page["Cache-Control"] == "private, no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    assert not MailSuppression.objects.exists()


def test_way_out__whoever_is_behind_it__same_answer(mail: EmailMessage, customer: Any) -> None:
    known = Client().post(way_out(mail))
    for model in (BasketMail, MailSuppression, VisitorBasket, type(customer)):
        model._default_manager.all().delete()
    unknown = Client().post(way_out(mail))

    assert known.content == unknown.content
    assert "ada@" not in text_of(known)


def test_way_out__erased_since__works_and_is_kept_as_a_hash(mail: EmailMessage, customer: Any) -> None:
    run_parts(begin_erasure(find_customer("ada@example.com"), actor=None, now=NOW), now=NOW)
    assert not BasketMail.objects.exists()
    assert not MailPermission.objects.exists()

    assert Client().post(way_out(mail)).status_code == 200
    run_parts(begin_erasure(find_customer("ada@example.com"), actor=None, now=NOW), now=NOW)

    assert is_suppressed(None, " ADA@example.com")
    assert is_suppressed(customer.pk, "new@example.com")
    assert not is_suppressed(None, "eve@example.com")


def test_way_out__shop_has_a_new_secret_key__objection_and_link_hold(mail: EmailMessage, settings: Any) -> None:
    Client().post(way_out(mail))
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"

    assert is_suppressed(None, "ada@example.com")
    assert Client().post(way_out(mail)).status_code == 200
    lift(None, "ada@example.com")
    assert not is_suppressed(None, "ada@example.com")


def test_way_out__everything_switched_off__works(mail: EmailMessage) -> None:
    turn(is_on=False, now=NOW)
    try:
        assert Client().post(way_out(mail)).status_code == 200
    finally:
        turn(is_on=True, now=NOW)

    assert MailSuppression.objects.exists()


def test_way_out__later_basket_of_whoever_objected__no_mail(
    mail: EmailMessage, customer: Any, mailoutbox: list[EmailMessage]
) -> None:
    leave(customer, title="Umbrella")
    work(2 * HOUR)
    Client().post(way_out(mail))
    MailPermission.objects.create(customer=customer, digest=address_digest(customer.email), asked_at=NOW, confirmed_at=NOW)
    BasketMail.objects.all().delete()
    work(4 * HOUR)

    assert mailoutbox == [mail]
