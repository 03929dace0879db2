"""What is a widget? A name, a place on the page, a template, and what its button opens."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language

from oscar_engage.decisions.models import Decision
from oscar_engage.modules import is_there
from oscar_engage.widgets.anchors.live import picked_attributes
from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.wordings import language_shown, own_language, words_of


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
    is_offered: ClassVar[bool] = True
    """Whether rules offer it; what is not stands by itself, without a decision."""
    is_for_all: ClassVar[bool] = False
    """Whether it is the same for every shopper and kept by caches: then its words have no values of somebody's in them."""
    has_own_words: ClassVar[bool] = False
    """Whether it says what :meth:`get_context` brings: nothing is filled in then, and no content stands below."""
    opens: ClassVar[str] = "engage:note-new"
    """URL name of the form that its button opens as a panel."""

    def get_context(self, decision: Decision, engagement: Engagement) -> dict[str, Any]:
        """Return what the template reads; ``words`` are those of the decision's wording, in the active language."""
        language = get_language() or own_language()
        shown = language_shown(engagement, language, decision.variant)
        return {
            "widget": self,
            "decision_id": str(decision.pk),
            "title_id": f"engage-title-{decision.pk.hex}",
            "engagement": engagement,
            "words": words_of(engagement, language, decision.variant),
            "words_language": "" if shown.partition("-")[0] == language.partition("-")[0] else shown,
            "open_url": self.get_open_url(decision, engagement),
            "can_open": is_there("addresses", self.opens.rpartition(":")[2]),
            "why_url": reverse("engage:why", args=[decision.pk]) if decision.visitor_id else "",
            "picked": picked_attributes(engagement.anchor),
        }

    def get_open_url(self, decision: Decision, engagement: Engagement) -> str:
        """Return the address that accepting opens; it carries the decision, so that the answer counts for it."""
        query = {"decision": str(decision.pk)}
        if engagement.anchor:
            query["anchor"] = engagement.anchor
        return f"{reverse(self.opens)}?{urlencode(query)}"
