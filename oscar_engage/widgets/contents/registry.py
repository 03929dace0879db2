"""Which contents are there? Every kind under its name; those that need the shop or the answers register themselves there."""

from django.utils.translation import gettext_lazy as _

from oscar_engage.core.registry import Registry
from oscar_engage.widgets.contents.base import Content

CONTENTS: Registry[Content] = Registry("content")


class Text(Content):
    """The words alone."""

    name = "text"
    label = _("Words only")


CONTENTS.register(Text.name, Text())
