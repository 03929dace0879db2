"""The pages of mailboxes: the list with what was refused, a form for each, and a try to reach the server."""

import imaplib
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.dashboard.mailboxes.forms import MailboxForm
from oscar_engage.dashboard.mailboxes.reading import read_mailboxes, read_refused
from oscar_engage.dashboard.trail.changes import changed_names
from oscar_engage.desk.mailbox.imap import ImapPostbox, PostboxError
from oscar_engage.desk.mailbox.models import Mailbox, Way
from oscar_engage.jobs.reason import reason_of

TEMPLATES = "oscar_engage/dashboard/mailboxes/"
LIST = "engage_dashboard:engage-mailboxes"


class MailboxListView(View):
    """All mailboxes, and the mails that were refused last."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        now = timezone.now()
        context = {
            "mailboxes": list(read_mailboxes(now=now)),
            "refused": read_refused(),
            "reply_address": get_settings().reply_address,
            "now": now,
        }
        return render(request, TEMPLATES + "list.html", context)


class MailboxEditorView(View):
    """One mailbox's form; an address that names none is for a new one."""

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Show the form."""
        return self._page(MailboxForm(instance=_find(pk)))

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Save and go back to the list, or show what is wrong."""
        form = MailboxForm(request.POST, instance=_find(pk))
        if not form.is_valid():
            return self._page(form, status=422)
        with transaction.atomic(using=get_settings().database):
            saved = form.save()
            _record(request, "created" if pk is None else "changed", saved.pk, changed_names(form))
        messages.success(request, _("“%(name)s” is saved.") % {"name": saved})
        return redirect(LIST)

    def _page(self, form: MailboxForm, *, status: int = 200) -> HttpResponse:
        row = _find(form.instance.pk)  # as it is, for a form that was refused has changed its own
        context = {"form": form, "row": row, "heading": str(row) if row.pk else _("New mailbox"), "imap": Way.IMAP}
        return render(self.request, TEMPLATES + "edit.html", context, status=status)


class MailboxDeleteView(View):
    """Delete a mailbox."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete it; its conversations stay, and are answered from the shop's own address."""
        mailbox = get_object_or_404(Mailbox, pk=pk)
        with transaction.atomic(using=get_settings().database):
            mailbox.delete()
            _record(request, "deleted", pk)
        messages.success(request, _("“%(name)s” is deleted.") % {"name": mailbox})
        return redirect(LIST)


class MailboxTestView(View):
    """Try to reach the server, as it is saved."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Log in, look and log out again; say what came of it. Nothing is fetched."""
        mailbox = get_object_or_404(Mailbox, pk=pk)
        _record(request, "tested", pk)
        if mailbox.way != Way.IMAP:
            messages.info(
                request, _("Mails of “%(name)s” are handed over by the mail server: send one to try it.") % {"name": mailbox}
            )
            return redirect("engage_dashboard:engage-mailbox-edit", pk)
        try:
            ImapPostbox().open(mailbox).close()
        except (PostboxError, OSError, imaplib.IMAP4.error) as error:
            messages.error(
                request, _("“%(name)s” cannot be reached: %(reason)s") % {"name": mailbox, "reason": reason_of(error)}
            )
        else:
            messages.success(request, _("“%(name)s” can be reached, and its folder opened.") % {"name": mailbox})
        return redirect("engage_dashboard:engage-mailbox-edit", pk)


def _find(pk: int | None) -> Any:
    return Mailbox() if pk is None else get_object_or_404(Mailbox, pk=pk)


def _record(request: HttpRequest, what: str, pk: int, detail: Mapping[str, Any] | None = None) -> None:
    action, now = f"mailbox.{what}", timezone.now()
    record_action(actor=request.user, action=action, object_kind="mailbox", object_id=pk, now=now, detail=detail)
