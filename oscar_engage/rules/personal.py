"""What do rules know about people? Which member of staff wrote a version, asked for its approval, and answered."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from oscar_engage.personal.registry import Ending, Retention, export_fields, impersonal_data, personal_data
from oscar_engage.rules.models import ApprovalRequest, KeptValue, Rule, RuleVersion, Segment

impersonal_data(
    Rule,
    *("id", "name", "status", "purpose", "priority", "holdout_share", "starts_at", "ends_at"),
    *("goal", "goal_value", "cap_offers", "cap_days", "cap_visit", "cap_pause_days", "cap_day"),
    *("published", "created_at", "updated_at"),
    why="what merchandisers wrote about all shoppers alike",
)
impersonal_data(
    Segment,
    *("id", "slug", "name", "description", "document", "created_at", "updated_at"),
    why="what merchandisers wrote about all shoppers alike",
)
personal_data(
    "rule_versions",
    RuleVersion,
    label=_("versions of rules, written as a member of staff"),
    personal=("created_by",),
    impersonal=("id", "rule", "number", "document", "created_at"),
    find=lambda person: RuleVersion.objects.filter(created_by__in=person.customer_ids),
    export=export_fields("rule_id", "number", "created_at"),
    ending=Ending.KEPT,
    why=_("A version never changes: decisions about shoppers refer to it."),
    retention=Retention(reason="kept for good: members of staff only"),
)
personal_data(
    "kept_values",
    KeptValue,
    label=_("values told by the shop's other systems"),
    personal=("visitor_id", "value", "is_customer"),
    impersonal=("id", "variable", "digest", "asked_at", "told_at"),
    find=lambda person: KeptValue.objects.filter(visitor_id__in=person.visitor_ids),
    export=export_fields("visitor_id", "variable", "value", "is_customer", "told_at"),
    retention=Retention(job="variables.purge", reason="a week after it was last asked for"),
)
personal_data(
    "rule_approvals",
    ApprovalRequest,
    label=_("requests to publish a rule, made or answered as a member of staff"),
    personal=("asked_by", "answered_by", "comment"),
    impersonal=("id", "rule", "version", "asked_at", "answer", "answered_at"),
    find=lambda person: ApprovalRequest.objects.filter(
        Q(asked_by__in=person.customer_ids) | Q(answered_by__in=person.customer_ids)
    ),
    export=export_fields("rule_id", "asked_at", "answer", "answered_at", "comment"),
    ending=Ending.KEPT,
    why=_("Who approved a rule must stay provable."),
    retention=Retention(reason="kept for good: members of staff only"),
)
