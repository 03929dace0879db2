"""The page that says when shoppers leave."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.generic import TemplateView

from oscar_engage.analytics.exits.curve import FEWEST_VIEWS
from oscar_engage.analytics.exits.kept import WINDOW, read_counts
from oscar_engage.analytics.exits.views import MOST_VIEWS
from oscar_engage.dashboard.reports.exits import EXIT_HEAD, describe_exits, exit_rows
from oscar_engage.dashboard.reports.sheet import send_sheet


class ExitsView(TemplateView):
    """When shoppers leave: by page views and by idle seconds, stage by stage; ``?as=csv``: as a file."""

    template_name = "oscar_engage/dashboard/reports/exits.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what is known of each stage."""
        now = timezone.now()
        context = {"since": now - WINDOW, "fewest": FEWEST_VIEWS, "most": MOST_VIEWS}
        return super().get_context_data(**kwargs, **context, stages=describe_exits(read_counts(now=now)))

    def render_to_response(self, context: dict[str, Any], **response_kwargs: Any) -> HttpResponse:
        """Return the page, or the file."""
        if self.request.GET.get("as") == "csv":
            return send_sheet("leaving", EXIT_HEAD, exit_rows(context["stages"]))
        return super().render_to_response(context, **response_kwargs)
