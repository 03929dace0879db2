"""Where signals come from: Oscar's and Django's own signals, rendered responses, the browser's beats."""


def connect() -> None:
    """Connect all receivers; safe to call again (``ready()`` runs once for each change of ``INSTALLED_APPS`` in tests)."""
    from oscar_engage.signals import (  # noqa: PLC0415 - importing them registers the kinds
        shipped,  # noqa: F401 - as above
        shipped_anchors,  # noqa: F401 - as above
        shipped_answers,  # noqa: F401 - as above
        shipped_fields,  # noqa: F401 - as above
        shipped_picked,  # noqa: F401 - as above
        shipped_speed,  # noqa: F401 - as above
        shipped_struggles,  # noqa: F401 - as above
        shipped_surveys,  # noqa: F401 - as above
        shipped_visits,  # noqa: F401 - as above
    )
    from oscar_engage.signals.sources import django, oscar  # noqa: PLC0415 - they need the loaded models

    oscar.connect()
    django.connect()
