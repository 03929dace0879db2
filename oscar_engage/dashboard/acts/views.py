"""What agents press: search a product, propose an act, take it back, have a mail sent. Each works without a script."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from oscar_engage.dashboard.acts.forms import ActForm, ResetMailForm
from oscar_engage.dashboard.acts.reading import read_acts
from oscar_engage.dashboard.desk.agent import get_active_agent, get_agent
from oscar_engage.dashboard.desk.views import access_or_404
from oscar_engage.dashboard.fragment import is_htmx
from oscar_engage.desk.acts.propose import propose, withdraw
from oscar_engage.desk.acts.registry import ActRefusedError
from oscar_engage.desk.acts.reset import ask_reset_mail
from oscar_engage.desk.models import Agent, Conversation
from oscar_engage.shop.acts.search import form_for, get_visible, search_products

TEMPLATES = "oscar_engage/dashboard/acts/"


class ActsView(View):
    """Find a product to propose; or, for the page that asks again, what became of the proposals."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Show the search with what it found, or the chosen product's form."""
        conversation = access_or_404(request, public_id)
        if "known" in request.GET:
            return self._state(request, conversation)
        product = get_visible(request.GET.get("product", ""))
        text = request.GET.get("q", "")
        context = {
            "conversation": conversation,
            "text": text,
            "found": search_products(text),
            "product": product,
            "form": form_for(product, child_id=request.GET.get("child", "")) if product else None,
        }
        return render(request, TEMPLATES + ("_find.html" if is_htmx(request) else "find.html"), context)

    def _state(self, request: HttpRequest, conversation: Conversation) -> HttpResponse:
        acts = read_acts(conversation, get_agent(request.user), now=timezone.now())
        if acts.version == request.GET["known"] and acts.is_waiting:
            return HttpResponse(status=204)
        return render(request, TEMPLATES + "_state.html", {"conversation": conversation, "acts": acts})


class ProposeView(View):
    """Propose an act to the shopper."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Propose it, or say why not."""
        now = timezone.now()
        conversation = access_or_404(request, public_id)
        agent = get_active_agent(request.user, now=now)
        form = ActForm(request.POST)
        if not form.is_valid():
            return HttpResponse(status=400)
        name, client_id = form.cleaned_data["act"], form.cleaned_data["client_id"]
        try:
            propose(conversation, agent, name, request.POST, user=request.user, client_id=client_id, now=now)
        except ActRefusedError as refusal:
            return _answer(request, conversation, agent, refused=str(refusal), now=now)
        return _answer(request, conversation, agent, said=_("The shopper was asked."), now=now)


class WithdrawView(View):
    """Take a proposal back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Take it back, or say that it was answered; an unknown one is treated alike."""
        now = timezone.now()
        conversation = access_or_404(request, public_id)
        agent = get_active_agent(request.user, now=now)
        if withdraw(conversation, request.POST.get("proposal", ""), user=request.user, now=now):
            return _answer(request, conversation, agent, said=_("It is withdrawn."), now=now)
        return _answer(request, conversation, agent, refused=_("It was answered, or withdrawn, already."), now=now)


class ResetMailView(View):
    """Have the mail sent that leads to a new password."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Ask for it; the answer is the same whether there is such an account or not."""
        now = timezone.now()
        conversation = access_or_404(request, public_id)
        agent = get_active_agent(request.user, now=now)
        form = ResetMailForm(request.POST)
        if not form.is_valid():
            return _answer(request, conversation, agent, refused=_("Type an e-mail address."), now=now)
        typed: dict[str, Any] = {name: form.cleaned_data[name] for name in ("email", "client_id")}
        try:
            ask_reset_mail(conversation, agent, user=request.user, now=now, **typed)
        except ActRefusedError as refusal:
            return _answer(request, conversation, agent, refused=str(refusal), now=now)
        return _answer(request, conversation, agent, said=_("If there is such an account, the mail is on its way."), now=now)


def _answer(
    request: HttpRequest, conversation: Conversation, agent: Agent, *, said: str = "", refused: str = "", now: datetime
) -> HttpResponse:
    """Say it above the proposals as they are now; without htmx on the conversation's page."""
    if not is_htmx(request):
        messages.add_message(request, messages.ERROR if refused else messages.SUCCESS, refused or said)
        return redirect("engage_dashboard:engage-conversation", conversation.public_id)
    acts = read_acts(conversation, agent, now=now)
    context = {"conversation": conversation, "acts": acts, "said": said, "refused": refused}
    return render(request, TEMPLATES + "_state.html", context)
