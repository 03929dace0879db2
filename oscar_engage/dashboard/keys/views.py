"""The pages of keys: those of the reader, a new one that is shown once, and its end."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.dashboard.keys.forms import KeyForm
from oscar_engage.keys.models import ApiKey
from oscar_engage.keys.store import SCOPES, end_key, make_key

TEMPLATES = "oscar_engage/dashboard/keys/"
LIST = "engage_dashboard:engage-keys"


class KeyListView(View):
    """All keys, and the form of a new one."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        return _page(request, KeyForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make one that acts as the reader, and show it on the page that answers, and nowhere else."""
        form, now = KeyForm(request.POST), timezone.now()
        if not form.is_valid():
            return _page(request, form, status=422)
        with transaction.atomic(using=get_settings().database):
            key, text = make_key(request.user, **form.cleaned_data, now=now)
            _record(request, "made", key, {"scopes": key.scopes})
        messages.success(request, _("“%(name)s” is made.") % {"name": key})
        return _page(request, KeyForm(), text=text)


class KeyRevokeView(View):
    """End a key."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have it open nothing any more, at once; whoever may make keys ends any."""
        key = get_object_or_404(ApiKey, pk=pk)
        with transaction.atomic(using=get_settings().database):
            end_key(key, now=timezone.now())
            _record(request, "revoked", key, {})
        messages.success(request, _("“%(name)s” opens nothing any more.") % {"name": key})
        return redirect(LIST)


def schema_address() -> str:
    """Return where the interface is described; empty where the shop has not mounted it."""
    try:
        return reverse("engage_api:schema")
    except NoReverseMatch:
        return ""


def _page(request: HttpRequest, form: KeyForm, *, text: str = "", status: int = 200) -> HttpResponse:
    keys = list(ApiKey.objects.order_by("revoked_at", "name", "pk"))
    people: Any = get_user_model()._default_manager.in_bulk({key.user_id for key in keys})  # maybe another database: not joined
    rows = [(key, people.get(key.user_id), [SCOPES.get(scope, scope) for scope in key.scopes]) for key in keys]
    context = {"form": form, "rows": rows, "text": text, "schema": schema_address()}
    return render(request, TEMPLATES + "list.html", context, status=status)


def _record(request: HttpRequest, what: str, key: ApiKey, detail: dict[str, Any]) -> None:
    told = {**detail, "prefix": key.prefix}
    record_action(
        actor=request.user, action=f"key.{what}", object_kind="key", object_id=key.pk, now=timezone.now(), detail=told
    )
