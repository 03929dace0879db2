"""The same shop with our tables in a database of their own: the settings of ``tests/two_databases``."""

from tests.settings import *  # noqa: F403 - the shop of the other tests
from tests.settings import DATABASES as ONE

IS_SQLITE = ONE["default"]["ENGINE"].endswith("sqlite3")
NAME = ONE["default"]["NAME"]
DATABASES = {
    "default": {**ONE["default"], "NAME": NAME if IS_SQLITE else f"{NAME}_shop"},
    "engage": {**ONE["default"], "NAME": NAME if IS_SQLITE else f"{NAME}_own", "ATOMIC_REQUESTS": False},
}
DATABASE_ROUTERS = ["oscar_engage.router.EngageRouter"]
OSCAR_ENGAGE = {
    "CONSENT": "tests.consent.consent_from_cookie",
    "DATABASE": "engage",
    "SHOP_HOLDOUT": 0,
    "QUIET_HOURS": "",
    "ATTACHMENT_STORAGE": "engage",
}
