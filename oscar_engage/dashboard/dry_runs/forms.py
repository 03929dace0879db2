"""How far back is a dry run to look?"""

from django import forms
from django.utils.translation import gettext_lazy as _

from oscar_engage.decisions.dry_run.run import MOST_DAYS


class DryRunForm(forms.Form):
    """The number of days."""

    days = forms.IntegerField(
        label=_("Visits of the last … days"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=7,
        help_text=_("From 1 to 30. A hundred visits take about a second."),
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )
