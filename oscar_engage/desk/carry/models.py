"""Ready-made texts of the desk, and the files of messages."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from oscar_engage.core.ids import new_public_id
from oscar_engage.desk.models import Message, Queue


class CannedReply(models.Model):
    """A ready-made text: ``texts`` by language code, with placeholders (``carry.placeholders``).

    With a ``queue`` it is offered for what waits there, without one everywhere.
    """

    shortcut = models.SlugField(_("shortcut"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=80)
    texts = models.JSONField(_("texts"), default=dict)
    queue = models.ForeignKey(
        Queue, verbose_name=_("queue"), null=True, blank=True, on_delete=models.SET_NULL, related_name="canned_replies"
    )

    def __str__(self) -> str:
        return self.title


class Attachment(models.Model):
    """A file of a message: ``name`` as its sender called it, ``kind`` as we judged it, ``path`` its name in the storage."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=8)
    size = models.PositiveIntegerField()
    path = models.CharField(max_length=200, unique=True)

    def __str__(self) -> str:
        return self.name
