"""What may an agent who practises send us?"""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from oscar_engage.desk.practice.deal import MOST_AT_ONCE
from oscar_engage.desk.practice.models import DIFFICULTIES
from oscar_engage.desk.practice.registry import languages
from oscar_engage.desk.topics.models import Topic
from oscar_engage.storefront.forms import MessageText

_SELECT = {"class": "form-control"}


class BeginForm(forms.Form):
    """How many shoppers at once, how hard, in which language."""

    size = forms.TypedChoiceField(
        label=gettext_lazy("Shoppers at once"),
        choices=[(number, number) for number in range(1, MOST_AT_ONCE + 1)],
        coerce=int,
        widget=forms.Select(attrs=_SELECT),
    )
    difficulty = forms.ChoiceField(
        label=gettext_lazy("How hard"),
        choices=[("", gettext_lazy("a mixture")), *DIFFICULTIES],
        required=False,
        widget=forms.Select(attrs=_SELECT),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), widget=forms.Select(attrs=_SELECT))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict(settings.LANGUAGES)
        there = [(code, _(names[code]) if code in names else code) for code in languages()]
        self.fields["language"].choices = there  # type: ignore[attr-defined]  # a ChoiceField
        spoken = (get_language() or "en").partition("-")[0]
        self.fields["language"].initial = spoken if spoken in dict(there) else there[0][0]


class LineForm(forms.Form):
    """An answer; ``client_id`` is made with the form, so that sending it twice does no harm."""

    body = MessageText(
        label=gettext_lazy("Your answer"),
        widget=forms.Textarea(attrs={"rows": 4, "class": "form-control", "autocomplete": "off"}),
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    after = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


class TopicForm(forms.Form):
    """What it was about, where the shop has topics."""

    topic = forms.ChoiceField(label=gettext_lazy("Topic"))

    def __init__(self, *args: Any, topics: Sequence[Topic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not topics:
            del self.fields["topic"]
            return
        choices = [("", _("Choose a topic")), *((topic.slug, topic.name) for topic in topics)]
        self.fields["topic"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def get_topic(self) -> str:
        """Return the short name of what was chosen, empty where nothing is to be."""
        cleaned: dict[str, Any] = self.cleaned_data
        return str(cleaned.get("topic", ""))
