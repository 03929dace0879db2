"""What went wrong lately? Faults and losses of this process in the last quarter of an hour, and mails that did not go."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

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


_MEANINGS: dict[str, Callable[[], str]] = {
    "fault:flush": lambda: _(
        "What shoppers do could not be written: our tables are missing, locked or out of reach, or the database takes "
        "nothing (a full disk, a read-only copy)."
    ),
    "fault:beat": lambda: _(
        "A browser's signals could not be taken: our tables are missing, locked or out of reach, or the database takes "
        "nothing (a full disk, a read-only copy)."
    ),
    "fault:commit": lambda: _("A fact could not be kept after the shop's commit."),
    "fault:absent": lambda: _("What happened to a shopper elsewhere (an order sent …) could not be written."),
    "fault:mail": lambda: _("A mail about a basket could not be sent: its text, or the mail server."),
    "fault:act": lambda: _(
        "What a shopper agreed to in a chat could not be done: the shop's own code failed, and it was undone."
    ),
    "fault:act_afterwards": lambda: _("What a shopper agreed to was done, but what the shop does after that failed."),
    "fault:poll": lambda: _("An open chat could not be read."),
    "fault:page": lambda: _("A page of ours (a chat, a form) could not be shown or saved in time: our tables were locked."),
    "fault:settings": lambda: _("OSCAR_ENGAGE cannot be used: run manage.py check."),
    "fault:switch": lambda: _("The switch on this page could not be read; it stays as it was."),
    "fault:snippet": lambda: _("A page of the shop went out without our tags."),
    "fault:prepare_page": lambda: _("A page of the shop went out without our tags."),
    "fault:begin": lambda: _("A request of the shop was not sensed."),
    "fault:read_response": lambda: _("What a page said of the shopper's progress could not be read."),
    "fault:look": lambda: _("The shop's own basket or stock could not be asked."),
    "fault:record": lambda: _("A signal could not be recorded: its kind or data is wrong."),
    "fault:past": lambda: _("What a shopper did earlier could not be read; rules that ask for it waited."),
    "fault:variable": lambda: _("A variable could not be read; rules that ask for it did not hold."),
    "fault:source": lambda: _("A system that a variable asks failed; its last value stays."),
    "slow:variable": lambda: _("A variable took the whole time that costly ones have in a beat (COSTLY_BUDGET_MS)."),
    "slow:source": lambda: _("A system that a variable asks gave no answer in time (COSTLY_PATIENCE_MS)."),
    "dropped:costly": lambda: _("Costly variables were not read, because others had used up the time of a beat."),
    "dropped:source": lambda: _("A system that a variable asks was not asked, because it had failed or hung before."),
    "refused:flood_of_network": lambda: _(
        "Many reports came from one network and were not read: an attack, or PROXIES is not set."
    ),
    "refused:newcomers": lambda: _(
        "Many new browsers came from one network and were not followed: an attack, or PROXIES is not set."
    ),
    "skipped:rules": lambda: _("A live rule cannot be read and is not judged; the others are. It is listed below."),
    "fault:rules": lambda: _("The live rules could not be read; shoppers meet them as they were."),
    "dropped:rules": lambda: _("More rules are live than LIVE_RULES or LIVE_CONDITIONS allow; those of lowest priority rest."),
    "refused:breaker": lambda: _(
        "Shoppers were asked at once to try again, because several answers before them had come too late."
    ),
    "dropped:breaker": lambda: _("Signals were dropped, because several writes before them had failed."),
    "dropped:busy": lambda: _("Signals were dropped, because others were still being written."),
    "dropped:buffer_full": lambda: _("A request recorded more signals than a shopper can cause."),
}


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
        meaning = _meaning(name)
        if meaning:
            yield Problem(meaning=meaning, count=tally.count, last_at=tally.last_at, error=tally.error)


def _unheard() -> Iterator[Problem]:
    failure = last_failure()
    if failure is not None:
        meaning = _("The broker could not be told that work is waiting: it is done within a minute instead of at once.")
        yield Problem(meaning=meaning, count=failure.count, last_at=failure.at, error=failure.error)


def _meaning(name: str) -> str:
    """Return what a counter means; empty for one that counts others' mistakes (a robot, a broken beat), not ours."""
    known = _MEANINGS.get(name)
    if known is not None:
        return known()
    return _("A part of ours failed: %(name)s.") % {"name": name} if name.startswith(("fault:", "dropped:")) else ""
