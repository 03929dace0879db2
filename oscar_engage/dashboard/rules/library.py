"""The page "Start from a ready rule": each with what it says and why, and one press makes a draft of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.generic import View

from oscar_engage.dashboard.rules.start import start_from
from oscar_engage.rules.grammar import parse_document
from oscar_engage.rules.library import READY, Offer, ReadyRule, shipped  # noqa: F401 - registers the rules
from oscar_engage.rules.models import Rule
from oscar_engage.rules.sentence import sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyRow:
    """One ready rule on the page. ``missing`` are variables that the shop lacks, ``started`` the rule that has its name."""

    slug: str
    name: str | Promise
    why: str | Promise
    words: str
    offers: Sequence[Offer]
    missing: Sequence[str]
    started: int | None


class LibraryView(View):
    """Show the ready rules, and start from one."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them all."""
        return render(request, "oscar_engage/dashboard/rules/library.html", {"rows": read_library()})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make a draft of the one that was chosen, and open it."""
        ready = _chosen(request.POST.get("ready", ""))
        rule = start_from(ready, currency=_currency(), user=request.user, now=timezone.now())  # type: ignore[arg-type]  # a logged-in user
        messages.success(
            request,
            _("“%(name)s” is a draft now. Change what you like; nothing happens before you publish it.") % {"name": rule},
        )
        return redirect("engage_dashboard:engage-rule-edit", rule.pk)


def read_library() -> list[ReadyRow]:
    """Return all ready rules that the shop has the modules for, with one query."""
    started = dict(Rule.objects.filter(name__in=[str(ready.name) for ready in READY]).values_list("name", "pk"))
    return [_row(ready, started.get(str(ready.name))) for ready in READY if not ready.modules_off()]


def _row(ready: ReadyRule, started: int | None) -> ReadyRow:
    missing = ready.missing()
    titles = {offer.slug: str(offer.title) for offer in ready.offers}
    document: Any = ready.document(currency=_currency(), slugs=titles)
    return ReadyRow(
        slug=ready.slug,
        name=ready.name,
        why=ready.why,
        words="" if missing else sentence(parse_document(document)),
        offers=ready.offers,
        missing=missing,
        started=started,
    )


def _chosen(slug: str) -> ReadyRule:
    if slug not in READY or READY.get(slug).missing() or READY.get(slug).modules_off():
        raise Http404(slug)
    return READY.get(slug)


def _currency() -> str:
    return str(getattr(settings, "OSCAR_DEFAULT_CURRENCY", ""))
