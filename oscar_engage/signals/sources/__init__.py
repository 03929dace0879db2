"""Where signals come from: Oscar's and Django's own signals, rendered responses, the browser's beats."""


def connect() -> None:
    """Connect all receivers; safe to call again (``ready()`` runs once for each change of ``INSTALLED_APPS`` in tests)."""
    from oscar_engage.signals import shipped, shipped_anchors, shipped_struggles, shipped_visits  # noqa: F401, PLC0415 - registers the kinds
    from oscar_engage.signals.sources import django, oscar  # noqa: PLC0415 - they need the loaded models

    oscar.connect()
    django.connect()
