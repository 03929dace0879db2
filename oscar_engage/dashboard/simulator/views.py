"""The page "Simulator"."""

from typing import Any

from django.utils import timezone
from django.views.generic import TemplateView

from oscar_engage.dashboard.simulator.reading import read_page


class SimulatorView(TemplateView):
    """The truth of the last simulated weeks beside what was measured; before the first, which command to type."""

    template_name = "oscar_engage/dashboard/simulator/simulator.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the page, ``None`` before the first run."""
        return super().get_context_data(**kwargs, page=read_page(today=timezone.localdate()))
