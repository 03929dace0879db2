"""The problem types that agents choose from."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Topic(models.Model):
    """What a conversation can be about; one that is not active is no longer offered, and stays where it was chosen."""

    slug = models.SlugField(_("short name"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    is_active = models.BooleanField(_("in use"), default=True)

    def __str__(self) -> str:
        return self.name
