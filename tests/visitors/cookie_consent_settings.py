"""The test shop with django-cookie-consent, as a shop would have it."""

from tests.settings import *  # noqa: F403 - the same shop
from tests.settings import INSTALLED_APPS as SHOP

INSTALLED_APPS = [*SHOP, "cookie_consent"]
OSCAR_ENGAGE = {
    "CONSENT": "oscar_engage.visitors.adapters.cookie_consent.consent_level",
    "CONSENT_GROUPS": {"chat": "FUNCTIONAL", "analytics": "STATISTICS", "marketing": "PERSONALISATION"},
}
