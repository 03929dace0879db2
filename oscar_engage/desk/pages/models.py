"""The copies of pages that went with questions: a table of its own, read only when somebody looks."""

from django.db import models

from oscar_engage.desk.models import Conversation


class PageSnapshot(models.Model):
    """The masked copy of the page on which ``conversation`` began, ``html`` compressed by zlib.

    ``styles``: paths of the page's stylesheets. In CSS pixels: ``width`` and ``height`` of the window, ``scroll_x`` and
    ``scroll_y``, and ``pin``, left, top, width and height of the element asked about, or ``null``. ``size``: bytes of the
    markup before it was compressed.
    """

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="page_snapshot")
    html = models.BinaryField()
    styles = models.JSONField(default=list)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    scroll_x = models.IntegerField()
    scroll_y = models.IntegerField()
    pin = models.JSONField(null=True, blank=True)
    size = models.PositiveIntegerField()
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.size} bytes of {self.conversation_id}"
