"""What does the trail know about people? Which member of staff acted; of shoppers nothing."""

from django.utils.translation import gettext_lazy as _

from oscar_engage.audit.models import AuditEntry
from oscar_engage.personal.registry import Ending, Retention, export_fields, personal_data

personal_data(
    "audit",
    AuditEntry,
    label=_("entries in the trail of what staff did"),
    personal=("actor",),
    impersonal=("id", "at", "action", "object_kind", "object_id", "detail"),
    find=lambda person: AuditEntry.objects.filter(actor_id__in=person.customer_ids),
    export=export_fields("at", "action"),
    ending=Ending.KEPT,
    why=_("Who had access to shoppers' data must stay provable, also against whoever had it."),
    retention=Retention(reason="kept for good: members of staff only"),
)
