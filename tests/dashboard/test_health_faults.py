"""Whatever befalls us, the health page says so in red, with a reason, while the shop sells on."""

from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from oscar_engage.jobs import nudge
from oscar_engage.signals import counters
from tests.attacks.conftest import atomic_requests  # noqa: F401 - fixture
from tests.attacks.group_l import FAULTS, HEALTHY, Fault, as_parameters
from tests.storefront.beats import body, known_shopper, send, signal
from tests.storefront.conftest import _fresh_process, product  # noqa: F401 - fixtures
from tests.storefront.journeys import add_to_basket

pytestmark = pytest.mark.django_db(transaction=True)
ILL = [fault for fault in FAULTS if fault.says]
UNTOUCHED = [fault for fault in FAULTS if not fault.says]


@pytest.fixture(autouse=True)
def _nothing_happened_yet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(counters, "_tallies", {})
    nudge._failures.clear()
    yield
    nudge._failures.clear()


@pytest.fixture
def staff(db: None) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("root", "root@example.com", "x"))
    return client


def read_health(staff: Client) -> tuple[int, str]:
    answer = staff.get(reverse("engage_dashboard:engage-health"))
    return answer.status_code, unescape(answer.content.decode())


@pytest.mark.attack("L01", "L03", "L04", "L07", "L08", "L11", "L12", "L16", "L18")
@pytest.mark.parametrize("atomic_requests", [True], indirect=True, ids=["atomic requests"])
@pytest.mark.parametrize("fault", as_parameters(*ILL))
def test_health__fault__is_red_with_its_reason_and_the_shop_sells_on(
    fault: Fault,
    atomic_requests: bool,  # noqa: F811 - the fixture
    product: Any,  # noqa: F811 - the fixture
    staff: Client,
) -> None:
    client = known_shopper()
    assert fault.says not in read_health(staff)[1]

    with fault.inject():
        for _page in range(4):
            assert client.get(product.get_absolute_url()).status_code == 200
            assert add_to_basket(client, product).status_code == 302
        assert send(client, body(signal())).status_code == 204
        status, page = read_health(staff)

    assert fault.says in page
    assert status == 503 or is_red(page, fault.says)


def is_red(page: str, words: str) -> bool:
    """Whether ``words`` stand in a box that is marked as bad."""
    boxes = page.split('class="engage-box')
    return any(box.startswith(" engage-figure-bad") and words in box for box in boxes)


@pytest.mark.attack("L10", "L15")
@pytest.mark.parametrize("fault", as_parameters(HEALTHY, *UNTOUCHED))
def test_health__nothing_of_ours_is_ill__says_nothing(
    fault: Fault,
    product: Any,  # noqa: F811 - the fixture
    staff: Client,
) -> None:
    client = known_shopper()

    with fault.inject():
        client.get(product.get_absolute_url())
        send(client, body(signal()))
        status, page = read_health(staff)

    assert status == 200
    assert "What went wrong" not in page
