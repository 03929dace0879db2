"""Do the ready policies hold for whom they name?"""

import pytest

from oscar_engage.desk.promises.choose import broken, choose_terms
from oscar_engage.desk.promises.models import Policy
from oscar_engage.desk.promises.shipped import create_ready_policies
from oscar_engage.rules.engine.values import UNKNOWN, Money
from tests.desk.promises.conftest import telling, utc

pytestmark = pytest.mark.django_db
NOW = utc("05-04 09:30")


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("Preferred customers", {"customer_orders": 5, "page_kind": "product"}),
        ("Preferred customers", {"customer_orders": 1, "customer_spent": Money(600, "GBP")}),  # type: ignore[arg-type]  # an amount
        ("A card was refused", {"checkout_payment_failures": 1, "customer_orders": 1, "page_kind": "checkout"}),
        ("Questions before buying", {"checkout_payment_failures": 0, "page_kind": "basket"}),
        ("Everybody else", {"page_kind": "account", "customer_orders": 1, "customer_spent": UNKNOWN}),
        ("Everybody else", {}),
    ],
)
def test_ready__who_asks__gets_the_promise_of_that_name(name: str, values: dict[str, object]) -> None:
    create_ready_policies(currency="GBP", user=None, now=NOW)
    assert Policy.objects.get(pk=choose_terms(telling(**values)).policy_id).name == name


def test_ready__made_twice__leaves_what_is_there() -> None:
    assert len(create_ready_policies(currency="GBP", user=None, now=NOW)) == 4
    assert not list(broken(list(Policy.objects.all())))
    Policy.objects.filter(first_minutes=5).update(first_minutes=10)
    Policy.objects.filter(first_minutes=30).delete()
    assert [policy.first_minutes for policy in create_ready_policies(currency="GBP", user=None, now=NOW)] == [30]
    assert Policy.objects.filter(first_minutes=10).exists()
