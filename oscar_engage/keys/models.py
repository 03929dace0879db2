"""What is kept of a key? By what it is found, and the digest that shows that it is the right one."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ApiKey(models.Model):
    """A key of ``user``, who may do with it what they may do and what is in ``scopes``, whichever is less.

    ``prefix`` is the part that may be seen. The rest is random, so that a plain digest of it cannot be guessed back.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, db_constraint=False, on_delete=models.DO_NOTHING, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    scopes = models.JSONField(_("what it may do"), default=list)
    per_minute = models.PositiveIntegerField(_("requests a minute"), default=120)
    created_at = models.DateTimeField()
    used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
