"""What runs outside a request? Tasks by the ``django.tasks`` API, and a sweep each minute where huey is configured.

``run_huey`` finds this module by its name. Web processes import it lazily, at the first nudge, because importing
``huey.contrib.djhuey`` connects, and without ``settings.HUEY`` it would build a ``RedisHuey`` that nobody asked for.
"""

import logging

from django.conf import settings
from django.utils import timezone

from oscar_engage.jobs.run import run_due, run_job

logger = logging.getLogger(__name__)

try:
    from django.tasks import task
    from django.tasks.backends.immediate import ImmediateBackend
except ImportError:  # Django < 6.0: the backport has the same API
    from django_tasks import task  # type: ignore[no-redef]  # the stubs know both
    from django_tasks.backends.immediate import ImmediateBackend  # type: ignore[assignment]  # the same

NUDGE_EXPIRES = 300
"""Seconds after which a nudge is worth nothing: the sweep has been there."""

HAS_HUEY = getattr(settings, "HUEY", None) is not None


@task()
def run_job_now(key: str) -> None:
    """Run one job, on whatever backend ``settings.TASKS`` names."""
    run_job(key, now=timezone.now())


def nudge(key: str) -> None:
    """Ask huey, else the backend of ``django.tasks``, to run the job ``key``.

    Django's default backend would run it at once, inside the shopper's request, and so does huey in its immediate mode, the
    default under ``DEBUG``: then the job is left to the sweep.
    """
    if HAS_HUEY:
        if not HUEY.immediate:
            huey_run_job(key)
    elif not isinstance(run_job_now.get_backend(), ImmediateBackend):
        run_job_now.enqueue(key)


if HAS_HUEY:
    from huey import crontab
    from huey.contrib.djhuey import HUEY, db_periodic_task, db_task

    @db_task(expires=NUDGE_EXPIRES)  # type: ignore[untyped-decorator]  # huey carries no types
    def huey_run_job(key: str) -> None:
        """Run one job; neither a result, as huey's ``django.tasks`` backend would, nor an error is kept in huey for ever."""
        try:
            run_job(key, now=timezone.now())
        except Exception:  # the job's own failures are in its row; this is the database, and the sweep comes again
            logger.exception("engage job could not be run")

    @db_periodic_task(crontab(minute="*"), expires=NUDGE_EXPIRES)  # type: ignore[untyped-decorator]  # the same
    def huey_sweep() -> None:
        """Run what is due, each minute."""
        run_due(now=timezone.now())
