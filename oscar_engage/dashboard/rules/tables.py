"""The list of rules as a table of Oscar's dashboard."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django_tables2 import Column, TemplateColumn
from oscar.core.loading import get_class

DashboardTable: Any = get_class("dashboard.tables", "DashboardTable")

_CLASS = {"class": "d-none d-md-table-cell"}
_WIDE_ONLY = {"th": _CLASS, "td": _CLASS}  # on a phone the name, the words below it and the status are enough


class RuleTable(DashboardTable):
    """Rules by priority."""

    choose = TemplateColumn(
        verbose_name=_("Choose"),
        template_name="oscar_engage/dashboard/rules/_choose.html",
        orderable=False,
        attrs={"th": {"class": "engage-choose"}},
    )
    name = TemplateColumn(verbose_name=_("Name"), template_name="oscar_engage/dashboard/rules/_name.html", order_by="name")
    status = TemplateColumn(
        verbose_name=_("Status"), template_name="oscar_engage/dashboard/rules/_status.html", order_by="status"
    )
    priority = Column(verbose_name=_("Priority"), attrs=_WIDE_ONLY)
    version = TemplateColumn(
        verbose_name=_("Version"),
        template_name="oscar_engage/dashboard/rules/_version.html",
        order_by="version",
        attrs=_WIDE_ONLY,
    )
    words = TemplateColumn(
        verbose_name=_("What it says"),
        template_name="oscar_engage/dashboard/rules/_words.html",
        orderable=False,
        attrs=_WIDE_ONLY,
    )

    icon = "fas fa-directions"
    caption: Any = ngettext_lazy("%d rule", "%d rules")

    class Meta(DashboardTable.Meta):
        template_name = "oscar_engage/dashboard/table.html"
        attrs = {"class": "table engage-table"}
