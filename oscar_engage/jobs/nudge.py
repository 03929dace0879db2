"""Who is told that work is waiting? A port: the job is safe in its table, so nothing may fail because a nudge did."""

import logging

from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)

PORT = "oscar_engage.tasks.nudge"
"""Dotted path of ``callable(key)``; resolved at the first nudge, because it may connect to a broker."""


def nudge(key: str) -> None:
    """Ask a worker to run the job ``key`` soon; when nobody can be asked, the sweep finds it within a minute."""
    try:
        import_string(PORT)(key)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a broker that is down, or djhuey's sys.exit(1), must not reach a request
        logger.warning("engage nudge failed: %s", type(error).__name__)
