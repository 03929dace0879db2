"""Why do I see this? A short page for the shopper to whom an offer was made, and for nobody else."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from oscar_engage.learning.words.asked import answer_shopper, find_own
from oscar_engage.storefront.answers import private, render_gone, render_panel
from oscar_engage.storefront.identity import recognise


@private
@require_safe
def why(request: HttpRequest, decision_id: uuid.UUID) -> HttpResponse:
    """Say in plain words why; what was not offered to this shopper is not here."""
    visitor = recognise(request)
    decision = find_own(decision_id, visitor)
    if visitor is None or decision is None:
        return render_gone(request)
    answer = answer_shopper(decision, visitor, now=timezone.now())
    return render_panel(request, "why", {"title": _("Why do I see this?"), "answer": answer})
