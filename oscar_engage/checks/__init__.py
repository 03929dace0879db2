"""Is the shop set up so that we can work? System checks that say what to type; ``python manage.py check`` runs them."""

from oscar_engage.checks import (  # noqa: F401 - importing them registers the checks
    answers,
    background,
    mail,
    modules,
    outside,
    payment,
    sharing,
    storage,
    voices,
    wiring,
)
