"""The pages of the reports, on each of them: the overview first, then what it sums up."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from oscar_engage.dashboard.navigation import may_open

register = template.Library()

PAGES: tuple[tuple[Any, str], ...] = (
    (_("Overview"), "engage-reports"),
    (_("Rules"), "engage-report-rules"),
    (_("How far offers came"), "engage-report-funnel"),
    (_("Side effects"), "engage-guardrails"),
    (_("Costs"), "engage-report-costs"),
    (_("Service"), "engage-report-service"),
    (_("Service times"), "engage-service-times"),
    (_("How conversations went"), "engage-ratings"),
    (_("My figures"), "engage-my-figures"),
    (_("Where the site hurts"), "engage-struggles"),
    (_("Places on the pages"), "engage-report-places"),
    (_("When shoppers leave"), "engage-exits"),
    (_("Learning"), "engage-learning"),
)
"""Label and name of each page, in the order in which a shop owner would ask."""


@dataclass(frozen=True, slots=True)
class ReportLink:
    """One entry of the menu."""

    label: Any
    address: str
    is_current: bool


@register.simple_tag(takes_context=True)
def report_links(context: Context) -> list[ReportLink]:
    """Return the report pages that the reader may open."""
    request = context["request"]
    match = request.resolver_match
    return [
        ReportLink(label, reverse(f"engage_dashboard:{name}"), bool(match) and match.url_name == name)
        for label, name in PAGES
        if may_open(request.user, f"engage_dashboard:{name}")
    ]
