"""What does the shopper say to an agent's proposal? Yes or no, from their own browser; a yes is done in this very request."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from oscar_engage.desk.access import access_conversation_of_visitor
from oscar_engage.desk.acts.answer import answer
from oscar_engage.desk.acts.models import Proposal
from oscar_engage.desk.models import Conversation
from oscar_engage.storefront.answers import is_fragment, private, render_gone
from oscar_engage.storefront.identity import recognise
from oscar_engage.storefront.views_conversation import render_conversation

_IS_YES = {"yes": True, "no": False}


@private
@require_POST
def answer_act(request: HttpRequest, public_id: str, proposal_id: str) -> HttpResponse:
    """Take the answer and show the conversation with what came of it; anything but yes or no is a bad request."""
    visitor, is_yes = recognise(request), _IS_YES.get(request.POST.get("answer", ""))
    if is_yes is None:
        return HttpResponse(status=400)
    try:
        own = access_conversation_of_visitor(visitor.pk if visitor else None, public_id)
        answer(own, proposal_id, is_yes=is_yes, request=request, now=timezone.now())
    except (Conversation.DoesNotExist, Proposal.DoesNotExist):
        return render_gone(request)
    if not is_fragment(request):
        return redirect(f"engage:{own.kind}-detail", public_id=own.public_id)
    own.refresh_from_db()
    return render_conversation(request, own)
