"""What do jobs know about people? Ids in a payload, as long as the row is kept."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from oscar_engage.jobs.models import FillState, Job
from oscar_engage.personal.person import Person
from oscar_engage.personal.registry import Ending, Retention, Rows, impersonal_data, personal_data


def _find(person: Person) -> Rows:
    return Job.objects.filter(payload__visitor__in=[visitor_id.hex for visitor_id in person.visitor_ids])


def _empty(rows: Rows, person: Person, *, now: datetime) -> None:
    rows.update(payload={}, last_error="")


personal_data(
    "jobs",
    Job,
    label=_("jobs"),
    personal=("payload", "last_error"),
    impersonal=(*("id", "kind", "key", "state", "run_at", "lease_until", "token", "attempts", "created_at", "finished_at"),),
    find=_find,
    erase=_empty,
    ending=Ending.ANONYMISED,
    why=_("That a job ran stays visible for a week, without whom it was about."),
    retention=Retention(job="jobs.purge", reason="seven days after a job was done; a dead one until a person decides"),
)
impersonal_data(FillState, "id", "name", "position", "filled_at", why="how far a sweep has come")
