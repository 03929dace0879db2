"""What was an article before? Its revisions, what changed between two of them, and the way back."""

import difflib
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.admin.utils import label_for_field
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.models import Revision

from oscar_engage.helpcenter.approval import read_approval
from oscar_engage.helpcenter.dashboard.life_views import CHANGE, ArticleActionView
from oscar_engage.helpcenter.models import HelpArticle
from oscar_engage.helpcenter.publish import roll_back
from oscar_engage.helpcenter.state import scheduled_ids, state_of

PER_PAGE = 20
_COMPARED = ("title", "summary", "words", "asked", "anchors", "body")
_MARKS = {"+": "new", "-": "old", " ": "same"}


@dataclass(frozen=True, slots=True)
class ChangedField:
    """One field of two revisions: its label, and its lines with whether they are old, new or the same."""

    label: str
    lines: tuple[tuple[str, str], ...]


class ArticleHistoryView(View):
    """Every revision, and what changed between two of them."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the history; ``from`` and ``to`` choose the revisions to compare."""
        article = get_object_or_404(HelpArticle.objects.select_related("locale", "topic", "latest_revision"), pk=pk)
        revisions = article.revisions.select_related("user").defer("content").order_by("-created_at", "-pk")
        page = Paginator(revisions, PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "article": article,
            "page": page,
            "state": state_of(article, is_scheduled=pk in scheduled_ids([article])),
            "compared": _compare(article, request.GET.get("from", ""), request.GET.get("to", "")),
            "chosen": (request.GET.get("from", ""), request.GET.get("to", "")),
            "approval": read_approval(article, request.user),
            "can_edit": request.user.has_perm(CHANGE),
        }
        return render(request, "oscar_engage/helpcenter/dashboard/history.html", context)


def _compare(article: HelpArticle, old: str, new: str) -> tuple[ChangedField, ...] | None:
    """Return what differs between two revisions of the article; ``None`` when no two were chosen."""
    chosen = [int(pk) for pk in (old, new) if pk.isascii() and pk.isdecimal() and len(pk) < 10]  # noqa: PLR2004 - a number's digits
    found = {revision.pk: revision.as_object() for revision in article.revisions.filter(pk__in=chosen)}
    if len(chosen) != 2 or len(found) != len(set(chosen)):  # noqa: PLR2004 - from and to
        return None
    before, after = found[chosen[0]], found[chosen[1]]
    fields = ((name, str(getattr(before, name)), str(getattr(after, name))) for name in _COMPARED)
    return tuple(
        ChangedField(str(label_for_field(name, HelpArticle)), _differ(one, other))
        for name, one, other in fields
        if one != other
    )


def _differ(one: str, other: str) -> tuple[tuple[str, str], ...]:
    lines = difflib.unified_diff(one.splitlines(), other.splitlines(), lineterm="", n=2)
    return tuple((_MARKS.get(line[:1], "same"), line[1:]) for line in lines if not line.startswith(("---", "+++", "@@")))


class ArticleRollBackView(ArticleActionView):
    """Make an earlier revision the latest draft."""

    def act(self, request: HttpRequest, article: HelpArticle) -> None:
        """Take its text; shoppers read it once it is published."""
        if article.locked or read_approval(article, request.user).is_waiting:
            messages.error(request, _("This article waits for approval, so its text stays as it is. Have it sent back first."))
            return
        number = request.POST.get("revision", "")
        is_number = number.isascii() and number.isdecimal() and len(number) < 10  # noqa: PLR2004 - a number's digits
        revision = get_object_or_404(Revision.objects.for_instance(article), pk=int(number) if is_number else 0)
        roll_back(article, revision, user=request.user, now=timezone.now())
        messages.success(request, _("The earlier text is the draft now. Publish it to have shoppers read it."))
