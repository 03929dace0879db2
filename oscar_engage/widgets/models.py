"""What is offered: the content of an engagement."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Engagement(models.Model):
    """A widget with its words and its place; rules refer to it by ``slug``."""

    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    widget = models.CharField(_("widget"), max_length=16)
    title = models.CharField(_("title"), max_length=80)
    body = models.CharField(_("text"), max_length=400, blank=True)
    button = models.CharField(_("button"), max_length=40, blank=True)
    anchor = models.SlugField(
        _("page element"), max_length=64, blank=True, help_text=_("Where it points to, e.g. shipping-method.")
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.title
