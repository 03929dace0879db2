"""What is new in the mailboxes? Once a minute, one worker for each; a mail is marked as seen when it is safe with us.

The network is talked to after the job's transaction: on SQLite an open one would keep all others from writing, the shop among
them. What a worker leaves unseen, because it is lost or its time is over, the next one fetches; taken twice is once.
"""

import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import Q

from oscar_engage.conf import get_settings
from oscar_engage.desk.flood import BusyError
from oscar_engage.desk.mailbox.imap import ImapPostbox, Postbox, Session
from oscar_engage.desk.mailbox.judge import Judgement
from oscar_engage.desk.mailbox.log import digest_of, note_refused
from oscar_engage.desk.mailbox.models import Mailbox, Outcome, Reason, Way
from oscar_engage.desk.mailbox.receive import receive
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.reason import reason_of
from oscar_engage.jobs.registry import handler

logger = logging.getLogger(__name__)

KIND = "desk.fetch_mail"
SECONDS = 60

LEASE = timedelta(minutes=5)
"""How long a worker may be at one mailbox; well above :data:`LONGEST_RUN` and one silent server."""

PAUSE = timedelta(minutes=5)
"""How long a mailbox rests after a failure: who asks with a wrong password each minute is locked out."""

MOST_IN_A_RUN = 50
LONGEST_RUN = 40.0
"""Mails, and seconds, after which the rest waits for the next run."""


@handler(KIND)
def fetch_mailboxes(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Claim each mailbox that is due and free, and fetch its mails once the job is committed."""
    for mailbox in Mailbox.objects.filter(is_active=True, way=Way.IMAP).order_by("pk"):
        if claim(mailbox, now=now):
            later = partial(fetch_claimed, mailbox, now=now)
            transaction.on_commit(later, using=get_settings().database, robust=True)


def claim(mailbox: Mailbox, *, now: datetime) -> bool:
    """Take the mailbox for one lease; return whether it was free."""
    free = Mailbox.objects.filter(Q(lease_until__isnull=True) | Q(lease_until__lte=now), pk=mailbox.pk)
    mailbox.lease_until = now + LEASE
    return bool(free.update(lease_until=mailbox.lease_until))


def fetch_claimed(mailbox: Mailbox, *, now: datetime, postbox: Postbox | None = None) -> int:
    """Fetch what is new in a mailbox that is ours by lease and return how many mails; a failure is noted with its reason."""
    mine = Mailbox.objects.filter(pk=mailbox.pk, lease_until=mailbox.lease_until)
    try:
        fetched = fetch(mailbox, postbox or ImapPostbox(), now=now)
    except Exception as error:  # noqa: BLE001 - whatever a server or a network does is a failure to show, and to try again
        logger.warning("engage mailbox %s could not be fetched: %s", mailbox.slug, reason_of(error))
        mine.update(failed_at=now, last_error=reason_of(error), lease_until=now + PAUSE)
        return 0
    mine.update(fetched_at=now, failed_at=None, last_error="", lease_until=None)
    return fetched


def fetch(mailbox: Mailbox, postbox: Postbox, *, now: datetime, clock: Callable[[], float] = time.monotonic) -> int:
    """Take the new mails, at most :data:`MOST_IN_A_RUN`, and return how many."""
    ends_at = clock() + LONGEST_RUN
    session = postbox.open(mailbox)
    try:
        _begin(mailbox, session, now=now)
        done = 0
        for uid in session.unseen(from_uid=mailbox.from_uid, since=mailbox.since)[:MOST_IN_A_RUN]:
            if clock() > ends_at:
                break
            is_fine = _take(mailbox, session, uid, now=now)
            session.mark_seen(uid, is_flagged=not is_fine)
            done += 1
        return done
    finally:
        session.close()


def _begin(mailbox: Mailbox, session: Session, *, now: datetime) -> None:
    """Note from which mail on they are ours. New numbers: the last days again; what was taken is known by its id."""
    if mailbox.uid_validity == session.uid_validity:
        return
    if mailbox.uid_validity is None:
        mailbox.from_uid, mailbox.since = session.next_uid, None
    else:
        mailbox.from_uid, mailbox.since = 1, ((mailbox.fetched_at or now) - timedelta(days=1)).date()
    mailbox.uid_validity = session.uid_validity
    mailbox.save(update_fields=["uid_validity", "from_uid", "since"])


def _take(mailbox: Mailbox, session: Session, uid: int, *, now: datetime) -> bool:
    """Take one mail; return whether it was read. One that breaks us is written down, so that those behind it come through."""
    if session.size(uid) > get_settings().largest_mail:
        unread, reason = f"{mailbox.pk}:{session.uid_validity}:{uid}".encode(), Reason.SIZE
    else:
        raw = session.fetch(uid)
        try:
            receive(raw, mailbox, now=now)
        except (DatabaseError, BusyError):
            raise
        except Exception:
            logger.exception("A mail could not be taken; it is flagged in the mailbox %s.", mailbox.slug)
            unread, reason = raw[:1_000_000], Reason.BROKEN
        else:
            return True
    note_refused(digest_of(None, unread), Judgement(Outcome.REFUSED, reason), None, mailbox, now=now)
    return False


every(KIND, SECONDS)
