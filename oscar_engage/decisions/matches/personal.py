"""What do kept moments know about people? What the variables read in a visit, for eight days."""

from django.utils.translation import gettext_lazy as _

from oscar_engage.decisions.matches.models import VisitMoments
from oscar_engage.personal.registry import Retention, export_fields, personal_data

personal_data(
    "moments",
    VisitMoments,
    label=_("what rules could have read in a visit"),
    personal=("visit", "ended_at", "moments"),
    impersonal=(),
    find=lambda person: VisitMoments.objects.filter(visit__visitor__in=person.visitor_ids),
    export=export_fields("visit_id", "ended_at"),  # the rest follows from the signals, which are in the export
    retention=Retention(job="moments.purge", reason="eight days"),
)
