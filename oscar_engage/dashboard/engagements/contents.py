"""What does an engagement hold beside its words? The part of the form that every kind of content brings itself."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oscar_engage.core.placeholders import PlaceholderError
from oscar_engage.dashboard.placeholder_words import braced, why_refused
from oscar_engage.widgets.contents.registry import CONTENTS
from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.placeholders import PLACEHOLDERS, check_words, names_for
from oscar_engage.widgets.registry import WIDGETS

PREFIX = "content"


def content_field() -> forms.ChoiceField:
    """Return the field that chooses the kind of content."""
    return forms.ChoiceField(
        label=_("Content"),
        required=False,
        widget=forms.Select(attrs={"class": "form-control"}),
        help_text=_("What stands below the words. Where there is nothing to show, the offer is not made."),
    )


def content_choices(engagement: Engagement) -> list[tuple[str, Any]]:
    """Return the kinds that the shop has what it takes for, and the one that was chosen before."""
    choices = [(kind.name, kind.label) for kind in CONTENTS if kind.is_available() or kind.name == engagement.content]
    known = {name for name, _label in choices}
    return choices if engagement.content in known else [*choices, (engagement.content, engagement.content)]


def settings_form(name: str, engagement: Engagement, data: Mapping[str, Any] | None) -> forms.Form:
    """Return the form of the kind ``name``, with what the engagement has if it is of that kind; without a kind, an empty one.

    Unbound where ``data`` is of a page that did not show this form yet.
    """
    if name not in CONTENTS:
        return forms.Form(data)
    form_class = CONTENTS.get(name).form_class
    needs_nothing = not any(field.required for field in form_class.base_fields.values())
    has_seen = data is not None and (needs_nothing or data.get(f"{PREFIX}-shown", name) == name)
    kept = engagement.settings if engagement.content == name else None
    # Not the class's own initial values but the kept ones; a form that was never seen has nothing typed in it.
    return form_class(data if has_seen else None, prefix=PREFIX, initial=kept or None)


def refusal_of(text: str, widget: str) -> str:
    """Return why a text of this widget cannot be saved, in words; empty if it can. To be asked of every translation, too."""
    is_for_all = widget in WIDGETS and WIDGETS.get(widget).is_for_all
    try:
        check_words(text, is_for_all=is_for_all)
    except PlaceholderError as error:
        return why_refused(error, names_for(is_for_all=is_for_all))
    return ""


def known_placeholders() -> Iterator[tuple[str, Any, str]]:
    """Give each placeholder as it is typed, what it is, and what it looks like."""
    for one in PLACEHOLDERS:
        yield braced(one.name), one.label, one.example()
