"""The page that takes a contact centre's volumes: a file is checked line by line, and nothing is stored by half unasked."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.generic import View

from oscar_engage.analytics.costs.rates import Channel
from oscar_engage.analytics.volumes.check import Checked, VolumeRow, check_table
from oscar_engage.analytics.volumes.decode import LARGEST, FileFault, UnreadableError, decode, split
from oscar_engage.analytics.volumes.store import Replaced, delete_volumes, import_volumes, what_is_held, would_replace
from oscar_engage.analytics.volumes.write import write_table
from oscar_engage.dashboard.deflection.reading import topic_names
from oscar_engage.dashboard.volumes.words import say_fault, say_mistake

_PAGE = "engage_dashboard:engage-report-trend"
_TEMPLATE = "oscar_engage/dashboard/volumes/import.html"


class VolumeTemplateView(View):
    """The file that a shop fills in: the columns, and three lines as an example, with a topic of the desk."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Send it."""
        response = HttpResponse(
            "\ufeff" + write_table(_examples(next(iter(topic_names()), ""))), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = 'attachment; filename="contact-volumes.csv"'
        response["X-Content-Type-Options"] = "nosniff"
        return response


class VolumeImportView(View):
    """A file of volumes: checked, shown if anything is wrong or would be replaced, then stored."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask for a file."""
        return self._page()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Check what came; store it if all is right, or if ``confirm`` takes what is right of it."""
        topics = topic_names()
        try:
            checked = check_table(split(self._text()), topics=topics, today=timezone.localdate())
        except UnreadableError as error:
            return self._page(fault=say_fault(error), status=422)
        replaced = would_replace(checked.days)
        is_sure = "confirm" in request.POST and checked.is_right
        if not is_sure and (not checked.is_right or replaced.days):
            return self._doubts(checked, replaced, topics)
        done = import_volumes(checked.rows, user=request.user, now=timezone.now())
        messages.success(request, _say_done(checked, done))
        return redirect(_PAGE)

    def _text(self) -> str:
        """Return what was chosen, or handed on by the page before; of a file that is too long, enough to refuse it."""
        file = self.request.FILES.get("file")
        if file is not None:
            return decode(file.read(LARGEST + 1))
        handed = self.request.POST.get("rows", "")
        if not handed:
            raise UnreadableError(FileFault.EMPTY)
        return decode(handed.encode())

    def _doubts(self, checked: Checked, replaced: Replaced, topics: Mapping[str, str]) -> HttpResponse:
        """Show what is wrong and what would be replaced, with the right rows to be handed back."""
        context = {
            "checked": checked,
            "mistakes": [say_mistake(mistake, topics) for mistake in checked.mistakes],
            "replaced": replaced,
            "rows": write_table(checked.rows) if checked.rows else "",
        }
        return self._page(status=200 if checked.is_right else 422, **context)

    def _page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        told = {"held": what_is_held(), "largest": LARGEST // 1000, **context}
        return render(self.request, _TEMPLATE, told, status=status)


class VolumeDeleteView(View):
    """Take all out that was imported."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Delete it."""
        held = what_is_held()
        if held.first and held.last:
            delete_volumes(held.first, held.last, user=request.user, now=timezone.now())
            words = ngettext("%(count)d day is taken out again.", "%(count)d days are taken out again.", held.days)
            messages.success(request, words % {"count": held.days})
        return redirect(_PAGE)


def _say_done(checked: Checked, replaced: Replaced) -> str:
    days = len(checked.days)
    words = ngettext("%(count)d day is imported.", "%(count)d days are imported.", days) % {"count": days}
    if not replaced.days:
        return words
    told = {"count": replaced.days}
    again = ngettext(
        "%(count)d of them was there and is replaced.", "%(count)d of them were there and are replaced.", replaced.days
    )
    return f"{words} {again % told}"


def _examples(topic: str) -> list[VolumeRow]:
    day = date(2026, 1, 5)
    return [
        VolumeRow(day=day, channel=Channel.CALL, topic=topic, contacts=42, minutes=Decimal("190.5")),
        VolumeRow(day=day, channel=Channel.MAIL, topic=topic, contacts=31, minutes=None),
        VolumeRow(day=day, channel=Channel.CHAT, topic="", contacts=7, minutes=Decimal(25)),
    ]
