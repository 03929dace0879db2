"""The page on which an agent practises: like the desk, with its keys and templates' looks, and apart from all that is real."""

import secrets
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from oscar_engage.analytics.staffing.duration import say_duration
from oscar_engage.dashboard.desk.agent import get_active_agent
from oscar_engage.dashboard.desk.views import private
from oscar_engage.dashboard.fragment import is_htmx
from oscar_engage.dashboard.practice.access import own_chat, own_practice
from oscar_engage.dashboard.practice.cards import Card, form_for, parse_known, read_cards
from oscar_engage.dashboard.practice.forms import BeginForm, LineForm, TopicForm
from oscar_engage.dashboard.practice.ready import basket_total, fill_ready, is_made_of, ready_replies
from oscar_engage.dashboard.practice.result_views import show_own
from oscar_engage.desk.changes import mark_of
from oscar_engage.desk.practice import run
from oscar_engage.desk.practice.first import is_needed
from oscar_engage.desk.practice.models import Practice, PracticeChat
from oscar_engage.desk.practice.registry import SCRIPTS
from oscar_engage.desk.presence import note_activity
from oscar_engage.desk.text import LONGEST_MESSAGE, InvalidMessageError
from oscar_engage.desk.topics.store import active_topics

TEMPLATES = "oscar_engage/dashboard/practice/"


class BeginView(View):
    """Begin a sitting."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Begin it, or lead to the one that is open; where that cannot be, say why."""
        form = BeginForm(request.POST)
        if not form.is_valid():
            return show_own(request, form, status=422)
        now = timezone.now()
        agent = get_active_agent(request.user, now=now)
        try:
            practice = run.begin_practice(agent, **form.cleaned_data, seed=secrets.token_hex(8), now=now)
        except run.NeededError:
            messages.info(request, _("A shopper waits for you at the desk and goes first. Practise afterwards."))
            return redirect("engage_dashboard:engage-practice")
        except run.NoScriptError:
            form.add_error("difficulty", _("There is nobody so hard to help in this language. Choose a mixture."))
            return show_own(request, form, status=422)
        return redirect("engage_dashboard:engage-practice-sitting", practice.public_id)


class SittingView(View):
    """The sitting: who has come, side by side, and who the shopper is."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Show it; one that is over leads to how it went."""
        now = timezone.now()
        practice = run.advance(own_practice(request.user, public_id), now=now)
        if practice.ended_at is not None:
            return redirect("engage_dashboard:engage-practice-result", public_id)
        return show_sitting(request, practice, now=now, focus=request.GET.get("focus", ""))


class SittingNewsView(View):
    """What is new for the page of a sitting that says what it shows; what is due is said now."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Return the parts that changed, or 204; one that is over leads to how it went."""
        now = timezone.now()
        practice = run.advance(own_practice(request.user, public_id), now=now)
        if practice.ended_at is not None:
            address = reverse("engage_dashboard:engage-practice-result", args=[public_id])
            return private(HttpResponse(status=204, headers={"HX-Redirect": address}))
        cards = read_cards(practice, now=now, known=parse_known(request.GET.getlist("open")))
        mark = _mark(practice, cards)
        if mark == request.GET.get("have"):
            return private(HttpResponse(status=204))
        return private(render(request, TEMPLATES + "_news.html", _context(practice, cards, now)))


class AboutView(View):
    """Who a made-up shopper is, and what the made-up shop says on the matter."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Return it as a fragment; without htmx, lead to the sitting with it."""
        chat = own_chat(request.user, public_id)
        if not is_htmx(request):
            return _back(chat)
        return private(render(request, TEMPLATES + "_about.html", about_context(chat)))


class LineView(View):
    """Answer a made-up shopper, or have a ready-made reply put into the box."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Keep the line; what cannot be sent comes back with its text and the reason."""
        now = timezone.now()
        chat = own_chat(request.user, public_id)
        note_activity(chat.practice.agent, now=now)  # who practises is at work: a real shopper may come
        if request.POST.get("do") == "insert":
            return self._insert(request, chat, now)
        form = form_for(chat, request.POST)
        is_sent = form.is_valid() and self._send(form, chat, now)
        if not is_htmx(request):
            return _back(chat) if is_sent else show_sitting(request, chat.practice, now=now, again=(chat, form))
        return self._show(request, chat, None if is_sent else form, now)

    def _send(self, form: LineForm, chat: PracticeChat, now: datetime) -> bool:
        said = form.cleaned_data
        is_ready = is_made_of(said["body"], fill_ready(ready_replies(), chat, chat.practice))
        try:
            run.answer(chat, body=said["body"], client_id=said["client_id"], is_ready=is_ready, now=now)
        except run.ChatOverError:
            form.add_error("body", _("The shopper has left."))
        except run.PausedError:
            form.add_error("body", _("The clock stands still. Press “Go on” first; your text is still here."))
        except InvalidMessageError:
            form.add_error("body", _("Type an answer."))
        return form.is_valid()

    def _insert(self, request: HttpRequest, chat: PracticeChat, now: datetime) -> HttpResponse:
        body, chosen = request.POST.get("body", "")[:LONGEST_MESSAGE], request.POST.get("canned", "")
        replies = [reply for reply in ready_replies() if str(reply.pk) == chosen]
        for ready in fill_ready(replies, chat, chat.practice):
            body = f"{body.rstrip()}\n\n{ready.text}" if body.strip() else ready.text
        form = form_for(chat, body=body)
        form.fields["body"].widget.attrs["autofocus"] = True
        if not is_htmx(request):
            return show_sitting(request, chat.practice, now=now, again=(chat, form))
        card = next(one for one in read_cards(chat.practice, now=now) if one.chat.pk == chat.pk)
        context = {**_context(chat.practice, [], now), "card": card, "form": form}
        return private(render(request, TEMPLATES + "_reply.html", context))

    def _show(self, request: HttpRequest, chat: PracticeChat, form: LineForm | None, now: datetime) -> HttpResponse:
        practice = Practice.objects.select_related("agent").get(pk=chat.practice_id)
        known = parse_known([f"{chat.public_id}:{request.POST.get('after', '')}:"])
        cards = read_cards(practice, now=now, known=known)
        card = next((one for one in cards if one.chat.pk == chat.pk), None)
        if card is None:  # it has not begun
            return private(HttpResponse(status=204))
        context = {**_context(practice, [], now), "card": card, "form": form or card.form}
        return private(render(request, TEMPLATES + "_new_lines.html", context))


class ReadyView(View):
    """All ready-made replies for a made-up shopper, filled in, for the list that opens at a slash."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Return shortcut, title and text of each as JSON; a script puts them into the page as text."""
        chat = own_chat(request.user, public_id)
        texts = fill_ready(ready_replies(), chat, chat.practice)
        replies = [{"shortcut": one.shortcut, "title": one.title, "text": one.text} for one in texts]
        return JsonResponse({"replies": replies}, headers={"X-Content-Type-Options": "nosniff"})


class WrapView(View):
    """End a conversation of practice with what it was about."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Keep it and go back to the sitting, or to how it went after the last one."""
        chat, topics = own_chat(request.user, public_id), active_topics()
        form = TopicForm(request.POST, topics=topics)
        if not form.is_valid():
            messages.error(request, _("Choose what it was about."))
            return _back(chat)
        run.wrap(chat, topic=form.get_topic(), known={topic.slug for topic in topics}, now=timezone.now())
        return _back(chat, with_focus=False)


class PauseView(View):
    """Have the clock of a sitting stand still, or go on."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Do it and go back; while a real shopper waits, it does not go on."""
        practice = own_practice(request.user, public_id)
        try:
            run.set_paused(practice, request.POST.get("do") != "go-on", now=timezone.now())
        except run.NeededError:
            messages.info(request, _("A shopper waits for you at the desk and goes first. Practise afterwards."))
        return redirect("engage_dashboard:engage-practice-sitting", public_id)


class StopView(View):
    """End a sitting before its end."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """End it and show what there is to show."""
        run.stop(own_practice(request.user, public_id), now=timezone.now())
        return redirect("engage_dashboard:engage-practice-result", public_id)


def show_sitting(
    request: HttpRequest,
    practice: Practice,
    *,
    now: datetime,
    focus: str = "",
    again: tuple[PracticeChat, LineForm] | None = None,
) -> HttpResponse:
    """Answer with the page of a sitting; ``again`` is a conversation with the form that its box shows."""
    cards = read_cards(practice, now=now)
    wanted = again[0].public_id if again else focus
    focused = next((card for card in cards if card.chat.public_id == wanted), cards[0] if cards else None)
    context = {
        **_context(practice, cards, now),
        "again": again[1] if again else None,
        "focus": focused.chat.public_id if focused else "",
        **(about_context(focused.chat) if focused else {}),
    }
    return private(render(request, TEMPLATES + "sitting.html", context))


def about_context(chat: PracticeChat) -> dict[str, Any]:
    """Return what stands beside a made-up shopper's conversation."""
    script = SCRIPTS.get(chat.script) if chat.script in SCRIPTS else None
    journey = [(step.words, say_duration(step.before)) for step in script.journey] if script else []
    return {"about": chat, "script": script, "total": basket_total(script) if script else "", "journey": journey}


def _context(practice: Practice, cards: list[Card], now: datetime) -> dict[str, Any]:
    return {
        "practice": practice,
        "cards": cards,
        "coming": practice.chats.filter(last_seq=0).count(),
        "mark": _mark(practice, cards),
        "canned": ready_replies(),
        "topic_form": TopicForm(topics=active_topics(), auto_id=False),
        "is_needed": practice.paused_at is not None and is_needed(practice.agent, now=now),
        "number": sum(card.is_waiting for card in cards),
    }


def _mark(practice: Practice, cards: list[Card]) -> str:
    shown = tuple((card.chat.public_id, card.after, card.state, card.is_writing, card.is_late) for card in cards)
    return mark_of((shown, practice.paused_at is not None))


def _back(chat: PracticeChat, *, with_focus: bool = True) -> HttpResponse:
    address = reverse("engage_dashboard:engage-practice-sitting", args=[chat.practice.public_id])
    return redirect(f"{address}?focus={chat.public_id}" if with_focus else address)
