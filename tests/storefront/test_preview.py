"""Does staff see a draft on the shop's own pages, nobody else, and is nothing of it counted?"""

import time
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from oscar_engage.models import Decision, Engagement, SignalRecord, Visit
from oscar_engage.storefront.preview_token import MAX_AGE, PARAMETER, Asked, write_token
from oscar_engage.widgets.life.document import as_of, document_of
from oscar_engage.widgets.life.publish import save_draft
from tests.dashboard.conftest import client_of  # noqa: F401 - a fixture
from tests.storefront.beats import known_shopper
from tests.storefront.journeys import stock_shop

pytestmark = pytest.mark.django_db
DENY = "django.middleware.clickjacking.XFrameOptionsMiddleware"


@pytest.fixture
def staff(client_of: Callable[[str], Client]) -> Client:  # noqa: F811 - the fixture
    return client_of("merchandiser")


@pytest.fixture
def draft(staff: Client) -> Engagement:
    """Return an engagement with a draft in two languages beside its live words."""
    made = Engagement.objects.create(slug="help", widget="note", title="Live words")
    german = {"de": {"title": "Entwurf", "body": "", "button": ""}}
    typed = as_of(made, {**document_of(made), "title": "Draft <b>words</b>", "translations": german})
    save_draft(typed, user=None, now=timezone.now())
    return made


def token(draft: Engagement, **changes: Any) -> str:
    user = get_user_model().objects.get(username="merchandiser")
    asked = {"engagement": draft.pk, "version": 2, "variant": "", "language": "en", "user": str(user.pk)}
    return write_token(Asked(**{**asked, **changes}))


def test_preview__page_of_the_shop__has_the_draft_and_no_script_that_reports(staff: Client, draft: Engagement) -> None:
    product = stock_shop()
    response = staff.get(product.get_absolute_url(), {PARAMETER: token(draft)})
    page = response.content.decode()

    assert "Draft &lt;b&gt;words&lt;/b&gt;" in page
    assert "dist/preview.js" in page
    assert "dist/engage.js" not in page
    assert response["Cache-Control"] == "private, no-store"


def test_preview__language__the_page_and_the_draft_are_in_it(staff: Client, draft: Engagement) -> None:
    page = staff.get("/catalogue/", {PARAMETER: token(draft, language="de")}).content.decode()
    assert "Entwurf" in page
    assert '<html lang="de"' in page


def test_preview__shop_that_denies_frames__allows_its_own_for_this_page_alone(
    staff: Client, draft: Engagement, settings: Any
) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, DENY]
    assert staff.get("/catalogue/", {PARAMETER: token(draft)})["X-Frame-Options"] == "SAMEORIGIN"
    assert staff.get("/catalogue/")["X-Frame-Options"] == "DENY"
    assert Client().get("/catalogue/", {PARAMETER: token(draft)})["X-Frame-Options"] == "DENY"


def test_preview__shopper_page_sent_elsewhere__the_draft_comes_along(staff: Client, draft: Engagement) -> None:
    response = staff.get("/checkout/", {PARAMETER: token(draft)}, follow=True)
    assert response.redirect_chain
    assert "Draft &lt;b&gt;" in response.content.decode()


@pytest.mark.parametrize("who", ["anonymous", "customer", "agent", "superuser"])
def test_preview__address_in_other_hands__shows_nothing(
    who: str,
    draft: Engagement,
    client_of: Callable[[str], Client],  # noqa: F811 - the fixture
) -> None:
    page = client_of(who).get("/catalogue/", {PARAMETER: token(draft)}).content.decode()
    assert "Draft" not in page


def test_preview__too_old_or_forged__is_the_page_as_it_always_is(
    staff: Client, draft: Engagement, monkeypatch: pytest.MonkeyPatch
) -> None:
    written, now = token(draft), time.time()
    forged = staff.get("/catalogue/", {PARAMETER: f"{written}x"}).content.decode()
    monkeypatch.setattr(time, "time", lambda: now + MAX_AGE + 1)
    old = staff.get("/catalogue/", {PARAMETER: written}).content.decode()
    for page in (forged, old):
        assert "Draft" not in page
        assert "dist/engage.js" in page


def test_preview__version_or_engagement_gone__is_a_page_without_it(staff: Client, draft: Engagement) -> None:
    for changes in ({"version": 99}, {"engagement": 99}):
        response = staff.get("/catalogue/", {PARAMETER: token(draft, **changes)})
        assert response.status_code == 200
        assert "Draft" not in response.content.decode()


def test_preview__page_on_which_one_pays__has_no_script(staff: Client, draft: Engagement, settings: Any) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "PAYMENT_VIEWS": ("catalogue:index",)}
    assert "preview.js" not in staff.get("/catalogue/", {PARAMETER: token(draft)}).content.decode()


def test_preview__by_a_browser_that_is_known__leaves_no_trace(staff: Client, draft: Engagement) -> None:
    product, shopper = stock_shop(), known_shopper()
    staff.cookies.update(shopper.cookies)
    before = (SignalRecord.objects.count(), Decision.objects.count(), list(Visit.objects.values()))
    staff.get(product.get_absolute_url(), {PARAMETER: token(draft)})
    assert (SignalRecord.objects.count(), Decision.objects.count(), list(Visit.objects.values())) == before


def test_preview__help_with_a_field__comes_with_what_shows_it_at_its_field(staff: Client) -> None:
    made = Engagement.objects.create(slug="postcode", widget="field", title="Live", anchor="postcode")
    save_draft(as_of(made, {**document_of(made), "title": 'Your "postcode"'}), user=None, now=timezone.now())

    page = unescape(staff.get("/catalogue/", {PARAMETER: token(made)}).content.decode())

    assert '"field": "postcode", "title": "Your \\"postcode\\""' in page
    assert "dist/field_help.js" in page
