"""What is a content? Something that stands below an engagement's words: its settings, what it reads, how it looks."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise

from oscar_engage.widgets.scene import Scene

Settings = Mapping[str, Any]
"""What a merchandiser chose for one engagement: plain JSON, written by the kind's own form."""


class Content:
    """Base of all kinds; a shop's own subclass is registered with ``widgets.contents.registry.CONTENTS``."""

    name: ClassVar[str]
    """At most 16 characters."""
    label: ClassVar[str | Promise]
    template: ClassVar[str] = ""
    """What is shown below the words, given what :meth:`read` returns as ``content``; empty: nothing."""
    form_class: ClassVar[type[forms.Form]] = forms.Form
    """Its fields in the dashboard; they have to bear names that no other kind has, because they stand in one form."""
    asks: ClassVar[bool] = False
    """Whether :meth:`read` may ask the database; one that does not costs a beat nothing."""
    opens: ClassVar[str] = ""
    """URL name of what the button opens as a panel, where that is not the widget's own."""
    button: ClassVar[str | Promise] = ""
    """What the button says that a merchandiser gave no words; empty: there is none then."""

    def is_available(self) -> bool:
        """Whether the shop has what it takes; what is not available is not offered in the dashboard."""
        return True

    def read(self, settings: Settings, scene: Scene) -> Mapping[str, Any] | None:
        """Return what the template shows to this shopper now; ``None``: there is nothing, and so no offer."""
        return {}

    def example(self, settings: Settings) -> Mapping[str, Any]:
        """Return something like it for the preview in the dashboard, of nobody."""
        return {}
