"""What if the shopper would rather not wait? One press, and the chat is a message that is answered later."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from oscar_engage.desk.flood import TooManyError
from oscar_engage.desk.models import Conversation, Role
from oscar_engage.desk.note_instead import leave_note_instead
from oscar_engage.desk.post import ConversationClosedError, post_message
from oscar_engage.desk.take import TakenError
from oscar_engage.desk.text import InvalidMessageError
from oscar_engage.storefront.answers import is_fragment, private, render_gone
from oscar_engage.storefront.automatic import answer_at_once
from oscar_engage.storefront.forms import InsteadForm
from oscar_engage.storefront.identity import recognise
from oscar_engage.storefront.open_chat import forget_open_chat
from oscar_engage.storefront.own import access_own
from oscar_engage.storefront.views_conversation import render_conversation


@private
@require_POST
def leave_message(request: HttpRequest, public_id: str) -> HttpResponse:
    """Turn the shopper's chat into a note; where an agent was quicker, show the chat with them in it."""
    form = InsteadForm(request.POST, auto_id=f"engage-{public_id}-instead-%s")
    try:
        own = access_own(request, public_id)
        if not form.is_valid():
            return render_conversation(request, own, instead=form, page_status=422)
        _leave(own, form)
    except Conversation.DoesNotExist:
        return render_gone(request)
    except TooManyError:
        form.add_error(None, _("You have asked a lot within the last hour. Please wait a little, or call us."))
        return render_conversation(request, own, instead=form, page_status=429)
    except InvalidMessageError:
        form.add_error(None, _("What stands in the box cannot be sent: it is too long, or nothing can be read in it."))
        return render_conversation(request, own, instead=form, page_status=422)
    except (TakenError, ConversationClosedError):
        pass  # the page says who has come, or that it is over
    own.refresh_from_db()
    answer_at_once(request, own, recognise(request), now=timezone.now())
    response = render_conversation(request, own) if is_fragment(request) else _detail(own)
    if own.kind == "note":
        forget_open_chat(response)
    return response


def _leave(own: Conversation, form: InsteadForm) -> None:
    """What stands in the box goes along: it was to be said."""
    now, cleaned = timezone.now(), form.cleaned_data
    if cleaned["body"].strip():
        post_message(own, role=Role.SHOPPER, body=cleaned["body"], client_id=cleaned["client_id"], now=now)
    leave_note_instead(own, email=cleaned["email"], now=now)


def _detail(own: Conversation) -> HttpResponse:
    return redirect(f"engage:{own.kind}-detail", public_id=own.public_id)
