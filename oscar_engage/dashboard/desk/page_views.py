"""What did the shopper see? The copy of the page that went with a question, where nothing of it acts and nothing is fetched."""

from django.http import Http404, HttpRequest, HttpResponse
from django.templatetags.static import static
from django.utils import timezone
from django.views.generic import View

from oscar_engage.audit.trail import record_action
from oscar_engage.dashboard.desk.views import access_or_404
from oscar_engage.desk.pages.models import PageSnapshot
from oscar_engage.desk.pages.read import POLICY, document_of

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "SAMEORIGIN",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex",
}


class PageView(View):
    """The copy as a document of its own, for a frame in the conversation's page."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Return it; 404 where the conversation is not this user's to see, or has none."""
        conversation = access_or_404(request, public_id)
        snapshot = PageSnapshot.objects.select_related("conversation").filter(conversation=conversation).first()
        if snapshot is None:
            raise Http404
        record_action(
            actor=request.user,
            action="conversation.page_viewed",
            object_kind="conversation",
            object_id=conversation.pk,
            now=timezone.now(),
        )
        document = document_of(snapshot, pin_style=static("oscar_engage/dist/engage.css"))
        return HttpResponse(document, headers=HEADERS)
