"""What do engagements and picked places know about people? Who wrote a version, and whose the vouchers given with them are."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from oscar_engage.decisions.personal import COUNTED, UNSEEN, drawn_of
from oscar_engage.personal.handover import hand_over
from oscar_engage.personal.registry import Ending, Retention, export_fields, impersonal_data, personal_data
from oscar_engage.widgets.anchors.models import PickedAnchor, PickedCount
from oscar_engage.widgets.models import Engagement, EngagementVersion, GivenVoucher, VariantDraw

impersonal_data(
    Engagement,
    *("id", "slug", "widget", "title", "body", "button", "translations", "variants", "anchor", "content"),
    *(
        "settings",
        "starts_at",
        "ends_at",
        "is_active",
        "published",
        "published_at",
        "asked_at",
        "comment",
        "created_at",
        "updated_at",
    ),
    why="what merchandisers wrote for all shoppers alike",
)
impersonal_data(
    PickedAnchor,
    *("id", "slot", "label", "page_kind", "example_path", "described", "picked_at", "state", "checked_at"),
    why="elements of the shop's own pages",
)
impersonal_data(PickedCount, "id", "day", "anchor", "found", "missed", why="sums of a day, about nobody")
personal_data(
    "engagement_versions",
    EngagementVersion,
    label=_("versions of engagements, written as a member of staff"),
    personal=("created_by",),
    impersonal=("id", "engagement", "number", "document", "created_at"),
    find=lambda person: EngagementVersion.objects.filter(created_by__in=person.customer_ids),
    export=export_fields("engagement_id", "number", "created_at"),
    ending=Ending.KEPT,
    why=_("A version never changes: it shows what shoppers were offered, and who wrote it."),
    retention=Retention(reason="kept for good: members of staff only"),
)
personal_data(
    "given_vouchers",
    GivenVoucher,
    label=_("vouchers that were taken with an offer"),
    personal=("decision_id", "visitor_id", "voucher_id", "given_at", "ends_at"),
    impersonal=("id",),
    find=lambda person: GivenVoucher.objects.filter(visitor_id__in=person.visitor_ids),
    retention=Retention(setting="visitor_retention_days", job="visitors.purge"),
)
personal_data(
    "wordings_drawn",
    VariantDraw,
    label=_("wordings drawn for engagements"),
    personal=("visitor_id", "variant", "drawn_at"),
    impersonal=("id", "engagement", "probability"),
    find=partial(drawn_of, VariantDraw),
    erase=hand_over,
    ending=Ending.ANONYMISED,
    why=COUNTED,
    retention=UNSEEN,
)
