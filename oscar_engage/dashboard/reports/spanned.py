"""What every report page over whole days shows of them: the chosen days, the form that chooses others."""

from typing import Any

from django.utils import timezone

from oscar_engage.dashboard.reports.span import COMPARED, LENGTHS, Span, choose_span


class SpanMixin:
    """A view whose address names days (``?days=30``, ``?from=…&to=…``, ``&beside=before``); include ``_span.html``."""

    request: Any

    def span_context(self) -> tuple[Span, dict[str, Any]]:
        """Return the days, and the template's names for the form."""
        span = choose_span(self.request.GET, today=timezone.localdate())
        return span, {"span": span, "lengths": LENGTHS, "compared": COMPARED}
