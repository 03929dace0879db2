"""What do dry runs know about people? Which member of staff began one; of shoppers, counts."""

from django.utils.translation import gettext_lazy as _

from oscar_engage.decisions.dry_run.models import DryRun
from oscar_engage.personal.registry import Ending, Retention, export_fields, personal_data

personal_data(
    "dry_runs",
    DryRun,
    label=_("dry runs of rules, begun as a member of staff"),
    personal=("created_by",),
    impersonal=(
        *("id", "version", "days", "since", "until", "engagements", "stamp", "position", "part"),
        *("visits_total", "visits_done", "tally", "created_at", "finished_at", "cancelled_at"),
    ),
    find=lambda person: DryRun.objects.filter(created_by__in=person.customer_ids),
    export=export_fields("days", "created_at"),
    ending=Ending.KEPT,
    why=_("What staff tried out is the shop's record, and goes after ninety days."),
    retention=Retention(job="dry_runs.purge", reason="ninety days: members of staff only"),
)
