"""The buttons of an article's life: publish, take back, delete, ask for approval, approve or send back."""

from abc import ABC, abstractmethod

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.generic import View

from oscar_engage.core.sentences import before_full_stop
from oscar_engage.helpcenter.approval import NotWaitingError, NotYoursError, approve, send_back, submit
from oscar_engage.helpcenter.models import HelpArticle
from oscar_engage.helpcenter.publish import ApprovalNeededError, delete, publish, unpublish

CHANGE = "engage_helpcenter.change_helparticle"


def publish_and_tell(request: HttpRequest, article: HelpArticle) -> None:
    """Publish the latest draft and say what became of it."""
    try:
        published = publish(article, user=request.user, now=timezone.now())
    except ApprovalNeededError:
        messages.error(request, _("Somebody else has to agree first: submit it for approval."))
        return
    if published.live and not published.has_unpublished_changes:
        messages.success(request, _("“%(name)s” is live.") % {"name": published})
        return
    planned = article.revisions.filter(approved_go_live_at__isnull=False).values_list("approved_go_live_at", flat=True).first()
    when = date_format(timezone.localtime(planned), "SHORT_DATETIME_FORMAT") if planned else ""
    messages.success(request, _("“%(name)s” goes live at %(when)s.") % {"name": published, "when": before_full_stop(when)})


class ArticleActionView(View, ABC):
    """One thing to do with an article; subclasses do it in :meth:`act`, and say so."""

    http_method_names = ["post"]

    @abstractmethod
    def act(self, request: HttpRequest, article: HelpArticle) -> None:
        """Do it and leave a message."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it; then go back to the article, in the form that this user may open."""
        article = get_object_or_404(HelpArticle.objects.select_related("locale", "latest_revision"), pk=pk)
        self.act(request, article)
        if not HelpArticle.objects.filter(pk=pk).exists():
            return redirect("engage_dashboard:engage-articles")
        page = "edit" if request.user.has_perm(CHANGE) else "history"
        return redirect(f"engage_dashboard:engage-article-{page}", pk)


class ArticlePublishView(ArticleActionView):
    """Have shoppers read the latest draft."""

    def act(self, request: HttpRequest, article: HelpArticle) -> None:
        """Publish it."""
        publish_and_tell(request, article)


class ArticleUnpublishView(ArticleActionView):
    """Have no shopper read it any more."""

    def act(self, request: HttpRequest, article: HelpArticle) -> None:
        """Take it back."""
        unpublish(article, user=request.user, now=timezone.now())
        messages.success(request, _("“%(name)s” is not live any more. The text is kept as a draft.") % {"name": article})


class ArticleDeleteView(ArticleActionView):
    """Delete it in its language."""

    def act(self, request: HttpRequest, article: HelpArticle) -> None:
        """Delete it; what is live is taken back first, by hand."""
        if article.live:
            messages.error(request, _("“%(name)s” is live. Take it back first.") % {"name": article})
            return
        name = str(article)
        delete(article, user=request.user, now=timezone.now())
        messages.success(request, _("“%(name)s” is deleted.") % {"name": name})


class ArticleSubmitView(ArticleActionView):
    """Ask that the latest draft be published."""

    def act(self, request: HttpRequest, article: HelpArticle) -> None:
        """Begin the workflow."""
        try:
            submit(article, user=request.user, now=timezone.now())
        except NotWaitingError:
            messages.error(request, _("There is nothing to submit: it waits already, or nobody has to agree."))
        else:
            messages.success(request, _("“%(name)s” waits for approval.") % {"name": article})


class ArticleDecideView(ArticleActionView):
    """Approve what was submitted, or send it back; who may is said by the workflow."""

    def act(self, request: HttpRequest, article: HelpArticle) -> None:
        """Do what was pressed."""
        comment = request.POST.get("comment", "").replace("\0", "").strip()
        is_approved = request.POST.get("do") == "approve"
        if not is_approved and not comment:
            messages.error(request, _("Say what is to be changed."))
            return
        try:
            if is_approved:
                approve(article, user=request.user, now=timezone.now())
            else:
                send_back(article, user=request.user, comment=comment, now=timezone.now())
        except NotWaitingError:
            messages.error(request, _("Nothing waits for approval here."))
        except NotYoursError:
            messages.error(request, _("This is for somebody else to decide: who asks cannot agree with themselves."))
        else:
            said = _("“%(name)s” is approved.") if is_approved else _("“%(name)s” is sent back.")
            messages.success(request, said % {"name": article})
