"""The least that a view can do to keep something: no middleware, one insert. What a beat is compared with."""

import json
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone

from oscar_engage.audit.models import AuditEntry


def keep(request: HttpRequest) -> HttpResponse:
    """Keep the word that was sent, in a row of a table with one more index than its key."""
    word = json.loads(request.body)["word"]
    AuditEntry.objects.create(at=timezone.now(), action="benchmark", object_kind="word", object_id=word)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


urlpatterns = [path("", keep)]
