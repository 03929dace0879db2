"""May this shop be filled with made-up shoppers? Where it is being built, or says that it sells nothing."""

from django.conf import settings


def may_simulate() -> bool:
    """Whether ``DEBUG`` is on or the project's settings say ``ENGAGE_MAY_SIMULATE = True``, as the sandbox's do."""
    return bool(settings.DEBUG or getattr(settings, "ENGAGE_MAY_SIMULATE", False))
