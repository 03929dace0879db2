"""What has the shopper put away? The note that says that an answer is there: it does not come up by itself again."""

from contextlib import suppress
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt

from oscar_engage.desk.access import access_conversation_of_visitor
from oscar_engage.desk.models import Conversation
from oscar_engage.desk.read import put_away
from oscar_engage.storefront.admit import reason_to_ignore
from oscar_engage.storefront.identity import recognise


@csrf_exempt
@cache_control(private=True, no_store=True)
def put_answer_away(request: HttpRequest, public_id: str) -> HttpResponse:
    """Answer 204, whoever asks about whatever; 403 to a page of another site.

    Exempt from the CSRF token like the beat that brought the note, whose pages are cached for everybody; in its place, too,
    only requests from our own pages count, and all that one can do is to leave its own shopper in peace.
    """
    reason = reason_to_ignore(request)
    if reason == "foreign_origin":
        return HttpResponse(status=HTTPStatus.FORBIDDEN)
    if request.method != "POST":
        return HttpResponse(status=HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "POST"})
    visitor = recognise(request) if reason is None else None
    if visitor is not None:
        with suppress(Conversation.DoesNotExist):
            put_away(access_conversation_of_visitor(visitor.pk, public_id))
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
