"""What a request tells of the browser: device, site, campaign, country. Hostile as all that a browser says."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.test import RequestFactory

from oscar_engage.models import SignalRecord, Visit
from oscar_engage.signals.shipped_visits import VisitBegan
from oscar_engage.storefront.client import Client, ask_country, read_beat_request, read_page_request, tell_device
from oscar_engage.visitors.page import PageFacts
from oscar_engage.visitors.stored import read_state
from tests.storefront.beats import URL, body, known_shopper, send, shopper, signal
from tests.storefront.journeys import add_to_basket

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Safari/604.1"
)
LINK = "https://testserver/catalogue/?utm_source=newsletter&utm_medium=email&utm_campaign=Spring%20sale&mail=ann@example.com"


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (PHONE, "phone"),
        ("Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/131.0.0.0 Mobile Safari/537.36", "phone"),
        ("Mozilla/5.0 (Android 15; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0", "phone"),
        ("Mozilla/5.0 (Linux; Android 15; SM-X910) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36", "tablet"),
        ("Mozilla/5.0 (iPad; CPU OS 18_2 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1", "tablet"),
        ("Mozilla/5.0 (Android 15; Tablet; rv:133.0) Gecko/133.0 Firefox/133.0", "tablet"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36", "desktop"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605.1.15", "desktop"),
        ("", ""),
    ],
)
def test_device__of_a_browser__is_what_it_says(agent: str, device: str) -> None:
    assert tell_device({"User-Agent": agent}) == device


def test_device__reduced_agent__goes_by_the_hint() -> None:
    assert tell_device({"User-Agent": "Mozilla/5.0 (X11; Linux) Chrome/131", "Sec-CH-UA-Mobile": "?1"}) == "phone"


def page_request(path: str = "/", **headers: str) -> VisitBegan:
    return began(read_page_request(RequestFactory().get(path, headers=headers, HTTP_HOST="testserver")))


def began(client: Client) -> VisitBegan:
    assert client.began is not None
    return client.began()


@pytest.mark.parametrize(
    ("referer", "host"),
    [
        ("https://www.Example.org:8080/a/b?email=ann@example.com", "example.org"),
        ("https://ann:secret@example.org/", "example.org"),
        ("https://testserver/catalogue/", ""),
        ("android-app://com.example.mail/", "com.example.mail"),
        ("https://[::1", ""),
        ("nonsense", ""),
        ("https://" + "a" * 300, "a" * 64),
        ("", ""),
    ],
)
def test_page_request__from_another_site__keeps_its_name_alone(referer: str, host: str) -> None:
    assert page_request(referer=referer) == VisitBegan(host=host)


def test_page_request__campaign__is_kept_and_nothing_else_of_the_address() -> None:
    assert page_request(LINK) == VisitBegan(source="newsletter", medium="email", campaign="Spring sale")


@pytest.mark.parametrize(
    ("query", "source"),
    [
        ("utm_source=ann@example.com", ""),
        ("utm_source=4111111111111111", "masked"),
        ("utm_source=a%00b%ED%A0%80", "ab"),
        ("utm_source=" + "x" * 500, "x" * 64),
        ("utm_source=one&utm_source=two", "one"),
        ("&".join(["utm_source=a"] * 60), ""),
        ("utm_source=", ""),
    ],
)
def test_page_request__hostile_campaign__is_cleaned(query: str, source: str) -> None:
    found = page_request(f"/?{query}").source
    if source == "masked":
        assert "1111" not in found
    else:
        assert found.replace("\N{REPLACEMENT CHARACTER}", "") == source


def test_beat_request__of_a_page__reads_its_address_for_the_campaign_alone() -> None:
    request = RequestFactory().post(URL, headers={"referer": LINK, "user-agent": PHONE}, HTTP_HOST="testserver")

    assert began(read_beat_request(request, "www.blog.example")) == VisitBegan(
        host="blog.example", source="newsletter", medium="email", campaign="Spring sale", device="phone"
    )


@pytest.mark.django_db
def test_visit__opened_by_a_beat__tells_once_how_it_began() -> None:
    client = shopper()
    headers = {"Sec-Fetch-Site": "same-origin", "User-Agent": PHONE}
    told = body(signal(), page=PageFacts(kind="category", language="de"), **{"from": "www.search.example"})

    send(client, told, **headers)
    send(client, body(signal(), **{"from": "other.example"}), **headers)

    record = SignalRecord.objects.get(kind="visit.began")
    assert record.payload == {"host": "search.example", "device": "phone", "page": "category", "language": "de"}
    assert record.source == "server"
    assert read_state(Visit.objects.get()).arrival.host == "search.example"


@pytest.mark.django_db
def test_visit__opened_by_a_page__tells_how_it_began(product: Any) -> None:
    client = known_shopper()
    Visit.objects.all().delete()
    SignalRecord.objects.all().delete()

    client.get(product.get_absolute_url() + "?utm_source=ads", headers={"referer": "https://blog.example/x"})

    payload = SignalRecord.objects.get(kind="visit.began").payload
    assert (payload["host"], payload["source"], payload["page"]) == ("blog.example", "ads", "product")


@pytest.mark.django_db
@pytest.mark.parametrize("came_from", [None, 7, "x" * 400, {"a": 1}])
def test_beat__came_from_nonsense__is_refused_or_ignored(came_from: Any) -> None:
    response = send(shopper(), body(signal(), **{"from": came_from}))

    assert response.status_code == 400
    assert not Visit.objects.exists()


def from_header(request: Any) -> Any:
    return request.headers.get("X-Country")


@pytest.mark.parametrize(("header", "country"), [("gb", "GB"), (" de ", "DE"), ("", ""), ("XYZ", ""), ("1!", ""), ("ßß", "")])
def test_country__by_the_shops_own_callable__is_two_letters(settings: Any, header: str, country: str) -> None:
    settings.OSCAR_ENGAGE = {"COUNTRY": "tests.storefront.test_client.from_header"}
    request = RequestFactory().get("/", headers={"X-Country": header})

    assert ask_country(request) == country
    assert read_beat_request(request, "").country() == country


def test_country__no_callable__is_not_known() -> None:
    assert read_page_request(RequestFactory().get("/")).country() == ""


@pytest.mark.django_db
def test_login__customer_still_logged_in__is_told_once_a_visit(product: Any, django_user_model: Any) -> None:
    client: Browser = known_shopper()
    client.force_login(django_user_model.objects.create_user("ann", "ann@example.com"))
    SignalRecord.objects.filter(kind__startswith="login").delete()
    Visit.objects.all().delete()

    client.get(product.get_absolute_url())
    add_to_basket(client, product)
    client.get(product.get_absolute_url())

    assert SignalRecord.objects.filter(kind="login.recognised").count() == 1
    assert read_state(Visit.objects.get()).is_logged_in
