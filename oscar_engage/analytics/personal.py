"""What do reports know about people? Which order came from which visitor."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from oscar_engage.analytics.costs.models import CostPeriod
from oscar_engage.analytics.models import AnchorCount, Conversion, ExitCount, RollupDay
from oscar_engage.analytics.staffing.models import AgentDay
from oscar_engage.analytics.volumes.models import ContactVolume
from oscar_engage.personal.handover import hand_over
from oscar_engage.personal.registry import Ending, Retention, impersonal_data, personal_data

personal_data(
    "orders",
    Conversion,
    label=_("orders that count in reports"),
    personal=(
        "visitor_id",
        "order_id",
        "order_number",
        "basket_id",
        "total",
        "placed_at",
        "returned_at",
        "has_return",
        "has_cancellation",
    ),
    impersonal=("id", "currency", "is_test"),
    find=lambda person: Conversion.objects.filter(visitor_id__in=person.visitor_ids),
    erase=partial(hand_over, order_id=None, order_number="", basket_id=None),
    ending=Ending.ANONYMISED,
    why=_("Reports count the sum on, without the order's number, under a random id that belongs to nobody."),
    retention=Retention(setting="visitor_retention_days", job="visitors.purge", reason="then counted under an id of nobody's"),
)
impersonal_data(
    AnchorCount, "id", "day", "slot", "thing", "seen", "clicked", "lost", "ordered", why="sums of a day, about nobody"
)
impersonal_data(
    ExitCount,
    *("id", "day", "stage", "views", "idle", "left", "stayed"),
    why="how many page views a day ended a visit and how many did not, added up over all visitors",
)
impersonal_data(
    RollupDay,
    *("id", "rollup", "day", "version", "cells", "digest", "filled_at", "frozen_at"),
    why="sums of a day for the reports: numbers by rule, queue, page and so on, never by person",
)
impersonal_data(
    CostPeriod,
    *("id", "starts_on", "currency", "agent_hour", "chats_at_once", "voucher", "self_served", "before"),
    *(f"{channel}_{what}" for channel in ("note", "chat", "mail", "call") for what in ("minutes", "fee")),
    why="what an hour, a contact and a voucher cost the shop",
)
impersonal_data(
    ContactVolume,
    *("id", "day", "channel", "topic", "contacts", "minutes", "imported_at"),
    why="how many contacts a day the contact centre had, as the shop imports it",
)
personal_data(
    "agent_days",
    AgentDay,
    label=_("figures of an agent's day: conversations, times, promises, hours"),
    personal=("agent", "day", "cells"),
    impersonal=("id", "filled_at"),
    find=lambda person: AgentDay.objects.filter(agent__user_id__in=person.customer_ids),
    retention=Retention(setting="retention_days", job="staffing.purge_agent_days"),
)
