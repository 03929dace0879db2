"""Are a customer's two devices one to learn from, and does a stranger's log stay theirs?"""

from typing import Any

import pytest
from django.contrib.auth import get_user_model

from oscar_engage.learning.vectors.models import ScoredVector
from oscar_engage.visitors.identity import link_customer
from tests.learning.vectors.browser import Browser

pytestmark = pytest.mark.django_db


def units() -> list[Any]:
    return list(ScoredVector.objects.order_by("pk").values_list("visitor_id", flat=True))


def test_link_customer__second_device__vectors_become_the_older_units() -> None:
    customer = get_user_model().objects.create_user("ann", "ann@example.com")
    first, second, stranger = Browser(), Browser(), Browser()
    for place, browser in enumerate((first, second, stranger)):
        browser.beat("page.viewed", after=10 * place)
    link_customer(first.visitor, customer.pk)

    link_customer(second.visitor, customer.pk)

    assert units() == [first.visitor.pk, first.visitor.pk, stranger.visitor.pk]
    second.beat("page.exit_intent", "page.exit_intent")
    assert units()[-1] == first.visitor.pk
