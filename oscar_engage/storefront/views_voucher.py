"""How does a shopper take the voucher of an offer? A page that says what it is, and a button; taken in their own request."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from oscar_engage.desk.acts.registry import ActRefusedError
from oscar_engage.shop.contents.voucher import find_offered, give, terms, was_given
from oscar_engage.storefront.answers import private, render_gone, render_panel
from oscar_engage.storefront.identity import recognise


@private
@require_http_methods(["GET", "HEAD", "POST"])
def own_voucher(request: HttpRequest) -> HttpResponse:
    """Show the voucher of the offer that led here, and on POST put it into the basket; of another's, nothing is said."""
    visitor, decision_id = recognise(request), _read_id(request)
    engagement = find_offered(visitor, decision_id) if decision_id else None
    if visitor is None or decision_id is None or engagement is None:
        return render_gone(request)
    refusal = ""
    if request.method == "POST":
        try:
            give(request, visitor, engagement, decision_id, now=timezone.now())
        except ActRefusedError as error:
            refusal = str(error)
    facts = {"decision": decision_id, "terms": terms(engagement.settings), "is_given": was_given(decision_id)}
    context = {"title": _("Your voucher"), "refusal": refusal, **facts}
    return render_panel(request, "own_voucher", context, page_status=409 if refusal else 200)


def _read_id(request: HttpRequest) -> UUID | None:
    try:
        return UUID((request.POST if request.method == "POST" else request.GET).get("decision", ""))
    except ValueError:
        return None
