"""How is a person erased (Art. 17 GDPR)? A chunk in each job, again and again, until a look finds nothing any more.

Each part is one short transaction (``jobs.purge.Pace``), those rows first that refer to others. What the person's browser adds
meanwhile is found by the next look; the visitor goes last, and an id without a visitor is never taken up again. Whoever is
killed in between loses nothing: the job comes back, and what is gone is not counted twice.
"""

import uuid
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.jobs import purge
from oscar_engage.jobs.outbox import enqueue
from oscar_engage.jobs.registry import handler
from oscar_engage.jobs.run import run_job
from oscar_engage.personal.person import Person, from_json, to_json
from oscar_engage.personal.registry import erasing_order
from oscar_engage.privacy.models import Erasure, Origin
from oscar_engage.visitors.personal import keep_marks

KIND = "privacy.erase"
PURGE = "visitors.purge"
"""The recurring job whose lots are erased in the same way; each lot asks for the next one."""


def begin_erasure(person: Person, *, actor: AbstractBaseUser | AnonymousUser | None, now: datetime) -> Erasure:
    """Have everything about ``person`` erased because somebody asked, note it in the trail, and return the erasure."""
    with transaction.atomic(using=get_settings().database):
        erasure = open_erasure(person, origin=Origin.REQUEST, now=now)
        record_action(actor=actor, action="person.erasure_begun", object_kind="erasure", object_id=erasure.pk.hex, now=now)
    return erasure


def open_erasure(person: Person, *, origin: Origin, now: datetime) -> Erasure:
    """Write the erasure and its first job, inside the caller's transaction."""
    keep_marks(person)
    erasure = Erasure.objects.create(origin=origin, person=to_json(person), begun_at=now)
    _enqueue_part(erasure, now)
    return erasure


def run_parts(erasure: Erasure, *, most: int | None = None, now: datetime) -> Erasure:
    """Do the next parts here and now, at most so many, and return the erasure as it then is.

    It ends early when the work is done, when a part fails (it will be tried again) or when a worker has taken it over.
    """
    done = 0
    while erasure.finished_at is None and (most is None or done < most):
        ran = run_job(_key(erasure), now=now)
        erasure.refresh_from_db()
        if not ran.done:
            break
        done += 1
    return erasure


@handler(KIND)
def erase_part(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Erase one chunk and have the next look enqueued; when nothing is left, forget whom it was about."""
    going_on = Erasure.objects.select_for_update().filter(pk=uuid.UUID(payload["erasure"]), finished_at=None)
    erasure = going_on.first()
    if erasure is None:
        return
    erased = erase_some(from_json(erasure.person), most=purge.CHUNK, now=now)
    if not erased:
        _finish(erasure, now)
        return
    erasure.erased = dict(Counter(erasure.erased) + erased)
    erasure.part += 1
    erasure.save(update_fields=["erased", "part"])
    _enqueue_part(erasure, now)


def erase_some(person: Person, *, most: int, now: datetime) -> Counter[str]:
    """Erase at most ``most`` rows, fewer where that takes long, and return how many of each kind."""
    erased: Counter[str] = Counter()
    pace = purge.Pace(most)
    for data in erasing_order():
        while data.erase is not None and (step := pace.next_step()):
            keys = list(data.find(person).values_list("pk", flat=True)[:step])
            if keys:
                data.erase(data.model._default_manager.filter(pk__in=keys), person, now=now)
                erased[data.name] += len(keys)
                pace.took(len(keys))
            if len(keys) < step:
                break
    return erased


def _finish(erasure: Erasure, now: datetime) -> None:
    if erasure.origin == Origin.RETENTION:
        enqueue(PURGE, key=f"{PURGE}:{erasure.pk.hex}", now=now)
        erasure.delete()
        return
    erasure.person, erasure.finished_at = {}, now
    erasure.save(update_fields=["person", "finished_at"])
    record_action(actor=None, action="person.erased", object_kind="erasure", object_id=erasure.pk.hex, now=now)


def _enqueue_part(erasure: Erasure, now: datetime) -> None:
    enqueue(KIND, key=_key(erasure), payload={"erasure": erasure.pk.hex}, now=now)


def _key(erasure: Erasure) -> str:
    return f"{KIND}:{erasure.pk.hex}:{erasure.part}"
