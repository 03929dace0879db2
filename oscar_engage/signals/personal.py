"""What does the log know about people? What they did, under their visitor's id."""

from django.utils.translation import gettext_lazy as _

from oscar_engage.personal.registry import Retention, personal_data
from oscar_engage.signals.models import SignalRecord

personal_data(
    "signals",
    SignalRecord,
    label=_("signals"),
    personal=("event_id", "visitor_id", "visit_id", "kind", "payload", "at"),
    impersonal=("id", "source", "received_at"),
    find=lambda person: SignalRecord.objects.filter(visitor_id__in=person.visitor_ids),
    retention=Retention(setting="retention_days", job="signals.purge"),
)
