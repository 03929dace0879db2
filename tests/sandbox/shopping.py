"""A shopper's browser without a browser: it opens the sandbox's pages, sends their beats, and we see what rules then read."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from django.db.models import Q
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_engage.dashboard.visits.moment import guess_moment
from oscar_engage.models import Visit
from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.rules.parameters import make_key
from oscar_engage.rules.variables import VARIABLES, Variable, reading
from oscar_engage.rules.with_json import clean_with
from oscar_engage.signals import record
from oscar_engage.signals.subject import Subject
from oscar_engage.visitors.page import read_page
from oscar_engage.visitors.stored import read_state
from sandbox.consent import COOKIE
from tests.storefront.beats import body, send, signal

PHONE = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36"
HEADERS = {"Sec-Fetch-Site": "same-origin", "User-Agent": PHONE}
PARAMETERS: dict[str, dict[str, Any]] = {
    "history.count": {"kind": "page.viewed", "days": 7},
    "history.visits": {"kind": "search.made", "days": 7},
    "history.seconds_since": {"kind": "page.viewed"},
    "history.sequence": {"first": "search.made", "then": "product.viewed"},
}
_SIGNED = re.compile(r'data-engage-page="([^"]+)"')


def product(upc: str) -> Any:
    return get_model("catalogue", "Product").objects.get(upc=upc)


@dataclass
class Browser:
    """One browser whose visitor agreed to everything; ``read`` collects the values that were more than nothing."""

    client: Client = field(default_factory=Client)
    read: dict[str, Value] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client.cookies[COOKIE] = "all"

    @property
    def visit(self) -> Visit:
        return Visit.objects.latest("last_at")

    def open(self, path: str, *signals: Any, **beat: Any) -> Any:
        """Open a page as a browser does: the page, and its first beat if it has our script."""
        response = self.client.get(path, headers={"user-agent": PHONE}, follow=True)
        signed = _SIGNED.search(response.content.decode())
        if signed:
            address = f"http://testserver{path}"
            told = body(signal(), *signals, page=read_page(unescape(signed[1])), **beat)
            assert send(self.client, told, **HEADERS, Referer=address).status_code < 300
        self.look()
        return response

    def post(self, name: str, data: dict[str, Any], *args: Any) -> Any:
        response = self.client.post(reverse(name, args=args), data, headers={"user-agent": PHONE})
        self.look()
        return response

    def tell(self, kind: str, **data: Any) -> None:
        """Send a beat with one more signal of the page that is open."""
        assert send(self.client, body(signal(kind, data=data)), **HEADERS).status_code < 300
        self.look()

    def shop_tells(self, kind: str, **data: Any) -> None:
        """Have the shop, or its help centre, record what it alone knows."""
        record(Subject(visitor_id=self.visit.visitor_id), kind, **data)
        self.look()

    def look(self) -> None:
        """Read every variable as a rule would now."""
        visit = Visit.objects.select_related("visitor").order_by("-last_at").first()
        if visit is None:
            return
        read = reading(guess_moment(visit.visitor, read_state(visit), now=timezone.now()))
        values = {entry.name: read(key_of(entry)) for entry in VARIABLES}
        self.read |= {name: value for name, value in values.items() if not is_empty(name, value)}


def key_of(entry: Variable) -> str:
    """Return what to ask of a variable: its name, with the parameters that it cannot be asked without."""
    return make_key(entry.name, entry.parameters, clean_with(entry, PARAMETERS.get(entry.name), "")[0])


def is_empty(name: str, value: Value) -> bool:
    """Whether there is nothing to see; midnight, closing time and a wait of no minute are something."""
    return value is UNKNOWN or (not name.startswith(("time.", "desk.expected_wait")) and not value)


def set_stock(product: Any, **changes: Any) -> None:
    """Have the shop change the price or the stock of a product, of all its variants."""
    records = get_model("partner", "StockRecord").objects
    records.filter(Q(product=product) | Q(product__parent=product)).update(**changes)
