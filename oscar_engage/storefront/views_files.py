"""Which files may the shopper fetch? Those of their own conversations, and by a mailed link those of that one."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from oscar_engage.desk.carry.access import access_attachment_of_conversation, access_attachment_of_owner
from oscar_engage.desk.carry.models import Attachment
from oscar_engage.desk.link import ExpiredLinkError, InvalidLinkError, access_conversation_by_link
from oscar_engage.storefront.answers import private, render_gone
from oscar_engage.storefront.download import send_file
from oscar_engage.storefront.own import owner_of


@private
@require_safe
def attachment(request: HttpRequest, public_id: str) -> HttpResponse:
    """One file, to download; unknown and foreign ones are the same 404."""
    try:
        return send_file(_find(request, public_id))
    except ExpiredLinkError:
        return render_gone(request, status=410)
    except (Attachment.DoesNotExist, InvalidLinkError):
        return render_gone(request)


def _find(request: HttpRequest, public_id: str) -> Attachment:
    token = request.GET.get("token")
    if token:
        return access_attachment_of_conversation(access_conversation_by_link(token), public_id)
    return access_attachment_of_owner(owner_of(request), public_id)
