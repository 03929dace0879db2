"""What went wrong lately? Faults and losses of this process in the last quarter of an hour, and mails that did not go."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from oscar_engage.dashboard.health.words import say_ours
from oscar_engage.desk.mailbox.models import Mailbox, Way
from oscar_engage.jobs.models import Job, JobState
from oscar_engage.jobs.nudge import last_failure
from oscar_engage.jobs.registry import awake
from oscar_engage.learning.nightly.trouble import find_trouble
from oscar_engage.modules import is_on
from oscar_engage.outside.sweep import find_state
from oscar_engage.reminders.models import BasketMail, MailState
from oscar_engage.signals.counters import tallies

LATELY = timedelta(minutes=15)
"""Older faults are in the counters; a page that is red for ever is not looked at."""


MOST_FAILING = 20
"""Kinds of failing work shown at once."""

A_DAY = timedelta(days=1)
"""The same for mails, of which there are few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One kind of fault: what it means, how often it happened since the process began, when last, and what was raised."""

    meaning: str
    count: int
    last_at: datetime
    error: str


def find_unsent_mails(*, now: datetime) -> Iterator[Problem]:
    """Give the mails about baskets that were given up or lost with their worker since :data:`A_DAY`, with one query."""
    lost = Q(state=MailState.SENDING, created_at__lt=now - LATELY)
    unsent = BasketMail.objects.filter(Q(state=MailState.FAILED) | lost, created_at__gt=now - A_DAY)
    found = unsent.aggregate(number=Count("pk"), last_at=Max("created_at"), error=Max("last_error"))
    if found["number"]:
        yield Problem(
            meaning=_("Mails about baskets left behind were not sent, or nobody knows whether they were. They stay unsent."),
            count=found["number"],
            last_at=found["last_at"],
            error=found["error"],
        )


def find_unfetched_mailboxes() -> Iterator[Problem]:
    """Give the mailboxes in use whose mails could not be fetched the last time, with one query."""
    if not is_on("desk"):
        return
    failing = Mailbox.objects.filter(is_active=True, way=Way.IMAP, failed_at__isnull=False).order_by("address")
    for mailbox in failing[:20]:
        yield Problem(
            meaning=_("The mails of %(mailbox)s could not be fetched; they wait there.") % {"mailbox": mailbox},
            count=1,
            last_at=cast(datetime, mailbox.failed_at),
            error=mailbox.last_error,
        )


def find_outside_trouble() -> Iterator[Problem]:
    """Give the outside desk if it does not answer, with one query; none in a shop that has none."""
    state = find_state()
    if state is not None and state.failing_since is not None:
        yield Problem(
            meaning=_(
                "The outside desk does not answer. Conversations are answered here; what it has not is carried there later."
            ),
            count=state.failures,
            last_at=state.failing_since,
            error=state.trouble,
        )


def find_failing_jobs() -> Iterator[Problem]:
    """Give the kinds of work that failed in their last try and wait for another, with one query.

    What recurs never becomes a dead job: before its last try the next period takes its place.
    """
    failing = Job.objects.filter(awake(), state=JobState.DUE, attempts__gt=0).exclude(last_error="").order_by()
    kinds = failing.values("kind").annotate(number=Count("pk"), last_at=Max("created_at"), error=Max("last_error"))
    for found in kinds.order_by("kind")[:MOST_FAILING]:
        yield Problem(
            meaning=_("Work failed and is tried again: %(kind)s. Reports that it fills show older figures until then.")
            % {"kind": found["kind"]}
            if found["kind"].startswith("rollup.")
            else _("Work failed and is tried again: %(kind)s.") % {"kind": found["kind"]},
            count=found["number"],
            last_at=found["last_at"],
            error=found["error"],
        )


def find_trouble_in_learning(*, now: datetime) -> Iterator[Problem]:
    """Give what keeps models from learning, with two queries (three before the first night); the shop and its rules go on."""
    for trouble in find_trouble(now=now):
        if trouble.kind == "failing" and trouble.task is not None:
            meaning = _("Learning (%(task)s) failed time and again; what spoke before goes on speaking.")
            words = meaning % {"task": trouble.task.label}
        else:
            words = _(
                "No night of learning has ended well for two days. Does the worker run? See manage.py engage_learn --now."
            )
        yield Problem(meaning=words, count=trouble.count, last_at=trouble.at, error=trouble.said)


def find_problems(*, now: datetime) -> Iterator[Problem]:
    """Give what went wrong in this process since :data:`LATELY`, the latest first."""
    recent = [problem for problem in (*_counted(), *_unheard()) if now - problem.last_at <= LATELY]
    yield from sorted(recent, key=lambda problem: problem.last_at, reverse=True)


def _counted() -> Iterator[Problem]:
    for name, tally in tallies().items():
        meaning = say_ours(name)
        if meaning:
            yield Problem(meaning=meaning, count=tally.count, last_at=tally.last_at, error=tally.error)


def _unheard() -> Iterator[Problem]:
    failure = last_failure()
    if failure is not None:
        meaning = _("The broker could not be told that work is waiting: it is done within a minute instead of at once.")
        yield Problem(meaning=meaning, count=failure.count, last_at=failure.at, error=failure.error)
