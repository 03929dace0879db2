"""The page of the outside desk, and a try to reach it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from oscar_engage.audit.trail import record_action
from oscar_engage.dashboard.outside.reading import read_outside
from oscar_engage.outside.adapter import get_desk
from oscar_engage.outside.agents import known_here
from oscar_engage.outside.callback import callback_address
from oscar_engage.outside.port import Greeting, OutsideError
from oscar_engage.outside.state import try_once

TEMPLATE = "oscar_engage/dashboard/outside/page.html"
PAGE = "engage_dashboard:engage-outside"


class OutsideView(View):
    """How it goes with the outside desk; or how one is set up."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        return render(request, TEMPLATE, {"outside": read_outside(), "callback": callback_address(), "now": timezone.now()})


class OutsideTestView(View):
    """Try to reach it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Ask it for its inbox and its agents, and say what came of it. Nothing is written there."""
        desk, now = get_desk(), timezone.now()
        if desk is None:
            raise Http404("outside desk")
        record_action(actor=request.user, action="outside.tested", object_kind="outside", object_id=desk.name, now=now)
        try:
            greeting = try_once(desk, lambda: desk.greet(callback_address()), now=now)
        except OutsideError as error:
            messages.error(request, _("The outside desk cannot be reached: %(reason)s.") % {"reason": error})
        else:
            _say(request, greeting)
        return redirect(PAGE)


def _say(request: HttpRequest, greeting: Greeting) -> None:
    known, number = len(known_here(greeting.agents)), len(greeting.agents)
    words = ngettext(
        "The outside desk answers: “%(name)s”, with %(count)s agent; agents here as well: %(known)s.",
        "The outside desk answers: “%(name)s”, with %(count)s agents; agents here as well: %(known)s.",
        number,
    )
    messages.success(request, words % {"name": greeting.name, "count": number, "known": known})
    for complaint in greeting.complaints:
        messages.warning(request, complaint)
