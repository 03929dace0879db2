"""What is a widget? A name, a place on the page, a template, and what its button opens."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise

from oscar_engage.decisions.models import Decision
from oscar_engage.widgets.models import Engagement


class Widget:
    """Base of all widgets; a shop's own subclass is registered with ``widgets.registry.WIDGETS``.

    ``surface`` names the place on the page, which one widget has at a time; ``action`` is what a rule calls it.
    """

    name: ClassVar[str]
    label: ClassVar[str | Promise]
    action: ClassVar[str]
    surface: ClassVar[str] = "page"
    template: ClassVar[str]
    needs_agent: ClassVar[bool] = False
    opens: ClassVar[str] = "engage:note-new"
    """URL name of the form that its button opens as a panel."""

    def get_context(self, decision: Decision, engagement: Engagement) -> dict[str, Any]:
        """Return what the template reads."""
        return {
            "widget": self,
            "decision_id": str(decision.pk),
            "title_id": f"engage-title-{decision.pk.hex}",
            "engagement": engagement,
            "open_url": self.get_open_url(decision, engagement),
        }

    def get_open_url(self, decision: Decision, engagement: Engagement) -> str:
        """Return the address that accepting opens; it carries the decision, so that the answer counts for it."""
        query = {"decision": str(decision.pk)}
        if engagement.anchor:
            query["anchor"] = engagement.anchor
        return f"{reverse(self.opens)}?{urlencode(query)}"
