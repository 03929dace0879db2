"""What does learning know about people? Their visits in numbers, until the visits are forgotten; models know nobody."""

from django.utils.translation import gettext_lazy as _

from oscar_engage.learning.leads.models import LeadBars
from oscar_engage.learning.nightly.models import TrainingRun
from oscar_engage.learning.registry.models import ModelChange, ModelVersion
from oscar_engage.learning.vectors.models import ScoredVector
from oscar_engage.personal.registry import Ending, Retention, export_fields, impersonal_data, personal_data

personal_data(
    "vectors",
    ScoredVector,
    label=_("visits in numbers, and what models foretold of them"),
    personal=(
        *("visit", "visitor_id", "at", "occasion", "values", "decision_id", "rule_id", "arm", "probability", "chance", "way"),
        *("is_explored", "explored_share", "propensity", "exit", "uplift", "uplift_low", "uplift_high"),
    ),
    impersonal=("id", "schema", "versions"),
    find=lambda person: ScoredVector.objects.filter(visit__visitor__in=person.visitor_ids),
    retention=Retention(
        setting="retention_days",
        job="vectors.purge",
        reason="moments at which an arm was drawn: with their visit (`VISITOR_RETENTION_DAYS`)",
    ),
)
personal_data(
    "model_changes",
    ModelChange,
    label=_("models published or rolled back as a member of staff"),
    personal=("user",),
    impersonal=("id", "version", "at", "before", "after", "why", "numbers"),
    find=lambda person: ModelChange.objects.filter(user__in=person.customer_ids),
    export=export_fields("version_id", "at", "before", "after", "why"),
    ending=Ending.KEPT,
    why=_("Who made a model speak must stay provable."),
    retention=Retention(reason="kept for good: members of staff only"),
)
impersonal_data(
    ModelVersion,
    *("id", "task", "rung", "schema", "document", "sha256", "signature", "state", "metrics", "samples", "events"),
    *("window_starts_at", "window_ends_at", "created_at", "live_at", "retired_at"),
    why="coefficients fitted on many visits; a rung is climbed from fifty orders up",
)
impersonal_data(
    LeadBars,
    *("id", "measured_at", "uplift", "propensity", "cost", "price", "order", "margin", "why", "numbers"),
    why="costs, agents' hours and quantiles of a whole day",
)
impersonal_data(
    TrainingRun,
    *("id", "task", "started_at", "ended_at", "cause", "rung", "result", "why", "counts", "needs", "numbers", "curves"),
    *("cpu_seconds", "peak_mb", "version"),
    why="counts and figures of a night's work",
)
