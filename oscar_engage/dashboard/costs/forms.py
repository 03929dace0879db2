"""What may be typed of costs? The columns of a period; empty minutes are not known, and a day begins one period."""

from typing import Any

from babel.numbers import list_currencies
from django import forms
from django.utils.translation import gettext_lazy as _

from oscar_engage.analytics.costs.models import CostPeriod

_HELP = {
    "starts_on": _("Costs hold from this day on, until the next ones begin. The days before keep theirs."),
    "currency": _("Three letters, such as EUR."),
    "agent_hour": _("What the shop pays for an hour of an agent, all in."),
    "chats_at_once": _("Where the minutes of a chat are measured, they are divided by this."),
    "chat_minutes": _("An agent's own time. Empty: as it is measured, once there are twenty chats."),
    "note_minutes": _("An agent's own time. Empty: not known, and then notes have no price."),
    "mail_minutes": _("Empty: not known."),
    "call_minutes": _("Empty: not known."),
    "note_fee": _("Beside the agent's time, for each."),
    "voucher": _("Handling of each; what it takes off orders is counted by itself."),
    "self_served": _("For each question that help without an agent answered: what the help centre costs, by question."),
    "before": _("What a contact cost where shoppers asked before, for savings. Empty: what one costs here."),
}


class CostForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """One period of costs."""

    class Meta:
        model = CostPeriod
        fields = (
            *("starts_on", "currency", "agent_hour", "chats_at_once"),
            *("note_minutes", "chat_minutes", "mail_minutes", "call_minutes"),
            *("note_fee", "chat_fee", "mail_fee", "call_fee"),
            *("voucher", "self_served", "before"),
        )
        help_texts = _HELP
        localized_fields = "__all__"
        error_messages = {
            "starts_on": {"unique": _("Costs from this day on are there already: change those, or type another day.")}
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget = forms.TextInput(attrs={"class": "form-control", "inputmode": "decimal"})
            if name == "currency":
                field.widget.attrs.update(inputmode="text", maxlength="3", autocomplete="off")
            if name == "starts_on":
                field.widget = forms.DateInput(attrs={"class": "form-control", "type": "date"}, format="%Y-%m-%d")
                field.localize = False
                field.widget.is_localized = False
            elif getattr(field, "localize", False):
                field.widget.is_localized = True

    def clean_currency(self) -> str:
        """Return the code, if there is such a currency."""
        code: str = self.cleaned_data["currency"].strip().upper()
        if code not in list_currencies():
            raise forms.ValidationError(_("There is no such currency. Type its three letters, such as EUR or GBP."))
        return code
