"""The buttons of an engagement's life: publish, ask, send back, switch, roll back; and the page of its history."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from oscar_engage.dashboard.engagements.reading import read_head, read_trail
from oscar_engage.dashboard.rules.standing import people
from oscar_engage.rules.errors import ChangedMeanwhileError
from oscar_engage.widgets.life.diff import Change, diff
from oscar_engage.widgets.life.publish import (
    LONGEST_COMMENT,
    PERMISSION,
    NeverPublishedError,
    NothingWaitsError,
    OwnDraftError,
    WrongCommentError,
    ask_for_approval,
    publish,
    roll_back,
    send_back,
    switch,
)
from oscar_engage.widgets.models import Engagement, EngagementVersion

_NUMBER = re.compile(r"[0-9]{1,9}")
_VERSIONS_A_PAGE = 30


class EngagementHistoryView(View):
    """Every version, what changed between two of them, and what was done."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the history; ``from`` and ``to`` choose the versions to compare."""
        engagement = get_object_or_404(Engagement, pk=pk)
        numbers = list(engagement.versions.order_by("-number").values_list("number", flat=True))
        page = Paginator(engagement.versions.order_by("-number"), _VERSIONS_A_PAGE).get_page(request.GET.get("page"))
        names = people(version.created_by_id for version in page)
        old, new = (_chosen(request.GET.get(name, ""), numbers, place) for name, place in (("from", 1), ("to", 0)))
        context = {
            "engagement": engagement,
            "head": read_head(engagement, request.user, now=timezone.now()),
            "page": page,
            "versions": [(version, names.get(version.created_by_id, "")) for version in page],
            "numbers": numbers,
            "old": old,
            "new": new,
            "changes": _changes(engagement, old, new),
            "trail": read_trail(engagement),
        }
        return render(request, "oscar_engage/dashboard/engagements/history.html", context)


class EngagementActionView(View, ABC):
    """One thing to do with an engagement; subclasses do it in :meth:`act` and return what to say then."""

    http_method_names = ["post"]

    @abstractmethod
    def act(self, request: HttpRequest, engagement: Engagement, **options: Any) -> str:
        """Do it; ``options`` are ``user`` and ``now``."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it, or say why not; then go on where the button was."""
        engagement = get_object_or_404(Engagement, pk=pk)
        attempt(request, lambda: self.act(request, engagement, user=request.user, now=timezone.now()))
        may_edit = request.user.has_perm("oscar_engage.change_engagement")
        page = "history" if "history" in request.POST or not may_edit else "edit"
        return redirect(f"engage_dashboard:engage-engagement-{page}", engagement.pk)


class EngagementPublishView(EngagementActionView):
    """Let shoppers read the newest version."""

    def act(self, request: HttpRequest, engagement: Engagement, **options: Any) -> str:
        """Publish the version that the page showed."""
        version = publish(engagement, expected=number_in(request), **options)
        return _("Version %(number)d of “%(title)s” is live.") % {"number": version.number, "title": engagement.title}


class EngagementAskView(EngagementActionView):
    """Ask that the newest version be published."""

    def act(self, request: HttpRequest, engagement: Engagement, **options: Any) -> str:
        """Let it wait for an approver."""
        version = ask_for_approval(engagement, **options)
        words = {"number": version.number, "title": engagement.title}
        return _("Version %(number)d of “%(title)s” waits for approval.") % words


class EngagementSendBackView(EngagementActionView):
    """Answer who asked with what is to change."""

    def act(self, request: HttpRequest, engagement: Engagement, **options: Any) -> str:
        """Send it back, if the sentence is there."""
        send_back(engagement, request.POST.get("comment", ""), **options)
        return _("“%(title)s” is sent back.") % {"title": engagement.title}


class EngagementSwitchView(EngagementActionView):
    """Take it away from shoppers, or, for who may publish, give it back."""

    def act(self, request: HttpRequest, engagement: Engagement, **options: Any) -> str:
        """Switch it on with ``on`` among the fields, else off."""
        is_active = "on" in request.POST
        if is_active and not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        switch(engagement, is_active=is_active, **options)
        words = _("“%(title)s” is switched on.") if is_active else _("“%(title)s” is switched off.")
        return words % {"title": engagement.title}


class EngagementRollBackView(EngagementActionView):
    """Make an old version the newest draft."""

    def act(self, request: HttpRequest, engagement: Engagement, **options: Any) -> str:
        """Roll back to the version ``number``."""
        old = number_in(request) or 0
        version = roll_back(engagement, old, **options)
        words = {"old": old, "number": version.number}
        return _("What version %(old)d said is the newest draft, as version %(number)d.") % words


def attempt(request: HttpRequest, act: Callable[[], str]) -> bool:
    """Return whether ``act`` succeeded, and say what it says, or what stood against it."""
    try:
        said = act()
    except EngagementVersion.DoesNotExist:
        messages.error(request, _("There is no such version."))
    except ChangedMeanwhileError as error:
        words = _("Version %(number)d was saved meanwhile; have a look at it first. Nothing was done.")
        messages.warning(request, words % {"number": error.number})
    except OwnDraftError:
        messages.warning(request, _("You wrote this draft: somebody else has to read and publish it. Ask for approval."))
    except NeverPublishedError:
        messages.warning(request, _("It was never published: publish it, and shoppers see it."))
    except NothingWaitsError:
        messages.warning(request, _("Nothing waits for approval any more."))
    except WrongCommentError:
        messages.error(request, _("Say in 1 to %(limit)d characters what is to change.") % {"limit": LONGEST_COMMENT})
    else:
        messages.success(request, said)
        return True
    return False


def _changes(engagement: Engagement, old: int | None, new: int | None) -> list[Change]:
    numbers = [number for number in (old, new) if number is not None]
    documents = dict(engagement.versions.filter(number__in=numbers).values_list("number", "document"))
    return diff(documents[old], documents[new]) if old in documents and new in documents else []


def _chosen(typed: str, numbers: list[int], place: int) -> int | None:
    default = numbers[place] if place < len(numbers) else None
    return next((number for number in numbers if str(number) == typed), default)


def number_in(request: HttpRequest, name: str = "number") -> int | None:
    """Return the version's number that was posted as ``name``, or ``None``; never more than a column holds."""
    typed = request.POST.get(name, "")
    return int(typed) if _NUMBER.fullmatch(typed) else None
