"""How is a slot never sold twice? Each call has a numbered seat in it, and the database lets nobody have another's.

A unique constraint decides, not a count: it holds on every database and in any race. A call that is erased frees its seat.
"""

from django.db import IntegrityError, transaction

from oscar_engage.conf import get_settings
from oscar_engage.desk.calls.models import CallTerms, PhoneCall
from oscar_engage.desk.calls.slots import Slot


class SlotTakenError(ValueError):
    """The slot is full: somebody was quicker."""


def take_seat(call: PhoneCall, terms: CallTerms, slot: Slot) -> None:
    """Give ``call``, whose row exists, a seat in ``slot`` and leave the one it had, or raise :class:`SlotTakenError`.

    Call it in the transaction that plans the call.
    """
    taken = PhoneCall.objects.filter(queue=terms.queue_id, starts_at=slot.starts_at, seat__isnull=False).exclude(pk=call.pk)
    gone = set(taken.values_list("seat", flat=True))
    for seat in range(terms.per_slot):
        if seat not in gone and _sit(call, terms, slot, seat):
            return
    raise SlotTakenError("The slot is full.")


def _sit(call: PhoneCall, terms: CallTerms, slot: Slot, seat: int) -> bool:
    try:
        with transaction.atomic(using=get_settings().database):
            PhoneCall.objects.filter(pk=call.pk).update(
                queue=terms.queue_id, starts_at=slot.starts_at, ends_at=slot.ends_at, seat=seat
            )
    except IntegrityError:  # somebody sat down between the look and the step
        return False
    call.queue_id, call.starts_at, call.ends_at, call.seat = terms.queue_id, slot.starts_at, slot.ends_at, seat
    return True
