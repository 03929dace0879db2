"""Settings of the sandbox shop without us: no middleware of ours, and the extension switched off."""

from sandbox.settings import *  # noqa: F403 - the same shop
from sandbox.settings import MIDDLEWARE as _MIDDLEWARE
from sandbox.settings import OSCAR_ENGAGE as _OSCAR_ENGAGE

MIDDLEWARE = [name for name in _MIDDLEWARE if not name.startswith("oscar_engage.")]
OSCAR_ENGAGE = {**_OSCAR_ENGAGE, "ENABLED": False}
