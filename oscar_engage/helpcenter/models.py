"""Topics and articles. Articles are snippets of Wagtail's: so are their drafts, revisions, schedule, workflow and search."""

from collections.abc import Collection
from typing import Any

from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    Task,
    TaskState,
    TranslatableMixin,
    Workflow,
    WorkflowMixin,
    WorkflowTask,
)
from wagtail.search import index

from oscar_engage.conf import get_settings
from oscar_engage.helpcenter.markup import LONGEST, Block, parse, wrong_links

PUBLISH_PERMISSION = "engage_helpcenter.publish_helparticle"


class HelpTopic(models.Model):
    """What articles are about; ``names`` by language code."""

    slug = models.SlugField(_("name in addresses"), max_length=60, unique=True)
    names = models.JSONField(_("names"), default=dict)
    order = models.PositiveIntegerField(_("place"), default=0)

    class Meta:
        ordering = ("order", "slug")
        verbose_name = _("help topic")
        verbose_name_plural = _("help topics")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language of the moment, else in the shop's, else in any."""
        for code in (get_language() or "", django_settings.LANGUAGE_CODE):
            for known in (code, code.split("-")[0]):
                if self.names.get(known):
                    return str(self.names[known])
        return str(next(iter(self.names.values()), self.slug))


def check_body(text: str) -> None:
    """Refuse a text in which a link leads where nobody may be led."""
    for href in wrong_links(text):
        raise ValidationError(gettext("Nobody can be led to “%(href)s”: begin with / or https://.") % {"href": href})


class HelpArticle(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    TranslatableMixin,
    index.Indexed,
    models.Model,
):
    """One article in one language. Its translations have the same ``slug``, and the same key of Wagtail's.

    What shoppers read is the row while it is ``live``; what is being written is the latest revision. ``digest`` is of the file
    it was last loaded from, empty for what was written by hand.
    """

    slug = models.SlugField(_("name in addresses"), max_length=60)
    title = models.CharField(_("title"), max_length=160)
    summary = models.CharField(_("summary"), max_length=300)
    words = models.CharField(_("what people call it"), max_length=500, blank=True)
    asked = models.TextField(_("how shoppers ask for it"), max_length=2000, blank=True)
    anchors = models.CharField(_("places it explains"), max_length=300, blank=True)
    body = models.TextField(_("text"), max_length=LONGEST, validators=[check_body])
    topic = models.ForeignKey(HelpTopic, verbose_name=_("topic"), on_delete=models.PROTECT, related_name="articles")
    digest = models.CharField(max_length=64, blank=True, editable=False)

    search_auto_update = False  # Wagtail's way goes through a broker, and a broker that is away would stop the saving
    search_fields = [
        index.SearchField("title", boost=4),
        index.SearchField("words", boost=4),
        index.SearchField("summary", boost=2),
        index.SearchField("body"),
        index.FilterField("live"),
        index.FilterField("locale_id"),
    ]

    class Meta(TranslatableMixin.Meta):
        ordering = ("title", "pk")
        verbose_name = _("help article")
        verbose_name_plural = _("help articles")
        permissions = (("publish_helparticle", "Can publish help articles"),)
        constraints = (models.UniqueConstraint("slug", "locale", name="engage_article_once_a_language"),)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return where shoppers read it."""
        return reverse("engage:help-article", args=[self.slug])

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The text as a template writes it."""
        return parse(self.body)

    @property
    def lead(self) -> str:
        """The summary, where the text does not say the same again: one made of a reply begins so."""
        return "" if " ".join(self.summary.split()) in " ".join(self.body.split()) else self.summary

    @property
    def language(self) -> str:
        """The language code it is written in."""
        return str(self.locale.language_code)

    def get_workflow(self) -> Workflow | None:
        """Return the shop's own workflow for articles, else ours where the setting ``ARTICLE_APPROVAL`` says so."""
        own: Workflow | None = super().get_workflow()
        if own is not None or not get_settings().article_approval:
            return own
        return approval_workflow()

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        """Wagtail's own preview shows the article as a page of the shop."""
        return "oscar_engage/helpcenter/preview.html"

    def get_preview_context(self, request: Any, mode_name: str) -> dict[str, Any]:
        """Return what the template asks for."""
        return {"article": self, "title": self.title, "layout": "oscar_engage/storefront/page.html", "is_preview": True}


@receiver(post_save, sender=HelpArticle, dispatch_uid="engage_helpcenter_index")
def _index(instance: HelpArticle, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        index.insert_or_update_object(instance)


@receiver(post_delete, sender=HelpArticle, dispatch_uid="engage_helpcenter_unindex")
def _unindex(instance: HelpArticle, **kwargs: Any) -> None:
    index.remove_object(instance)


class ArticleApproval(Task):
    """A step of Wagtail's workflow: somebody else who may publish articles has to agree."""

    class Meta:
        verbose_name = _("approval of a help article")
        verbose_name_plural = _("approvals of help articles")

    def get_actions(self, obj: HelpArticle, user: Any) -> list[tuple[str, str, bool]]:
        """Return what ``user`` may do: nothing with what they asked for themselves, for four eyes see more than two."""
        state = obj.current_workflow_state
        if not user.has_perm(PUBLISH_PERMISSION) or (state and state.requested_by_id == user.pk):
            return []
        return [("reject", gettext("Send back"), True), ("approve", gettext("Approve"), False)]

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> models.QuerySet[TaskState]:
        """Return what waits for ``user``: what others asked for."""
        states = TaskState.objects.filter(task_id=self.pk, status=TaskState.STATUS_IN_PROGRESS)
        mine: models.QuerySet[TaskState] = states.exclude(workflow_state__requested_by=user)
        return mine if user.has_perm(PUBLISH_PERMISSION) else states.none()

    @classmethod
    def get_description(cls) -> str:
        """Return what Wagtail's own pages say about it."""
        return gettext("Somebody else who may publish help articles agrees")


APPROVAL = "Help articles: somebody else agrees"


def approval_workflow() -> Workflow:
    """Return the workflow with our one step; the first call makes it."""
    with transaction.atomic():  # without its step, a workflow would agree to everything
        workflow, is_new = Workflow.objects.get_or_create(name=APPROVAL, defaults={"active": True})
        if is_new:
            WorkflowTask.objects.create(workflow=workflow, task=ArticleApproval.objects.create(name=APPROVAL), sort_order=0)
    return workflow


def languages() -> Collection[tuple[str, str]]:
    """Return the shop's languages: code and name."""
    return [(code, str(name)) for code, name in django_settings.LANGUAGES]
