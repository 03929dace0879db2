"""The list of articles and their editor: a plain form, a preview below it, and the other languages beside it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from oscar_engage.helpcenter.approval import read_approval
from oscar_engage.helpcenter.dashboard.forms import ArticleForm
from oscar_engage.helpcenter.dashboard.life_views import publish_and_tell
from oscar_engage.helpcenter.dashboard.listing import read_listing
from oscar_engage.helpcenter.models import PUBLISH_PERMISSION, HelpArticle, HelpTopic
from oscar_engage.helpcenter.publish import draft_of, locale_of, save_draft
from oscar_engage.helpcenter.state import scheduled_ids, state_of
from oscar_engage.helpcenter.translations import in_languages, original_of

TEMPLATES = "oscar_engage/helpcenter/dashboard/"
CHANGE_PERMISSION = "engage_helpcenter.change_helparticle"


class ArticleListView(View):
    """All articles, a row for each language."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show those that were asked for."""
        context = {
            "listing": read_listing(request.GET.dict()),
            "can_edit": request.user.has_perm(CHANGE_PERMISSION),
            "has_topics": HelpTopic.objects.exists(),
        }
        return render(request, TEMPLATES + "list.html", context)


class ArticleEditorView(View):
    """One article's form, filled with the latest draft; an address without a number is for a new one.

    ``?of=<slug>&language=<code>`` begins a translation.
    """

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Show the form."""
        row = self._find(pk)
        return self._page(row, self._form(row))

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Save the draft, and publish it if that was pressed; or only show a preview, or what is wrong."""
        row, wanted = self._find(pk), request.POST.get("do", "save")
        if wanted == "publish" and not request.user.has_perm(PUBLISH_PERMISSION):
            raise PermissionDenied
        form = self._form(row, request.POST)
        if not form.is_valid():
            return self._page(row, form, status=422)
        if wanted == "preview":
            return self._page(row, form, preview=form.instance)
        if row.locked:
            form.add_error(None, _("This article is locked in Wagtail. It can be changed when it is unlocked there."))
            return self._page(row, form, status=409)
        if pk is not None and read_approval(row, request.user).is_waiting:
            form.add_error(None, _("This article waits for approval, so its text stays as it is. Have it sent back first."))
            return self._page(row, form, status=409)
        if pk is not None and form.cleaned_data["revision"] != row.latest_revision_id:
            form.add_error(
                None, _("A colleague has saved this article meanwhile. Copy your text, open the page again, and put it in.")
            )
            return self._page(row, form, status=409)
        saved = self._save(form)
        messages.success(request, _("The draft of “%(name)s” is saved.") % {"name": saved})
        if wanted == "publish":
            publish_and_tell(request, HelpArticle.objects.get(pk=saved.pk))
        return redirect("engage_dashboard:engage-article-edit", saved.pk)

    def _save(self, form: ArticleForm) -> HelpArticle:
        article: HelpArticle = form.instance
        article.digest = ""  # from now on it is written by hand, and loading files leaves it alone
        if article._state.adding:
            article.locale = locale_of(form.cleaned_data["language"])
            others = HelpArticle.objects.filter(slug=article.slug).values_list("translation_key", flat=True)
            article.translation_key = next(iter(others), article.translation_key)
        save_draft(article, user=self.request.user, now=timezone.now())
        return article

    def _find(self, pk: int | None) -> HelpArticle:
        if pk is not None:
            return get_object_or_404(HelpArticle.objects.select_related("locale", "topic", "latest_revision"), pk=pk)
        original = self._original()
        if original is None:
            return HelpArticle()
        return HelpArticle(slug=original.slug, topic=original.topic, anchors=original.anchors)

    def _form(self, row: HelpArticle, data: Any = None) -> ArticleForm:
        language = self.request.GET.get("language", "") if row._state.adding and row.slug else ""
        return ArticleForm(data, instance=draft_of(row) if row.pk else row, language=language)

    def _original(self) -> HelpArticle | None:
        """Return what is to be translated, as the address says."""
        slug = self.request.GET.get("of", "")
        versions = HelpArticle.objects.filter(slug=slug).select_related("locale", "topic") if slug else ()
        return original_of(versions)

    def _page(self, row: HelpArticle, form: ArticleForm, *, preview: Any = None, status: int = 200) -> HttpResponse:
        slug = row.slug or self.request.GET.get("of", "")
        versions = list(HelpArticle.objects.filter(slug=slug).select_related("locale", "topic")) if slug else []
        original = original_of(versions)
        context = {
            "form": form,
            "row": row,
            "heading": row.title or (_("New translation") if versions else _("New help article")),
            "state": state_of(row, is_scheduled=row.pk in scheduled_ids([row])) if row.pk else None,
            "languages": in_languages(versions) if versions else (),
            "original": original if original is not None and original.pk != row.pk else None,
            "language": form["language"].value(),
            "preview": preview,
            "approval": read_approval(row, self.request.user) if row.pk else None,
            "can_publish": self.request.user.has_perm(PUBLISH_PERMISSION),
            "needs_approval": row.get_workflow() is not None,
        }
        return render(self.request, TEMPLATES + "edit.html", context, status=status)
