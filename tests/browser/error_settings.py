"""The sandbox under its strict policy, with addresses that end in errors, and nothing that adapts Oscar's inline code.

``sandbox.policy`` has a nonce made for each page; without it a page that no view answered names none, as in a shop.
"""

from sandbox.settings import *  # noqa: F403 - the same shop
from sandbox.settings import MIDDLEWARE as SANDBOX_MIDDLEWARE
from sandbox.settings import OSCAR_ENGAGE as SANDBOX_ENGAGE

ROOT_URLCONF = "tests.browser.error_urls"
MIDDLEWARE = [name for name in SANDBOX_MIDDLEWARE if name != "sandbox.policy.OscarUnderPolicy"]
OSCAR_ENGAGE = {**SANDBOX_ENGAGE, "EXCLUDED_PATHS": (*SANDBOX_ENGAGE["EXCLUDED_PATHS"], "/plain/")}  # type: ignore[misc]  # a tuple there
