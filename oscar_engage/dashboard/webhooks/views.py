"""The pages of webhooks: the list, a form with the log for each, a test, and another secret."""

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
from oscar_engage.dashboard.trail.changes import changed_names
from oscar_engage.dashboard.webhooks.forms import WebhookForm
from oscar_engage.dashboard.webhooks.reading import count_dead, read_log, read_webhooks
from oscar_engage.webhooks.deliver import send_test
from oscar_engage.webhooks.models import WebhookSubscription
from oscar_engage.webhooks.secrets import rotate, secret_of

TEMPLATES = "oscar_engage/dashboard/webhooks/"
LIST, EDIT = "engage_dashboard:engage-webhooks", "engage_dashboard:engage-webhook-edit"


class WebhookListView(View):
    """All webhooks."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        return render(request, TEMPLATES + "list.html", {"webhooks": read_webhooks(), "dead": count_dead()})


class WebhookEditorView(View):
    """One webhook's form and log; an address that names none is for a new one."""

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Show the form."""
        return _page(request, WebhookForm(instance=_find(pk)))

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Save and show it, a new one with its secret; or say what is wrong."""
        form = WebhookForm(request.POST, instance=_find(pk))
        if not form.is_valid():
            return _page(request, form, status=422)
        with transaction.atomic(using=get_settings().database):
            form.instance.created_at = form.instance.created_at or timezone.now()
            saved = form.save()
            _record(request, "created" if pk is None else "changed", saved.pk, changed_names(form))
        messages.success(request, _("“%(name)s” is saved.") % {"name": saved})
        if pk is None:
            return _page(request, WebhookForm(instance=saved), secret=secret_of(saved))
        return redirect(EDIT, saved.pk)


class WebhookDeleteView(View):
    """Delete a webhook."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete it with its log; what is planned for it is not sent."""
        webhook = get_object_or_404(WebhookSubscription, pk=pk)
        with transaction.atomic(using=get_settings().database):
            webhook.delete()
            _record(request, "deleted", pk)
        messages.success(request, _("“%(name)s” is deleted.") % {"name": webhook})
        return redirect(LIST)


class WebhookTestView(View):
    """Send an event that means nothing."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send it now and say what came of it."""
        webhook = get_object_or_404(WebhookSubscription, pk=pk)
        _record(request, "tested", pk)
        told = send_test(webhook, now=timezone.now())
        if told.trouble:
            messages.error(request, _("The test event was not taken: %(trouble)s.") % {"trouble": told.trouble})
        else:
            messages.success(request, _("The test event was taken (status %(status)s).") % {"status": told.status})
        return redirect(EDIT, pk)


class WebhookSecretView(View):
    """Show the secret, or make another."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show it on the page that answers, and nowhere else; the trail says who saw it."""
        webhook, now = get_object_or_404(WebhookSubscription, pk=pk), timezone.now()
        with transaction.atomic(using=get_settings().database):
            is_new = request.POST.get("what") == "new"
            secret = rotate(webhook, now=now) if is_new else secret_of(webhook)
            _record(request, "secret_changed" if is_new else "secret_seen", pk)
        if is_new:
            messages.success(request, _("There is another secret. For a day requests are signed with both."))
        return _page(request, WebhookForm(instance=webhook), secret=secret)


def _page(request: HttpRequest, form: WebhookForm, *, secret: str = "", status: int = 200) -> HttpResponse:
    row = _find(form.instance.pk)  # as it is, for a form that was refused has changed its own
    log = read_log(row) if row.pk else ()
    heading = str(row) if row.pk else _("New webhook")
    context = {"form": form, "row": row, "heading": heading, "log": log, "secret": secret}
    return render(request, TEMPLATES + "edit.html", context, status=status)


def _find(pk: int | None) -> Any:
    return WebhookSubscription() if pk is None else get_object_or_404(WebhookSubscription, pk=pk)


def _record(request: HttpRequest, what: str, pk: int, detail: Mapping[str, Any] | None = None) -> None:
    action, now = f"webhook.{what}", timezone.now()
    record_action(actor=request.user, action=action, object_kind="webhook", object_id=pk, now=now, detail=detail)
