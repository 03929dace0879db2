"""The same shop with the help centre and the few apps of Wagtail's that it needs: the settings of ``tests/helpcenter``."""

from tests.settings import *  # noqa: F403 - the shop of the other tests
from tests.settings import DATABASES, INSTALLED_APPS, OSCAR_ENGAGE

INSTALLED_APPS = [
    *INSTALLED_APPS,
    "oscar_engage.helpcenter.apps.HelpCenterConfig",
    "sandbox.pages.apps.PagesConfig",
    "wagtail.search",
    "wagtail",
    "modelcluster",
    "taggit",
]
OSCAR_ENGAGE = dict(OSCAR_ENGAGE, SHOP_HOLDOUT=0)  # type: ignore[arg-type]  # whatever the keys
WAGTAIL_SITE_NAME = "Shop"

if "sqlite3" in str(DATABASES["default"]["ENGINE"]):
    # Wagtail's index is made by its migrations; the tables of the others as the models are, which takes seconds less.
    SHOPS = "address analytics basket catalogue communication customer offer order partner payment reviews shipping"
    MIGRATION_MODULES = dict.fromkeys((*SHOPS.split(), "voucher", "wishlists", "oscar_engage", "thumbnail"))
