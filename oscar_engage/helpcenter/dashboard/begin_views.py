"""An article made of what an agent replied, of a question or of a search: the editor, filled. It saves nothing by itself."""

import uuid
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.text import slugify

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.desk.access import VIEW_PERMISSION, visible_to
from oscar_engage.desk.models import Conversation, Role
from oscar_engage.helpcenter.begin import Beginning, begin_with_reply, begin_with_search, language_of, question_of
from oscar_engage.helpcenter.dashboard.forms import ArticleForm
from oscar_engage.helpcenter.dashboard.views import ArticleEditorView
from oscar_engage.helpcenter.models import HelpArticle
from oscar_engage.signals.models import SignalRecord

SEARCHES = ("help.searched", "help.no_click")


class _FilledEditorView(ArticleEditorView):
    """The editor of a new article, filled from elsewhere when it is opened; posted, it is as any other."""

    beginning: Beginning | None = None

    def _fill(self, beginning: Beginning, *, kind: str, pk: object) -> HttpResponse:
        with transaction.atomic(using=get_settings().database):
            record_action(
                actor=self.request.user, action="help_article.begun", object_kind=kind, object_id=pk, now=timezone.now()
            )
        self.beginning = beginning
        row = self._find(None)
        return self._page(row, self._form(row))

    def _form(self, row: HelpArticle, data: Any = None) -> ArticleForm:
        if self.beginning is None:
            return super()._form(row, data)
        initial = self.beginning.as_initial()
        return ArticleForm(data, instance=row, initial={**initial, "slug": slugify(self.beginning.title)[:60].strip("-")})


class ArticleFromReplyView(_FilledEditorView):
    """Of an agent's reply, by its number in the conversation; without one, of the question and the latest reply, if any."""

    def get(self, request: HttpRequest, public_id: str, seq: int | None = None) -> HttpResponse:  # type: ignore[override]  # the address says which
        """Show the form with what was said, without who said it; 404 for what this user may not see."""
        conversation = _conversation(request.user, public_id)
        replies = conversation.messages.filter(role=Role.AGENT).exclude(body="").order_by("-seq")
        reply = get_object_or_404(replies, seq=seq) if seq is not None else replies.first()
        return self._fill(begin_with_reply(conversation, reply), kind="conversation", pk=conversation.pk)

    def post(self, request: HttpRequest, public_id: str, seq: int | None = None) -> HttpResponse:  # type: ignore[override]  # the address says which
        """Save as the editor does."""
        _conversation(request.user, public_id)
        return super().post(request)


class ArticleAddQuestionView(ArticleEditorView):
    """An article's form with one more line "how shoppers ask for it": the question of a conversation. Saved as any other."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:  # type: ignore[override]  # the address says which
        """Show the article that ``?article=<name in addresses>`` names, in the shopper's language; nothing is saved yet."""
        row, question = self._find(self._named(public_id).pk), question_of(_conversation(request.user, public_id))
        form = self._form(row)
        lines = [line for line in form.instance.asked.splitlines() if line.strip()]
        form.initial["asked"] = "\n".join(lines if question in lines else [*lines, question])
        return self._page(row, form)

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:  # type: ignore[override]  # the address says which
        """Save as the editor does."""
        return super().post(request, self._named(public_id).pk)

    def _named(self, public_id: str) -> HelpArticle:
        conversation = _conversation(self.request.user, public_id)
        slug, language = self.request.GET.get("article", ""), language_of(conversation)
        return get_object_or_404(HelpArticle, slug=slug, locale__language_code=language)


class ArticleFromSearchView(_FilledEditorView):
    """Of a search that led nowhere."""

    def get(self, request: HttpRequest, event_id: uuid.UUID) -> HttpResponse:  # type: ignore[override]  # the address says which
        """Show the form with what was searched for; 404 for who may not read shoppers' words."""
        signal = _search(request, event_id)
        return self._fill(begin_with_search(str(signal.payload.get("query", ""))), kind="signal", pk=signal.pk)

    def post(self, request: HttpRequest, event_id: uuid.UUID) -> HttpResponse:  # type: ignore[override]  # the address says which
        """Save as the editor does."""
        _search(request, event_id)
        return super().post(request)


def _conversation(user: AbstractBaseUser | AnonymousUser, public_id: str) -> Conversation:
    return get_object_or_404(visible_to(user).select_related("topic"), public_id=public_id)


def _search(request: HttpRequest, event_id: uuid.UUID) -> SignalRecord:
    if not request.user.has_perm(VIEW_PERMISSION):
        raise Http404
    return get_object_or_404(SignalRecord, event_id=event_id, kind__in=SEARCHES)
