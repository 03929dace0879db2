"""What does a browser need to keep unfinished forms? Whose it is now, and our words; nothing is asked of it."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from oscar_engage.storefront.answers import private, vary
from oscar_engage.storefront.kept import owner_of


@private
@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    """Answer with the owner and the words for a form that came back; ``frontend/src/keep.js`` asks."""
    customer_pk = request.user.pk if request.user.is_authenticated else None
    words = {"kept": _("We kept what you had typed."), "afresh": _("Start afresh")}
    return vary(JsonResponse({"owner": owner_of(customer_pk), **words}))
