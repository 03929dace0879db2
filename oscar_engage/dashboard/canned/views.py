"""The pages of ready-made replies: the list, which agents read as well, and a form with a preview for supervisors."""

from typing import Any

from django.conf import settings as django_settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.generic import View

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.dashboard.canned.forms import CannedReplyForm
from oscar_engage.dashboard.canned.words import NAMES, example_values, name_of
from oscar_engage.desk.access import SUPERVISE_PERMISSION
from oscar_engage.desk.carry.models import CannedReply
from oscar_engage.desk.carry.placeholders import fill

TEMPLATES = "oscar_engage/dashboard/canned/"
LIST = "engage_dashboard:engage-canned"


class CannedListView(View):
    """All ready-made replies by title."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        replies = CannedReply.objects.select_related("queue").order_by("title", "pk")
        context = {
            "rows": [(reply, ", ".join(reply.texts), next(iter(reply.texts.values()), "")) for reply in replies],
            "can_edit": request.user.has_perm(SUPERVISE_PERMISSION),
        }
        return render(request, TEMPLATES + "list.html", context)


class CannedEditorView(View):
    """One reply's form; an address that names none is for a new one."""

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Show the form, and how the saved texts look filled in."""
        form = CannedReplyForm(instance=self._find(pk))
        return self._page(form, form.instance.texts)

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Save and go back to the list; only show a preview if that was pressed, or what is wrong."""
        form = CannedReplyForm(request.POST, instance=self._find(pk))
        if not form.is_valid():
            return self._page(form, {}, status=422)
        if request.POST.get("do") == "preview":
            return self._page(form, form.texts())
        action = f"canned_reply.{'created' if pk is None else 'changed'}"
        with transaction.atomic(using=get_settings().database):
            saved = form.save()
            record_action(actor=request.user, action=action, object_kind="canned_reply", object_id=saved.pk, now=timezone.now())
        messages.success(request, _("“%(name)s” is saved.") % {"name": saved})
        return redirect(LIST)

    def _find(self, pk: int | None) -> CannedReply:
        return CannedReply() if pk is None else get_object_or_404(CannedReply, pk=pk)

    def _page(self, form: CannedReplyForm, texts: dict[str, str], *, status: int = 200) -> HttpResponse:
        row = self._find(form.instance.pk)  # as it is, for a form that was refused has changed its own
        context = {
            "form": form,
            "row": row,
            "heading": row.title or _("New ready-made reply"),
            "previews": _previews(texts),
            "known": [(f"{{{{ {name} }}}}", words, example_values()[name]) for name, words in NAMES.items()],
        }
        return render(self.request, TEMPLATES + "edit.html", context, status=status)


class CannedDeleteView(View):
    """Delete a ready-made reply; what was sent with it stays."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete it and go back to the list."""
        row = get_object_or_404(CannedReply, pk=pk)
        with transaction.atomic(using=get_settings().database):
            row.delete()
            record_action(
                actor=request.user, action="canned_reply.deleted", object_kind="canned_reply", object_id=pk, now=timezone.now()
            )
        messages.success(request, _("“%(name)s” is deleted.") % {"name": row})
        return redirect(LIST)


def _previews(texts: dict[str, str]) -> list[tuple[Any, str, str]]:
    """Return each text filled in with the example: the language's name, its code, the text."""
    names, shown = dict(django_settings.LANGUAGES), []
    for code, text in texts.items():
        with translation.override(code if code in names else None):
            shown.append((names.get(code, code), code, fill(text, example_values(), name_of=name_of)))
    return shown
