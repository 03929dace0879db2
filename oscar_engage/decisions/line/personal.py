"""What does the line know about people? That a visit waits for an agent, since when and on which page; an hour at most."""

from django.utils.translation import gettext_lazy as _

from oscar_engage.decisions.line.models import PlaceInLine
from oscar_engage.personal.registry import Retention, personal_data

personal_data(
    "places_in_line",
    PlaceInLine,
    label=_("place in line for an agent"),
    personal=("id", "visit", "queue", "path", "language", "since", "heard_until", "yields"),
    impersonal=(),
    find=lambda person: PlaceInLine.objects.filter(visit__visitor__in=person.visitor_ids),
    retention=Retention(job="line.purge", reason="an hour"),
)
