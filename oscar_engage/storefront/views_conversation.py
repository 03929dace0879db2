"""What was said? The shopper's own conversations: read one, write in it, end it; and the mailed link to an answer."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from oscar_engage.desk.calls.models import CallState, PhoneCall
from oscar_engage.desk.calls.number import masked
from oscar_engage.desk.calls.words import say_when
from oscar_engage.desk.carry.cards import Sight
from oscar_engage.desk.carry.files import kept
from oscar_engage.desk.carry.load import Load
from oscar_engage.desk.carry.show import with_carried
from oscar_engage.desk.flood import TooManyError
from oscar_engage.desk.link import ExpiredLinkError, InvalidLinkError, access_conversation_by_link
from oscar_engage.desk.models import Conversation, ConversationKind, ConversationStatus, Message, Role
from oscar_engage.desk.post import ConversationClosedError, post_message
from oscar_engage.desk.queries import messages_after
from oscar_engage.desk.ratings.give import find_rating, is_open_to_change, is_rateable
from oscar_engage.desk.read import mark_read_by_shopper
from oscar_engage.desk.take import close
from oscar_engage.desk.text import InvalidMessageError
from oscar_engage.sharing.begin import can_share
from oscar_engage.storefront.answers import is_fragment, private, render_gone, render_panel, render_refused_upload
from oscar_engage.storefront.automatic import offered_for
from oscar_engage.storefront.expected import is_in_line, what_to_say
from oscar_engage.storefront.forms import InsteadForm, MessageForm, RatingForm
from oscar_engage.storefront.identity import hand_over, recognise
from oscar_engage.storefront.open_chat import note_open_chat
from oscar_engage.storefront.own import access_own, owner_of
from oscar_engage.storefront.poll import read_after, render_messages, serve_poll
from oscar_engage.storefront.uploads import limited
from oscar_engage.visitors.models import Visitor
from oscar_engage.voices.begin import can_talk


@private
@require_safe
def conversation(request: HttpRequest, public_id: str) -> HttpResponse:
    """One conversation of the shopper's; reading it marks it as read."""
    try:
        own = access_own(request, public_id)
    except Conversation.DoesNotExist:
        return render_gone(request)
    return render_conversation(request, own, is_copy_lost=request.GET.get("copy") == "lost")


@limited(render_refused_upload)
@private
@require_POST
def post(request: HttpRequest, public_id: str) -> HttpResponse:
    """Add the shopper's message."""
    form = MessageForm(request.POST, request.FILES, auto_id=f"engage-{public_id}-%s")
    try:
        own = access_own(request, public_id)
        if not form.is_valid():
            return render_conversation(request, own, form=form, page_status=422)
        message = _post(own, form, now=timezone.now())
    except Conversation.DoesNotExist:
        return render_gone(request)
    except TooManyError:
        form.add_error("body", _("That was a lot at once. Please wait a minute; your text is still here."))
        return render_conversation(request, own, form=form, page_status=429)
    except ConversationClosedError:
        form.add_error("body", _("This conversation is closed. You are welcome to ask again."))
        return render_conversation(request, own, form=form, page_status=409)
    except InvalidMessageError:
        form.add_error("body", _("Write a message first."))
        return render_conversation(request, own, form=form, page_status=422)
    return _show_news(request, message) if "after" in request.POST else _show_again(request, own)


@private
@require_POST
def close_conversation(request: HttpRequest, public_id: str) -> HttpResponse:
    """End the conversation."""
    try:
        own = access_own(request, public_id)
    except Conversation.DoesNotExist:
        return render_gone(request)
    close(own, now=timezone.now())
    return _show_again(request, own)


@private
@require_safe
def events(request: HttpRequest, public_id: str) -> HttpResponse:
    """The poll, for where no middleware served it faster, and for a key that changed when the customer logged in."""
    visitor = recognise(request)
    response = serve_poll(request, key=visitor.key if visitor else None, owner=owner_of(request))
    hand_over(request, response)
    return response


@private
@require_safe
def answer(request: HttpRequest) -> HttpResponse:
    """The conversation that a mailed link opens, to read; the link gives no other access."""
    try:
        linked = access_conversation_by_link(request.GET.get("token", ""))
    except InvalidLinkError:
        return render_gone(request)
    except ExpiredLinkError:
        return render_gone(request, status=410)
    return render_conversation(request, linked, link=request.GET["token"])


def render_conversation(
    request: HttpRequest,
    conversation: Conversation,
    *,
    form: MessageForm | None = None,
    instead: InsteadForm | None = None,
    rating_form: RatingForm | None = None,
    page_status: int = 200,
    link: str = "",
    is_copy_lost: bool = False,
    begun: str = "",
) -> HttpResponse:
    """Answer with the panel of a note or a chat, all its messages in it, and note that they were shown.

    ``link`` is the token of the mailed link that opened it, if one did. ``is_copy_lost``: a copy of the page was to go with
    the question, and did not. ``begun``: public id of a page that is shared since this very request.
    """
    visitor = recognise(request)
    sight = Sight(customer_id=visitor.customer_id if visitor else None, request=request)
    said = with_carried(messages_after(conversation, 0), sight)
    is_linked, now = bool(link), timezone.now()
    context: dict[str, Any] = {
        "title": _title(conversation),
        "conversation": conversation,
        "said": said,
        "answering": conversation if _can_answer(conversation, visitor, is_linked=is_linked) else None,
        "form": form or MessageForm(auto_id=f"engage-{conversation.public_id}-%s"),
        "is_linked": is_linked,
        "link_token": request.GET.get("token", "") if is_linked else "",
        "is_today": _is_today(conversation.due_at),
        "link": link,
        "automatic": None if is_linked else offered_for(request, conversation, now=now),
        "is_copy_lost": is_copy_lost,
        "can_share": not is_linked and can_share(conversation),
        "can_talk": not is_linked and can_talk(conversation),
        "begun": begun,
        **_waiting(conversation, instead, now=now),
        **_rating(conversation, rating_form, now=now),
        **_call(conversation),
    }
    response = render_panel(request, f"{conversation.kind}_conversation", context, page_status=page_status)
    mark_read_by_shopper(conversation, said[-1].seq if said else 0)
    if not is_linked:
        note_open_chat(request, response, conversation)
    return response


def _can_answer(conversation: Conversation, visitor: Visitor | None, *, is_linked: bool) -> bool:
    """Whether a proposal can be answered here: it is about the basket of the browser that asked, so only there."""
    is_here = visitor is not None and visitor.pk == conversation.visitor_id
    return is_here and not is_linked and conversation.status != ConversationStatus.CLOSED


def _waiting(conversation: Conversation, form: InsteadForm | None, *, now: datetime) -> dict[str, Any]:
    if not is_in_line(conversation):
        return {}
    blank = InsteadForm(auto_id=f"engage-{conversation.public_id}-instead-%s", initial={"email": conversation.email})
    return {"expected": what_to_say(conversation, now=now), "instead": form or blank}


def _rating(conversation: Conversation, form: RatingForm | None, *, now: datetime) -> dict[str, Any]:
    if not is_rateable(conversation):
        return {}
    rating = find_rating(conversation)
    given = {"score": rating.score, "comment": rating.comment} if rating else {}
    blank = RatingForm(auto_id=f"engage-{conversation.public_id}-rating-%s", initial=given)
    is_open = form is not None or is_open_to_change(rating, now=now)
    return {"rating": rating, "rating_form": (form or blank) if is_open else None}


def _call(conversation: Conversation) -> dict[str, Any]:
    """Return what the page of a call says of it; the number only as far as its owner needs to know it again."""
    if conversation.kind != ConversationKind.CALL:
        return {}
    call = PhoneCall.objects.get(conversation=conversation)
    is_to_come = call.state in {CallState.PLANNED, CallState.DUE, CallState.UNCONFIRMED}
    return {"call": call, "when": say_when(call) if is_to_come else "", "number": masked(call.number), "is_to_come": is_to_come}


def _title(conversation: Conversation) -> str:
    if conversation.kind == ConversationKind.CHAT:
        return _("Chat")
    if conversation.kind == ConversationKind.CALL:
        return _("Your call %(reference)s") % {"reference": conversation.reference}
    return _("Your question %(reference)s") % {"reference": conversation.reference}


def _is_today(moment: datetime) -> bool:
    return timezone.localdate(moment) == timezone.localdate()


def _post(own: Conversation, form: MessageForm, *, now: datetime) -> Message:
    """Write what the form says, and return it."""
    cleaned = form.cleaned_data
    with kept(cleaned.get("uploads", ()), now=now) as files:
        said = {"body": cleaned["body"], "client_id": cleaned["client_id"]}
        return post_message(own, role=Role.SHOPPER, now=now, load=Load(files=files), **said)


def _show_news(request: HttpRequest, message: Message) -> HttpResponse:
    """Answer a script that has the conversation before it: the messages that it has not, up to its own at least."""
    own = message.conversation  # as it is with that message
    with translation.override(own.language or translation.get_language()):
        return HttpResponse(render_messages(own, read_after(request.POST)))


def _show_again(request: HttpRequest, own: Conversation) -> HttpResponse:
    if not is_fragment(request):
        return redirect(f"engage:{own.kind}-detail", public_id=own.public_id)
    own.refresh_from_db()
    return render_conversation(request, own)
