"""The transcript by mail: to the address that the shopper gave, or gives here once."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from oscar_engage.desk.flood import TooManyError
from oscar_engage.desk.mailbox.transcript import request_transcript
from oscar_engage.desk.models import Conversation
from oscar_engage.storefront.answers import private, render_gone, render_panel
from oscar_engage.storefront.forms import EngageForm
from oscar_engage.storefront.own import access_own


class TranscriptForm(EngageForm):
    """Where to? Asked only while the conversation has no address."""

    id_prefix = "engage-transcript"

    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=gettext_lazy("Answers that you are no longer here to read come to it, too."),
        error_messages={"required": gettext_lazy("Type your e-mail address first.")},
    )


@private
@require_http_methods(["GET", "HEAD", "POST"])
def transcript(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask where to, or send it; a foreign conversation and none at all are the same."""
    try:
        own = access_own(request, public_id)
    except Conversation.DoesNotExist:
        return render_gone(request)
    form = None if own.email else TranscriptForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _show(request, own, form)
    if form is not None and not form.is_valid():
        return _show(request, own, form, status=422)
    try:
        request_transcript(own, email=form.cleaned_data["email"] if form else "", now=timezone.now())
    except TooManyError:
        if form is not None:
            form.add_error("email", _("Too many conversations name this address. Please try again in an hour."))
        return _show(request, own, form, status=429)
    return _show(request, own, None, is_sent=True)


def _show(
    request: HttpRequest, own: Conversation, form: TranscriptForm | None, *, status: int = 200, is_sent: bool = False
) -> HttpResponse:
    context = {"title": _("This conversation by mail"), "conversation": own, "form": form, "is_sent": is_sent}
    return render_panel(request, "transcript", context, page_status=status)
